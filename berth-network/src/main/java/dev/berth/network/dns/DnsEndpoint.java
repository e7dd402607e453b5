package dev.berth.network.dns;

import java.net.InetAddress;
import java.util.List;

/**
 * The names of one endpoint on one network.
 *
 * @param endpointId the endpoint's id
 * @param names all names it answers to: container name first, then aliases, short id, host name
 * @param addresses its addresses, at most one a family
 */
public record DnsEndpoint(String endpointId, List<String> names, List<InetAddress> addresses) {

  /** Copies the lists. */
  public DnsEndpoint {
    names = List.copyOf(names);
    addresses = List.copyOf(addresses);
  }
}
