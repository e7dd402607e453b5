package dev.berth.network.explain;

import dev.berth.network.explain.Finding.Topic;
import dev.berth.network.trace.Packet;
import java.net.InetAddress;
import java.util.Optional;

/** Whether a way leads to the address. */
final class RouteStep implements Step {
  private static final String LARGE_PACKETS =
      "If large answers hang: make the network with -o com.docker.network.driver.mtu= and the"
          + " smaller of the two.";

  @Override
  public Optional<Finding> look(Situation situation, Journey journey) {
    Aim aim = journey.aim();
    if (aim == null || journey.way() == Journey.Way.SELF) {
      return Optional.empty();
    }
    return switch (journey.end()) {
      case NO_WAY -> Optional.empty();
      case NO_ROUTE -> Optional.of(noRoute(situation, journey, aim.address()));
      case NOT_FORWARDED -> Optional.of(notForwarded(journey));
      case BESIDE_HOST -> Optional.of(besideHost(situation));
      case ASTRAY -> Optional.of(astray(situation, journey, aim.address()));
      case ARRIVED, DROPPED -> way(situation, journey, aim.address());
    };
  }

  private static Finding noRoute(Situation situation, Journey journey, InetAddress address) {
    Party from = situation.from();
    boolean internal =
        from.isContainer()
            && from.attachments().stream()
                .flatMap(place -> situation.network(place.networkId()).stream())
                .anyMatch(NetworkFacts::internal);
    if (internal && journey.packet() == null) {
      return Finding.failed(
          Topic.ROUTE,
          Verdict.INTERNAL_NETWORK,
          from.name()
              + " has no route to "
              + Texts.of(address)
              + ": its network is internal, and has no way out",
          "Connect it to a network that is not internal too, if it shall get out: docker network"
              + " connect NETWORK "
              + from.name());
    }
    String who = journey.packet() == null ? from.name() : "the host";
    return Finding.failed(
        Topic.ROUTE,
        Verdict.NO_ROUTE,
        who + " has no route to " + Texts.of(address),
        "Compare with: ip route get " + Texts.of(address));
  }

  private static Finding notForwarded(Journey journey) {
    Packet packet = journey.packet();
    boolean six = packet != null && packet.ipv6();
    String setting = six ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward";
    return Finding.failed(
        Topic.ROUTE,
        Verdict.FORWARDING_OFF,
        "the host forwards no packets: " + setting + " is 0",
        "Switch it on: sysctl -w "
            + setting
            + "=1 (the engine does so unless --ip-forward=false; look for what turned it off in"
            + " /etc/sysctl.d)");
  }

  private static Finding besideHost(Situation situation) {
    String container =
        situation.from().isContainer() ? situation.from().name() : situation.to().name();
    return Finding.failed(
        Topic.ROUTE,
        Verdict.BESIDE_HOST,
        container
            + " is on a macvlan or ipvlan network: the kernel passes nothing between it and the"
            + " host, by design",
        "Connect "
            + container
            + " to a bridge network as well and use its address there, or give the host a macvlan"
            + " interface of its own on the same parent.");
  }

  private static Finding astray(Situation situation, Journey journey, InetAddress address) {
    if (journey.way() == Journey.Way.LINK) {
      String network = situation.networkWith(address).map(NetworkFacts::name).orElse("?");
      return Finding.failed(
          Topic.ROUTE,
          Verdict.SUBNET_OVERLAP,
          "%s belongs to the subnet of network %s, where nobody has it: packets for it never leave"
              .formatted(Texts.of(address), network),
          "Is it a machine elsewhere? Then make the network anew with another --subnet, and keep"
              + " the block free with default-address-pools in daemon.json.");
    }
    String route = journey.route() == null ? "?" : journey.route().text();
    return Finding.failed(
        Topic.ROUTE,
        Verdict.SUBNET_OVERLAP,
        "the host sends %s another way, by its route \"%s\": that route and the network's subnet"
                .formatted(Texts.of(address), route)
            + " overlap",
        "Make the network anew with a --subnet that no route of the host covers.");
  }

  private static Optional<Finding> way(Situation situation, Journey journey, InetAddress address) {
    if (situation.from().kind() == Party.Kind.OUTSIDE) {
      return Optional.empty();
    }
    String text =
        "%s is %s"
            .formatted(
                Texts.of(address),
                switch (journey.way()) {
                  case LINK -> "on the same network" + interfaceOf(journey);
                  case BESIDE -> "on the wire" + interfaceOf(journey);
                  default ->
                      situation.host().owns(address)
                          ? "an address of the host"
                          : "reached by the host" + interfaceOf(journey);
                });
    return Optional.of(
        narrow(situation, journey)
            .map(note -> Finding.note(Topic.ROUTE, text + "; " + note, LARGE_PACKETS))
            .orElseGet(() -> Finding.ok(Topic.ROUTE, text)));
  }

  private static String interfaceOf(Journey journey) {
    return journey.route() == null ? "" : " (route \"" + journey.route().text() + "\")";
  }

  /** Whether the way out takes smaller packets than the container sends. */
  private static Optional<String> narrow(Situation situation, Journey journey) {
    Packet packet = journey.packet();
    if (packet == null || packet.out().isEmpty() || !situation.from().isContainer()) {
      return Optional.empty();
    }
    int inside =
        situation.from().attachments().stream()
            .filter(place -> place.addresses().contains(packet.source()))
            .flatMap(place -> situation.from().view().find(place.interfaceName()).stream())
            .mapToInt(NamespaceView.Interface::mtuBytes)
            .findFirst()
            .orElse(0);
    return situation
        .host()
        .find(packet.out())
        .filter(out -> inside > out.mtuBytes())
        .map(out ->
            "the container sends packets of up to %d bytes, %s takes %d"
                .formatted(inside, out.name(), out.mtuBytes()));
  }
}
