/** Words that every feature shares: errors, ids, the undo stack, events. */
module dev.berth.core {
  requires static transitive org.jspecify;

  exports dev.berth.core;
}
