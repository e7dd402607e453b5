package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.ipam.IpText;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes {@code /etc/hosts} as Docker does. */
final class HostsFile {
  private static final String HOST_GATEWAY = "host-gateway";
  private static final String IPV4_STANDARD = "127.0.0.1\tlocalhost\n";
  private static final String IPV6_STANDARD =
      """
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::\tip6-localnet
      ff00::\tip6-mcastprefix
      ff02::1\tip6-allnodes
      ff02::2\tip6-allrouters
      """;
  private static final List<String> IPV6_SWITCHES =
      List.of("net.ipv6.conf.all.disable_ipv6", "net.ipv6.conf.lo.disable_ipv6");

  private final List<String> hostGateways;
  private final Function<String, List<InetAddress>> linkedAddresses;

  /**
   * @param hostGateways what {@code host-gateway} stands for
   * @param linkedAddresses the addresses on the default bridge of a container
   */
  HostsFile(List<String> hostGateways, Function<String, List<InetAddress>> linkedAddresses) {
    this.hostGateways = hostGateways;
    this.linkedAddresses = linkedAddresses;
  }

  /** The file of a container with these endpoints. */
  String of(SandboxSpec spec, List<Endpoint> endpoints) {
    boolean ipv6 = !ipv6Disabled(spec);
    StringBuilder text = new StringBuilder(IPV4_STANDARD);
    text.append(ipv6 ? IPV6_STANDARD : "");
    appendExtra(text, spec, ipv6);
    for (SandboxSpec.LegacyLink link : spec.hosts().links()) {
      append(text, linkedAddresses.apply(link.containerId()), names(link), ipv6);
    }
    String names = ownNames(spec);
    for (Endpoint endpoint : endpoints) {
      append(text, endpoint.addresses(), names, ipv6);
    }
    return text.toString();
  }

  /** Whether the container's own loopback has no IPv6. */
  private static boolean ipv6Disabled(SandboxSpec spec) {
    return IPV6_SWITCHES.stream().anyMatch(name -> "1".equals(spec.sysctls().get(name)));
  }

  private static void append(
      StringBuilder text, List<InetAddress> addresses, String names, boolean ipv6) {
    for (InetAddress address : addresses) {
      if (ipv6 || !(address instanceof Inet6Address)) {
        line(text, Addresses.text(address), names);
      }
    }
  }

  private void appendExtra(StringBuilder text, SandboxSpec spec, boolean ipv6) {
    for (String extra : spec.hosts().extra()) {
      int colon = extra.indexOf(':');
      if (colon < 0) {
        throw EngineException.invalid("bad format for add-host: \"" + extra + "\"");
      }
      String name = extra.substring(0, colon);
      for (String address : addresses(extra.substring(colon + 1))) {
        if (ipv6 || address.indexOf(':') < 0) {
          line(text, address, name);
        }
      }
    }
  }

  private List<String> addresses(String text) {
    if (!text.equals(HOST_GATEWAY)) {
      boolean bracketed = text.startsWith("[") && text.endsWith("]");
      return List.of(bracketed ? text.substring(1, text.length() - 1) : text);
    }
    if (hostGateways.isEmpty()) {
      throw EngineException.internal("unable to derive the IP value for host-gateway", null);
    }
    return hostGateways;
  }

  private static String names(SandboxSpec.LegacyLink link) {
    List<String> names = new ArrayList<>();
    names.add(link.alias());
    names.add(Ids.shortId(link.containerId()));
    if (!link.containerName().equals(link.alias())) {
      names.add(link.containerName());
    }
    return String.join(" ", names);
  }

  /** The whole name, and what stands before its first dot. */
  private static String ownNames(SandboxSpec spec) {
    String domain = spec.domainname().isEmpty() ? "" : "." + spec.domainname();
    String whole = spec.hostname() + domain;
    int dot = whole.indexOf('.');
    return dot < 0 ? whole : whole + " " + whole.substring(0, dot);
  }

  private static void line(StringBuilder text, String address, String names) {
    String shown = IpText.parse(address).map(Addresses::text).orElse(address);
    text.append(shown).append('\t').append(names).append('\n');
  }
}
