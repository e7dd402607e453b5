/**
 * What the tests of all modules share: fresh namespaces, descriptor-leak checks, fault injection.
 */
module dev.berth.testing {
  requires static transitive org.jspecify;
  requires transitive dev.berth.core;
  requires transitive dev.berth.linux;
  requires transitive org.junit.jupiter.api;

  exports dev.berth.testing;

  provides org.junit.jupiter.api.extension.Extension with
      dev.berth.testing.TimeGiven;
}
