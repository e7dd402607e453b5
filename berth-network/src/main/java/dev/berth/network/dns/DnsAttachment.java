package dev.berth.network.dns;

import java.util.Map;

/**
 * That a sandbox sees the names of a network.
 *
 * @param networkId the network's id
 * @param networkName its name, for {@code container.network}
 * @param links further names that only this sandbox sees: alias to a name on the network
 */
public record DnsAttachment(String networkId, String networkName, Map<String, String> links) {

  /** Copies the links. */
  public DnsAttachment {
    links = Map.copyOf(links);
  }
}
