package dev.berth.network.dns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which servers have not answered lately: they are asked last for a while, so that one that is gone
 * does not delay every question. Safe for use by several threads.
 */
final class ServerHealth {
  private static final Duration AVOIDED = Duration.ofSeconds(10);
  private static final int MOST = 1024;

  /** A server as one sandbox, or the host, reaches it. */
  private record Way(String sandboxId, Upstream upstream) {}

  private final Map<Way, Long> silentUntil = new HashMap<>();

  private static Way way(OpenSandbox sandbox, Upstream upstream) {
    return new Way(upstream.fromHost() ? "" : sandbox.description().sandboxId(), upstream);
  }

  /** It did not answer. */
  synchronized void silent(OpenSandbox sandbox, Upstream upstream, long nowNanos) {
    if (silentUntil.size() >= MOST) {
      silentUntil.clear();
    }
    silentUntil.put(way(sandbox, upstream), nowNanos + AVOIDED.toNanos());
  }

  /** It did. */
  synchronized void answered(OpenSandbox sandbox, Upstream upstream) {
    if (!silentUntil.isEmpty()) {
      silentUntil.remove(way(sandbox, upstream));
    }
  }

  /** The servers in the order they are best asked: the given one, but the silent ones last. */
  synchronized List<Upstream> order(OpenSandbox sandbox, List<Upstream> upstreams, long nowNanos) {
    if (silentUntil.isEmpty() || upstreams.size() < 2) {
      return upstreams;
    }
    List<Upstream> good = new ArrayList<>();
    List<Upstream> silent = new ArrayList<>();
    for (Upstream upstream : upstreams) {
      Long until = silentUntil.get(way(sandbox, upstream));
      (until == null || until - nowNanos <= 0 ? good : silent).add(upstream);
    }
    good.addAll(silent);
    return good;
  }
}
