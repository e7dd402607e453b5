package dev.berth.network;

import java.util.List;
import java.util.Map;

/**
 * A container's wish for its network namespace.
 *
 * @param containerId 64 hexadecimal digits
 * @param name the container's name without a leading slash
 * @param hostname its host name
 * @param domainname its domain, or empty
 * @param mode whose namespace
 * @param endpoints in the order the interfaces are numbered; for the modes host and none one
 *     endpoint on the network of that name, for the mode container none
 * @param dns resolver settings; an empty list means the engine's own
 * @param hosts what goes into {@code /etc/hosts}
 * @param sysctls kernel parameters {@code net.*} to set inside
 * @param ports what is exposed and published
 */
public record SandboxSpec(
    String containerId,
    String name,
    String hostname,
    String domainname,
    NetworkMode mode,
    List<EndpointSpec> endpoints,
    NetworkSettings.DnsSettings dns,
    Hosts hosts,
    Map<String, String> sysctls,
    Ports ports) {

  /** Copies the collections. */
  public SandboxSpec {
    endpoints = List.copyOf(endpoints);
    sysctls = Map.copyOf(sysctls);
  }

  /** A container with all defaults on these networks. */
  public static SandboxSpec of(String containerId, String name, EndpointSpec... endpoints) {
    return new SandboxSpec(
        containerId,
        name,
        containerId.substring(0, Math.min(12, containerId.length())),
        "",
        NetworkMode.NETWORKS,
        List.of(endpoints),
        NetworkSettings.DnsSettings.NONE,
        Hosts.NONE,
        Map.of(),
        Ports.NONE);
  }

  /** The same with ports. */
  public SandboxSpec withPorts(Ports newPorts) {
    return new SandboxSpec(
        containerId, name, hostname, domainname, mode, endpoints, dns, hosts, sysctls, newPorts);
  }

  /** The same in another mode. */
  public SandboxSpec withMode(NetworkMode newMode) {
    return new SandboxSpec(
        containerId, name, hostname, domainname, newMode, endpoints, dns, hosts, sysctls, ports);
  }

  /** The same with resolver settings. */
  public SandboxSpec withDns(NetworkSettings.DnsSettings newDns) {
    return new SandboxSpec(
        containerId, name, hostname, domainname, mode, endpoints, newDns, hosts, sysctls, ports);
  }

  /** The same with lines for {@code /etc/hosts}. */
  public SandboxSpec withHosts(Hosts newHosts) {
    return new SandboxSpec(
        containerId, name, hostname, domainname, mode, endpoints, dns, newHosts, sysctls, ports);
  }

  /** The same with kernel parameters. */
  public SandboxSpec withSysctls(Map<String, String> newSysctls) {
    return new SandboxSpec(
        containerId, name, hostname, domainname, mode, endpoints, dns, hosts, newSysctls, ports);
  }

  /** The same under another name. */
  public SandboxSpec withName(String newName) {
    return new SandboxSpec(
        containerId, newName, hostname, domainname, mode, endpoints, dns, hosts, sysctls, ports);
  }

  /** The same on other networks. */
  public SandboxSpec withEndpoints(List<EndpointSpec> newEndpoints) {
    return new SandboxSpec(
        containerId, name, hostname, domainname, mode, newEndpoints, dns, hosts, sysctls, ports);
  }

  /**
   * What goes into {@code /etc/hosts} besides the standard lines.
   *
   * @param extra {@code name:address} as given by {@code --add-host}; the address may be {@code
   *     host-gateway}
   * @param links containers on the default bridge that this one is linked to
   */
  public record Hosts(List<String> extra, List<LegacyLink> links) {
    /** Nothing further. */
    public static final Hosts NONE = new Hosts(List.of(), List.of());

    /** Copies the lists. */
    public Hosts {
      extra = List.copyOf(extra);
      links = List.copyOf(links);
    }
  }

  /**
   * A link on the default bridge. Its address is read from the target's open sandbox.
   *
   * @param containerId the target's id
   * @param containerName the target's name
   * @param alias its name inside this container
   */
  public record LegacyLink(String containerId, String containerName, String alias) {}

  /**
   * What is exposed and published.
   *
   * @param exposed every exposed port, published or not
   * @param published the wishes for ports on the host
   */
  public record Ports(List<Port> exposed, List<PublishedPort> published) {
    /** None. */
    public static final Ports NONE = new Ports(List.of(), List.of());

    /** Copies the lists. */
    public Ports {
      exposed = List.copyOf(exposed);
      published = List.copyOf(published);
    }
  }

  /**
   * A port inside the container.
   *
   * @param number 1 to 65535
   * @param protocol {@code tcp}, {@code udp} or {@code sctp}
   */
  public record Port(int number, String protocol) {}

  /**
   * A wish for a port on the host.
   *
   * @param port inside the container
   * @param hostIp empty for every address
   * @param hostPortFirst 0 for any free port
   * @param hostPortLast the same as the first, or the last of a range of which any will do
   */
  public record PublishedPort(Port port, String hostIp, int hostPortFirst, int hostPortLast) {}
}
