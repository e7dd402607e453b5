package dev.berth.network.dns;

import java.util.HashMap;
import java.util.Map;

/** A sandbox that is being served. */
final class OpenSandbox implements AutoCloseable {
  private final SandboxSockets sockets;
  private final Map<Upstream, UpstreamSocket> upstreamSockets = new HashMap<>();
  private volatile DnsSandbox description;

  OpenSandbox(DnsSandbox description, SandboxSockets sockets) {
    this.description = description;
    this.sockets = sockets;
  }

  DnsSandbox description() {
    return description;
  }

  void describe(DnsSandbox changed) {
    description = changed;
  }

  SandboxSockets sockets() {
    return sockets;
  }

  /** The sockets for asking others; only for the thread that serves. */
  Map<Upstream, UpstreamSocket> upstreamSockets() {
    return upstreamSockets;
  }

  @Override
  public void close() {
    sockets.close();
  }
}
