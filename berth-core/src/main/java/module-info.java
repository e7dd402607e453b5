/** Words that every feature shares: errors, ids, the undo stack, events. */
module dev.berth.core {
  requires static transitive org.jspecify;
  requires jdk.unsupported;

  exports dev.berth.core;
}
