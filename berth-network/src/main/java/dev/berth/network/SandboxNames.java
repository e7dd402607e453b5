package dev.berth.network;

import dev.berth.network.dns.DnsEndpoint;
import dev.berth.network.dns.DnsSandbox;
import dev.berth.network.dns.DnsService;
import dev.berth.network.dns.Upstream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the name server of sandboxes and their endpoints. */
final class SandboxNames {
  private final DnsService dns;
  private final ResolverFile resolver;

  SandboxNames(DnsService dns, NetworkSettings.DnsSettings defaults) {
    this.dns = dns;
    this.resolver = new ResolverFile(defaults);
  }

  /** Serves a sandbox that has a network with names, or takes an existing one over. */
  void open(Sandbox sandbox, SandboxSpec spec, List<Endpoint> endpoints) {
    if (Sandbox.hasNames(endpoints)) {
      dns.open(describe(sandbox, spec, endpoints));
    }
  }

  /** The networks of a served sandbox have changed. */
  void update(Sandbox sandbox, Sandbox.State before, Sandbox.State after) {
    boolean served = Sandbox.hasNames(before.endpoints());
    boolean serve = Sandbox.hasNames(after.endpoints());
    if (served && serve) {
      dns.update(describe(sandbox, after.spec(), after.endpoints()));
    } else if (serve) {
      open(sandbox, after.spec(), after.endpoints());
    } else if (served) {
      dns.shut(sandbox.id());
    }
  }

  /** Stops serving a sandbox. */
  void shut(Sandbox sandbox) {
    dns.shut(sandbox.id());
  }

  /** Others find the endpoint from now on. */
  void register(Endpoint endpoint) {
    EndpointStatus status = endpoint.status();
    if (!status.dnsNames().isEmpty()) {
      dns.register(
          status.networkId(),
          new DnsEndpoint(status.id(), status.dnsNames(), endpoint.addresses()));
    }
  }

  /** Nobody finds the endpoint any more. */
  void unregister(Endpoint endpoint) {
    if (!endpoint.status().dnsNames().isEmpty()) {
      dns.unregister(endpoint.status().networkId(), endpoint.status().id());
    }
  }

  private DnsSandbox describe(Sandbox sandbox, SandboxSpec wish, List<Endpoint> endpoints) {
    SandboxSpec spec = wish.withDns(Sandbox.resolver(wish, endpoints));
    boolean internalOnly =
        endpoints.stream()
            .allMatch(endpoint -> endpoint.network().network().spec().flags().internal());
    return new DnsSandbox(
        sandbox.id(),
        Path.of(sandbox.key()),
        Sandbox.attachments(endpoints),
        new DnsSandbox.Forwarding(
            upstreams(spec), internalOnly, Sandbox.hasIpv6(endpoints), resolver.ndotsGiven(spec)));
  }

  private @Nullable List<Upstream> upstreams(SandboxSpec spec) {
    List<InetAddress> servers = resolver.servers(spec);
    return servers.isEmpty()
        ? null
        : servers.stream().map(address -> new Upstream(address, false)).toList();
  }
}
