package dev.berth.network.explain;

import dev.berth.network.explain.Journey.End;
import dev.berth.network.explain.Journey.Way;
import dev.berth.network.explain.NamespaceView.Route;
import dev.berth.network.trace.Hook;
import dev.berth.network.trace.Packet;
import dev.berth.network.trace.Ruling;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends the first packet on its way, in thought: routes, then rules, then whoever gets it. Pure.
 */
final class Journeys {
  /** A port at which nothing is likely to wait, where none was asked for. */
  private static final int DISCARD = 9;

  private static final String LOOPBACK = "lo";

  private final Situation situation;

  private Journeys(Situation situation) {
    this.situation = situation;
  }

  static Journey of(Situation situation) {
    Optional<Aim> aim = Aim.of(situation);
    Party from = situation.from();
    if (aim.isEmpty() || !from.life().running()) {
      return Journey.none();
    }
    Journeys journeys = new Journeys(situation);
    if (Aim.sameNamespace(situation) && !from.onHost()) {
      return new Journey(
          Way.SELF,
          End.ARRIVED,
          aim.get(),
          journeys.packet("", aim.get().address(), aim.get()),
          null,
          null,
          null,
          situation.to());
    }
    if (from.kind() == Party.Kind.OUTSIDE) {
      return journeys.fromOutside(aim.get());
    }
    return from.onHost() ? journeys.fromHost(aim.get()) : journeys.fromContainer(aim.get());
  }

  private Packet packet(String in, InetAddress source, Aim aim) {
    int port = aim.port() == 0 ? DISCARD : aim.port();
    return Packet.made(
            source,
            new Packet.Target(aim.address(), port),
            situation.question().protocol(),
            situation.host().owns(aim.address()))
        .comingBy(in);
  }

  private Journey fromContainer(Aim aim) {
    Party from = situation.from();
    if (aim.address().isLoopbackAddress()) {
      return new Journey(
          Way.SELF, End.ARRIVED, aim, packet(LOOPBACK, aim.address(), aim), null, null, null, from);
    }
    Route route = from.view().route(aim.address()).orElse(null);
    if (route == null || route.interfaceName().isEmpty()) {
      return new Journey(Way.NONE, End.NO_ROUTE, aim, null, route, null, null, null);
    }
    boolean six = !(aim.address() instanceof Inet4Address);
    InetAddress source = from.view().address(route.interfaceName(), six).orElse(aim.address());
    NetworkFacts network =
        from.attachments().stream()
            .filter(place -> place.interfaceName().equals(route.interfaceName()))
            .findFirst()
            .flatMap(place -> situation.network(place.networkId()))
            .orElse(null);
    Leg leg = new Leg(aim, route);
    if (network != null && network.besideHost()) {
      End end = situation.host().owns(aim.address()) ? End.BESIDE_HOST : End.ARRIVED;
      Party arrival = situation.holder(aim.address()).orElse(null);
      return leg.end(Way.BESIDE, end, packet("", source, aim), arrival);
    }
    String bridge = network == null ? "" : network.bridge();
    Packet packet = packet(bridge, source, aim);
    boolean onLink = route.gateway() == null && !packet.local();
    return onLink ? leg.overBridge(packet) : leg.arriving(packet);
  }

  private Journey fromHost(Aim aim) {
    Route route = hostRoute(aim.address());
    Leg leg = new Leg(aim, route);
    if (route == null) {
      return new Journey(Way.NONE, End.NO_ROUTE, aim, null, null, null, null, null);
    }
    boolean six = !(aim.address() instanceof Inet4Address);
    InetAddress source =
        situation.host().owns(aim.address())
            ? aim.address()
            : situation.host().address(route.interfaceName(), six).orElse(aim.address());
    Packet packet = packet("", source, aim).leavingBy(route.interfaceName());
    Ruling ruling = leg.ask(Hook.OUTPUT, packet);
    if (!ruling.passed()) {
      return leg.dropped(Hook.OUTPUT, ruling);
    }
    packet = ruling.packet();
    if (packet.local()) {
      return leg.intoHost(packet.leavingBy(""), LOOPBACK);
    }
    return leg.leaving(packet, ruling);
  }

  private Journey fromOutside(Aim aim) {
    InetAddress visitor = InetAddress.ofLiteral("192.0.2.1");
    String in =
        situation.host().interfaces().stream()
            .filter(each ->
                each.addresses().stream()
                    .anyMatch(
                        own -> Optional.of(own.address()).equals(situation.host().mainAddress())))
            .map(NamespaceView.Interface::name)
            .findFirst()
            .orElse("");
    Leg leg = new Leg(aim, null);
    return aim.address().isLoopbackAddress()
        ? leg.end(Way.HOST, End.NO_ROUTE, packet(in, visitor, aim), null)
        : leg.arriving(packet(in, visitor, aim));
  }

  private @Nullable Route hostRoute(InetAddress address) {
    return situation.host().owns(address)
        ? new Route(
            new dev.berth.network.firewall.Prefix(address, address.getAddress().length * Byte.SIZE),
            null,
            LOOPBACK,
            0)
        : situation
            .host()
            .route(address)
            .filter(route -> !route.interfaceName().isEmpty())
            .orElse(null);
  }

