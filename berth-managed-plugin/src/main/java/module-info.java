/** Plugins that are installed from registries and run by the engine. */
module dev.berth.plugin.managed {
  requires static transitive org.jspecify;
  requires transitive dev.berth.core;
  requires transitive dev.berth.image;
  requires transitive dev.berth.plugin;
  requires transitive dev.berth.runtime;
  requires transitive dev.berth.store;
  requires dev.berth.archive;
  requires dev.berth.linux;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;

  exports dev.berth.plugin.managed;

  opens dev.berth.plugin.managed to
      com.fasterxml.jackson.databind;
}
