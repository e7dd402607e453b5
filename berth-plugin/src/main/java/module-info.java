/** Programs beside the engine that speak Docker's plugin protocol: found, greeted and called. */
module dev.berth.plugin {
  requires static transitive org.jspecify;
  requires transitive dev.berth.core;
  requires transitive com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.core;

  exports dev.berth.plugin;
}
