package dev.berth.server;

import io.netty.channel.Channel;

/**
 * Whether a connection's socket is read: it is not while any of two places holds too much that was
 * read already. Both say so here, on the event loop, so that the last word of one never undoes the
 * other's.
 */
final class ReadGate {
  private final Channel channel;
  private boolean queueFull;
  private boolean undecodedFull;

  ReadGate(Channel channel) {
    this.channel = channel;
  }

  /** The queue of decoded messages holds too much, or no longer. */
  void queueFull(boolean full) {
    queueFull = full;
    apply();
  }

  /** Bytes of a later request wait behind the one that is being served, or no longer. */
  void undecodedFull(boolean full) {
    undecodedFull = full;
    apply();
  }

  private void apply() {
    if (!channel.eventLoop().inEventLoop()) {
      throw new IllegalStateException("reading is regulated on the event loop alone");
    }
    channel.config().setAutoRead(!queueFull && !undecodedFull);
  }
}
