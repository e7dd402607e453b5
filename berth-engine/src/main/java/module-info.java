/** Joins the features: container life, exec, logs, health, events. */
module dev.berth.engine {
  requires static transitive org.jspecify;
  requires transitive dev.berth.archive;
  requires transitive dev.berth.build;
  requires transitive dev.berth.core;
  requires transitive dev.berth.linux;
  requires transitive dev.berth.store;
  requires transitive dev.berth.image;
  requires transitive dev.berth.runtime;
  requires transitive dev.berth.network;
  requires transitive dev.berth.volume;

  exports dev.berth.engine;
}
