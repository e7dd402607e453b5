package dev.berth.network.driver.remote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.network.EndpointAddresses;
import dev.berth.network.EndpointOwner;
import dev.berth.network.NetworkRecord;
import dev.berth.network.SandboxSpec;
import dev.berth.network.ipam.Cidr;
import java.util.Map;

/** What a network plugin is sent, in the form of the protocol. */
final class RemoteRequests {
  private static final String GENERIC = "com.docker.network.generic";
  private static final Map<String, Integer> PROTOCOLS = Map.of("tcp", 6, "udp", 17, "sctp", 132);

  private RemoteRequests() {}

  /** A network with its options, as at its making. */
  static ObjectNode network(NetworkRecord network) {
    ObjectNode request = of(network.id());
    options(request, network);
    ipamData(request.putArray("IPv4Data"), network, false);
    ipamData(request.putArray("IPv6Data"), network, true);
    return request;
  }

  /** The options of a network alone. */
  static ObjectNode options(ObjectNode request, NetworkRecord network) {
    ObjectNode options = request.putObject("Options");
    options.put("com.docker.network.enable_ipv4", network.ipv4());
    options.put("com.docker.network.enable_ipv6", network.ipv6());
    if (network.spec().flags().internal()) {
      options.put("com.docker.network.internal", true);
    }
    ObjectNode given = options.putObject(GENERIC);
    network.options().forEach(given::put);
    return request;
  }

  static ObjectNode of(String networkId) {
    return RemoteCalls.request().put("NetworkID", networkId);
  }

  static ObjectNode of(String networkId, String endpointId) {
    return of(networkId).put("EndpointID", endpointId);
  }

  private static void ipamData(ArrayNode data, NetworkRecord network, boolean six) {
    for (NetworkRecord.Pool pool : network.pools()) {
      if (pool.ipv6() == six) {
        int prefix = Cidr.of(pool.subnet()).prefixLength();
        ObjectNode entry = data.addObject();
        entry.put("AddressSpace", "LocalDefault");
        entry.put("Pool", pool.subnet());
        if (!pool.gateway().isEmpty()) {
          entry.put("Gateway", pool.gateway() + "/" + prefix);
        }
        ObjectNode auxiliary = entry.putObject("AuxAddresses");
        pool.auxiliaryAddresses()
            .forEach((name, address) -> auxiliary.put(name, address + "/" + prefix));
      }
    }
  }

  /** Fills in an endpoint's interface. */
  static void addresses(ObjectNode request, EndpointAddresses addresses) {
    ObjectNode link = request.putObject("Interface");
    link.put("Address", addresses.ipv4() == null ? "" : addresses.ipv4().toString());
    link.put("AddressIPv6", addresses.ipv6() == null ? "" : addresses.ipv6().toString());
    link.put("MacAddress", addresses.macAddress());
  }

  /** Fills in what the container exposes and publishes, and the user's own options. */
  static void endpointOptions(
      ObjectNode request, EndpointOwner owner, Map<String, String> driverOptions) {
    ObjectNode options = request.putObject("Options");
    driverOptions.forEach(options::put);
    ArrayNode exposed = options.putArray("com.docker.network.endpoint.exposedports");
    owner.ports().exposed().forEach(port -> port(exposed.addObject(), port));
    ArrayNode published = options.putArray("com.docker.network.portmap");
    for (SandboxSpec.PublishedPort wish : owner.ports().published()) {
      ObjectNode entry = published.addObject();
      port(entry, wish.port());
      entry.put("IP", "");
      entry.put("HostIP", wish.hostIp());
      entry.put("HostPort", wish.hostPortFirst());
      entry.put("HostPortEnd", wish.hostPortLast());
    }
  }

  private static void port(ObjectNode entry, SandboxSpec.Port port) {
    entry.put("Proto", PROTOCOLS.getOrDefault(port.protocol(), 0));
    entry.put("Port", port.number());
  }
}
