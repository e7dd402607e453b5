/** Volumes, mount points and their drivers. */
module dev.berth.volume {
  requires static transitive org.jspecify;
  requires transitive dev.berth.archive;
  requires transitive dev.berth.core;
  requires transitive dev.berth.linux;
  requires transitive dev.berth.plugin;
  requires transitive dev.berth.store;
  requires com.fasterxml.jackson.databind;

  exports dev.berth.volume;
}
