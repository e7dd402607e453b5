package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.ipam.IpText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes {@code /etc/hosts} as Docker does. */
final class HostsFile {
  private static final String HOST_GATEWAY = "host-gateway";
  private static final String STANDARD =
      """
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::\tip6-localnet
      ff00::\tip6-mcastprefix
      ff02::1\tip6-allnodes
      ff02::2\tip6-allrouters
      """;

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

  /** The file of a container with a namespace of its own. */
  String of(SandboxSpec spec, List<Endpoint> endpoints) {
    StringBuilder text = new StringBuilder(STANDARD);
    appendExtra(text, spec);
    for (SandboxSpec.LegacyLink link : spec.hosts().links()) {
      String names = names(link);
      for (InetAddress address : linkedAddresses.apply(link.containerId())) {
        line(text, Addresses.text(address), names);
      }
    }
    String names = ownNames(spec);
    for (Endpoint endpoint : endpoints) {
      for (InetAddress address : endpoint.addresses()) {
        line(text, Addresses.text(address), names);
      }
    }
    return text.toString();
  }

  /** The file of a container that shares the engine's namespace. */
  String onHost(String hostsFile, SandboxSpec spec) {
    StringBuilder text = new StringBuilder(hostsFile);
    if (!hostsFile.isEmpty() && !hostsFile.endsWith("\n")) {
      text.append('\n');
    }
    appendExtra(text, spec);
    return text.toString();
  }

  private void appendExtra(StringBuilder text, SandboxSpec spec) {
    for (String extra : spec.hosts().extra()) {
      int colon = extra.indexOf(':');
      if (colon < 0) {
        throw EngineException.invalid("bad format for add-host: \"" + extra + "\"");
      }
      String name = extra.substring(0, colon);
      for (String address : addresses(extra.substring(colon + 1))) {
        line(text, address, name);
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

  private static String ownNames(SandboxSpec spec) {
    return spec.domainname().isEmpty()
        ? spec.hostname()
        : spec.hostname() + "." + spec.domainname() + " " + spec.hostname();
  }

  private static void line(StringBuilder text, String address, String names) {
    String shown = IpText.parse(address).map(Addresses::text).orElse(address);
    text.append(shown).append('\t').append(names).append('\n');
  }
}
