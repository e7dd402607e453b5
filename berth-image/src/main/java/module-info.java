/** References, content, layers, storage drivers and registries. */
module dev.berth.image {
  requires static transitive org.jspecify;
  requires transitive dev.berth.archive;
  requires transitive dev.berth.core;
  requires transitive dev.berth.linux;
  requires transitive dev.berth.store;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.core;
  requires java.net.http;

  exports dev.berth.image;
}
