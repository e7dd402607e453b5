package dev.berth.network.explain;

import dev.berth.network.trace.Ruleset;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides whether one end reaches the other, at one moment. The prediction is a
 * pure function of it.
 *
 * @param question what is asked
 * @param from who connects
 * @param to to whom
 * @param names what becomes of the other's name
 * @param networks all networks
 * @param neighbours all containers that run, the two ends among them
 * @param host the host's namespace
 * @param rules4 the packet filter's rules for IPv4
 * @param rules6 the packet filter's rules for IPv6
 * @param literal the address that was asked for, or null
 */
public record Situation(
    Question question,
    Party from,
    Party to,
    Names names,
    List<NetworkFacts> networks,
    List<Party> neighbours,
    NamespaceView host,
    Ruleset rules4,
    Ruleset rules6,
    @Nullable InetAddress literal) {
  /** Copies the lists. */
  public Situation {
    networks = List.copyOf(networks);
    neighbours = List.copyOf(neighbours);
  }

  /** The rules that a packet to an address meets. */
  public Ruleset rules(InetAddress destination) {
    return destination instanceof Inet6Address ? rules6 : rules4;
  }

  /** A network by its id. */
  public Optional<NetworkFacts> network(String id) {
    return networks.stream().filter(network -> network.id().equals(id)).findFirst();
  }

  /** The network whose bridge or parent is an interface of the host. */
  public Optional<NetworkFacts> networkOf(String bridge) {
    return bridge.isEmpty()
        ? Optional.empty()
        : networks.stream().filter(network -> network.bridge().equals(bridge)).findFirst();
  }

  /** The bridge network whose subnet an address is in. */
  public Optional<NetworkFacts> networkWith(InetAddress address) {
    return networks.stream()
        .filter(NetworkFacts::bridged)
        .filter(network -> network.subnets().stream().anyMatch(block -> block.contains(address)))
        .findFirst();
  }

  /** The networks that both ends are on, in the order of the one that connects. */
  public List<NetworkFacts> common() {
    return from.attachments().stream()
        .filter(place -> to.on(place.networkId()).isPresent())
        .flatMap(place -> network(place.networkId()).stream())
        .toList();
  }

  /** The container that has an address on a network. */
  public Optional<Party> holder(InetAddress address) {
    if (to.holding(address).isPresent()) {
      return Optional.of(to);
    }
    return neighbours.stream().filter(party -> party.holding(address).isPresent()).findFirst();
  }
}
