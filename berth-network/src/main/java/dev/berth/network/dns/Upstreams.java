package dev.berth.network.dns;

import java.util.List;

/** Whom a sandbox's questions are passed on to, and what is known of their answers. */
final class Upstreams {
  private static final int CACHED_ANSWERS = 4096;

  private final HostServers hostServers;
  private final AnswerCache hostCache = new AnswerCache(CACHED_ANSWERS);
  private final ServerHealth health = new ServerHealth();

  Upstreams(DnsSettings settings) {
    this.hostServers =
        new HostServers(settings.hostFile(), settings.hostFileBehindStub(), hostCache::clear);
  }

  ServerHealth health() {
    return health;
  }

  /** The servers to ask, the best first. */
  List<Upstream> of(OpenSandbox sandbox) {
    long now = System.nanoTime();
    return health.order(sandbox, servers(sandbox, now), now);
  }

  private List<Upstream> servers(OpenSandbox sandbox, long nowNanos) {
    DnsSandbox.Forwarding forwarding = sandbox.description().forwarding();
    List<Upstream> own = forwarding.upstreams();
    return own == null ? hostServers.current(forwarding.ipv6(), nowNanos) : own;
  }

  /**
   * Where answers for a sandbox are kept. What was asked from inside of a sandbox is never given to
   * another one: a container can forge the answers that come to its own namespace.
   */
  AnswerCache cache(OpenSandbox sandbox) {
    List<Upstream> servers = servers(sandbox, System.nanoTime());
    return servers.stream().allMatch(Upstream::fromHost) ? hostCache : sandbox.cache(servers);
  }
}
