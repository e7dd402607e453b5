package dev.berth.network.dns;

import java.util.Map;

/**
 * That a sandbox sees the names of a network.
 *
 * @param networkId the network's id
 * @param networkName its name, for {@code container.network}
 * @param links further names that only this sandbox sees: alias to a name on the network
 * @param ttlSeconds how long clients may keep the network's names; {@link #USUAL_TTL} for as long
 *     as the engine's settings say
 */
public record DnsAttachment(
    String networkId, String networkName, Map<String, String> links, int ttlSeconds) {
  /** As long as the engine's settings say. */
  public static final int USUAL_TTL = -1;

  /** Copies the links. */
  public DnsAttachment {
    links = Map.copyOf(links);
  }

  /** One whose names may be kept as long as the engine's settings say. */
  public static DnsAttachment of(String networkId, String networkName, Map<String, String> links) {
    return new DnsAttachment(networkId, networkName, links, USUAL_TTL);
  }
}