  /** What all ways from one start have in common. */
  private final class Leg {
    private final Aim aim;
    private final @Nullable Route route;

    Leg(Aim aim, @Nullable Route route) {
      this.aim = aim;
      this.route = route;
    }

    Ruling ask(Hook hook, Packet packet) {
      return situation.rules(packet.destination()).at(hook, packet, situation.host()::owns);
    }

    Journey end(Way way, End end, Packet packet, @Nullable Party arrival) {
      return new Journey(way, end, aim, packet, route, null, null, arrival);
    }

    Journey dropped(Hook hook, Ruling ruling) {
      return dropped(Way.HOST, hook, ruling);
    }

    private Journey dropped(Way way, Hook hook, Ruling ruling) {
      return new Journey(way, End.DROPPED, aim, ruling.packet(), route, ruling, hook, null);
    }

    /** Within one network; the rules see it only where bridges ask them. */
    Journey overBridge(Packet packet) {
      Party holder = situation.holder(packet.destination()).orElse(null);
      if (holder == null) {
        return end(Way.LINK, End.ASTRAY, packet, null);
      }
      String setting =
          packet.ipv6() ? "bridge/bridge-nf-call-ip6tables" : "bridge/bridge-nf-call-iptables";
      if (!situation.host().isOn(setting)) {
        return end(Way.LINK, End.ARRIVED, packet, holder);
      }
      Ruling before = ask(Hook.PREROUTING, packet);
      if (!before.passed()) {
        return dropped(Way.LINK, Hook.PREROUTING, before);
      }
      Ruling ruling = ask(Hook.FORWARD, before.packet().leavingBy(packet.in()));
      return ruling.passed()
          ? new Journey(
              Way.LINK, End.ARRIVED, aim, ruling.packet(), route, ruling, Hook.FORWARD, holder)
          : dropped(Way.LINK, Hook.FORWARD, ruling);
    }

    /** Comes to the host from a network or a wire. */
    Journey arriving(Packet packet) {
      Ruling ruling = ask(Hook.PREROUTING, packet);
      if (!ruling.passed()) {
        return dropped(Hook.PREROUTING, ruling);
      }
      Packet next = ruling.packet();
      return next.local() ? intoHost(next, next.in()) : through(next);
    }

    Journey intoHost(Packet packet, String in) {
      Packet entering = packet.comingBy(in);
      Ruling ruling = ask(Hook.INPUT, entering);
      return ruling.passed()
          ? new Journey(
              Way.HOST,
              End.ARRIVED,
              aim,
              ruling.packet(),
              route,
              ruling,
              Hook.INPUT,
              Party.theHost(situation.host()))
          : dropped(Hook.INPUT, ruling);
    }

    private Journey through(Packet packet) {
      String all = packet.ipv6() ? "ipv6/conf/all/forwarding" : "ipv4/ip_forward";
      if (situation.host().isOff(all)) {
        return end(Way.HOST, End.NOT_FORWARDED, packet, null);
      }
      Route out = hostRoute(packet.destination());
      if (out == null) {
        return new Journey(Way.HOST, End.NO_ROUTE, aim, packet, null, null, null, null);
      }
      Packet leaving = packet.leavingBy(out.interfaceName());
      if (astray(leaving)) {
        return new Journey(Way.HOST, End.ASTRAY, aim, leaving, out, null, null, null);
      }
      Ruling ruling = ask(Hook.FORWARD, leaving);
      return ruling.passed()
          ? new Journey(
              Way.HOST,
              End.ARRIVED,
              aim,
              ruling.packet(),
              out,
              ruling,
              Hook.FORWARD,
              situation.holder(packet.destination()).orElse(null))
          : dropped(Hook.FORWARD, ruling);
    }

    /** Made on the host, on its way out. */
    Journey leaving(Packet packet, Ruling ruling) {
      Route out = hostRoute(packet.destination());
      if (out == null) {
        return new Journey(Way.HOST, End.NO_ROUTE, aim, packet, null, null, null, null);
      }
      Packet gone = packet.leavingBy(out.interfaceName());
      Party holder = situation.holder(packet.destination()).orElse(null);
      boolean beside =
          holder != null
              && holder
                  .holding(packet.destination())
                  .flatMap(place -> situation.network(place.networkId()))
                  .filter(NetworkFacts::besideHost)
                  .isPresent();
      End end = beside ? End.BESIDE_HOST : astray(gone) ? End.ASTRAY : End.ARRIVED;
      return new Journey(Way.HOST, end, aim, gone, out, ruling, Hook.OUTPUT, holder);
    }

    /** Whether the host sends it by another way than to the network of its destination. */
    private boolean astray(Packet packet) {
      return situation
          .holder(packet.destination())
          .flatMap(holder -> holder.holding(packet.destination()))
          .flatMap(place -> situation.network(place.networkId()))
          .filter(NetworkFacts::bridged)
          .filter(network -> !network.bridge().equals(packet.out()))
          .isPresent();
    }
  }
}
