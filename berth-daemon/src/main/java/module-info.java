/** bin/berthd: configuration, wiring, start and stop. */
module dev.berth.daemon {
  requires static transitive org.jspecify;
  requires transitive dev.berth.core;
  requires dev.berth.linux;
  requires transitive dev.berth.metrics;
  requires transitive dev.berth.plugin;
  requires transitive dev.berth.plugin.managed;
  requires transitive dev.berth.store;
  requires transitive dev.berth.image;
  requires transitive dev.berth.runtime;
  requires transitive dev.berth.network;
  requires transitive dev.berth.volume;
  requires transitive dev.berth.engine;
  requires transitive dev.berth.server;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.core;

  provides System.LoggerFinder with
      dev.berth.daemon.EngineLog;
}
