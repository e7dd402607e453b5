package dev.berth.network;

import dev.berth.network.dns.ContainerResolvConf;
import dev.berth.network.dns.ResolvConf;
import dev.berth.network.ipam.IpText;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses the {@code /etc/resolv.conf} of a container. */
final class ResolverFile {
  private final NetworkSettings.DnsSettings defaults;

  ResolverFile(NetworkSettings.DnsSettings defaults) {
    this.defaults = defaults;
  }

  /** The file of a container with these endpoints. */
  String of(SandboxSpec wish, List<Endpoint> endpoints) {
    SandboxSpec spec = wish.withDns(Sandbox.resolver(wish, endpoints));
    ResolvConf host = ResolvConf.ofHost();
    ResolvConf.Overrides overrides = overrides(spec);
    if (spec.mode().kind() == NetworkMode.Kind.HOST) {
      return ContainerResolvConf.ofHostNetwork(host, overrides).text();
    }
    boolean ipv6 = Sandbox.hasIpv6(endpoints);
    return Sandbox.hasNames(endpoints)
        ? ContainerResolvConf.withNameServer(host, overrides, ipv6).text()
        : ContainerResolvConf.direct(host, overrides, ipv6).text();
  }

  /** What the user or the engine's settings say instead of the host's file. */
  private ResolvConf.Overrides overrides(SandboxSpec spec) {
    List<InetAddress> servers = servers(spec);
    return new ResolvConf.Overrides(
        servers.isEmpty() ? null : servers,
        first(spec.dns().search(), defaults.search()),
        first(spec.dns().options(), defaults.options()));
  }

  /** The servers that are asked instead of the host's; empty for those. */
  List<InetAddress> servers(SandboxSpec spec) {
    List<String> own = spec.dns().servers();
    List<String> texts = own.isEmpty() ? defaults.servers() : own;
    return texts.stream().flatMap(text -> IpText.parse(text).stream()).toList();
  }

  /** Whether user, settings or host say how many dots a name has that needs no completion. */
  boolean ndotsGiven(SandboxSpec spec) {
    List<String> given = overrides(spec).options();
    List<String> options = given == null ? ResolvConf.ofHost().options() : given;
    return options.stream().anyMatch(option -> option.startsWith("ndots:"));
  }

  private static @Nullable List<String> first(List<String> own, List<String> otherwise) {
    if (!own.isEmpty()) {
      return own;
    }
    return otherwise.isEmpty() ? null : otherwise;
  }
}
