package dev.berth.network.explain;

import dev.berth.core.Ids;
import dev.berth.network.NetworkRecord;
import dev.berth.network.firewall.Prefix;
import java.util.List;
import java.util.Set;

/**
 * A network, as far as it decides who reaches whom.
 *
 * @param id its id
 * @param name its name
 * @param driver its driver
 * @param bridge the interface on the host: a bridge, or the parent of a macvlan; or empty
 * @param internal whether it has no way out
 * @param icc whether containers on it may reach each other
 * @param defaultBridge whether it is the one network without names
 * @param subnets its subnets
 */
public record NetworkFacts(
    String id,
    String name,
    String driver,
    String bridge,
    boolean internal,
    boolean icc,
    boolean defaultBridge,
    List<Prefix> subnets) {
  /** Copies the list. */
  public NetworkFacts {
    subnets = List.copyOf(subnets);
  }

  private static final String BRIDGE = "bridge";
  private static final String OPTION = "com.docker.network.bridge.";
  private static final Set<String> NO = Set.of("0", "f", "F", "false", "False", "FALSE");

  /** What a network's record says. */
  public static NetworkFacts of(NetworkRecord network) {
    String named = network.options().getOrDefault(OPTION + "name", "");
    String bridge = named.isEmpty() ? "br-" + Ids.shortId(network.id()) : named;
    boolean bridged = network.driver().equals(BRIDGE);
    return new NetworkFacts(
        network.id(),
        network.name(),
        network.driver(),
        bridged ? bridge : "",
        network.spec().flags().internal(),
        !NO.contains(network.options().getOrDefault(OPTION + "enable_icc", "true")),
        network.predefined() && network.name().equals(BRIDGE),
        network.pools().stream().map(pool -> Prefix.parse(pool.subnet())).toList());
  }

  /** Whether its packets pass the host's bridge, and so its rules. */
  public boolean bridged() {
    return driver.equals(BRIDGE);
  }

  /** Whether its containers are on the wire by themselves: the host cannot reach them. */
  public boolean besideHost() {
    return driver.equals("macvlan") || driver.equals("ipvlan");
  }
}
