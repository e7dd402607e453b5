package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class RouteSocketKernelTest {
  private static InetAddress ip(String text) throws Exception {
    return InetAddress.getByName(text);
  }

  private static LinkSpec bridge(String name) {
    return LinkSpec.of(name, new LinkKind.Bridge(BridgeOptions.DEFAULT));
  }

  private static LinkKind.Peer peer(String name, Fd namespace) {
    return new LinkKind.Peer(
        name, Optional.empty(), OptionalInt.empty(), namespace, OptionalInt.empty());
  }

  @Test
  void aWholeEndpointTakesTwoSends() {
    Isolated.run(() -> {
      try (RouteSocket host = RouteSocket.open();
          Fd network = Namespaces.createNetwork();
          RouteSocket inside = RouteSocket.in(network)) {
        host.apply(Links.create(bridge("br0").broughtUp()));
        int bridge = host.link("br0").orElseThrow().index();
        host.apply(Addresses.add(LinkAddress.of(bridge, ip("10.1.0.1"), 24)));
        MacAddress mac = MacAddress.parse("02:42:0a:01:00:02");
        LinkKind.Peer eth0 =
            new LinkKind.Peer(
                "eth0", Optional.of(mac), OptionalInt.of(1400), network, OptionalInt.of(7));
        host.apply(
            Links.create(
                LinkSpec.of("veth0", new LinkKind.Veth(eth0))
                    .withMaster(bridge)
                    .withMtuBytes(1400)
                    .withIndex(4711)
                    .broughtUp()));
        inside.apply(
            Links.up("lo"),
            Links.up("eth0"),
            Addresses.add(LinkAddress.of(7, ip("10.1.0.2"), 24)),
            Addresses.add(LinkAddress.of(7, ip("fd00:1::2"), 64)),
            Routes.add(Route.byDefault(ip("10.1.0.1"), 7)));
        SpawnRequest show = SpawnRequest.of(List.of("ip", "-j", "-d", "address"));
        String json = Capture.run(show.withNamespaces(List.of(network))).output();
        assertThat(json)
            .contains("\"ifname\":\"eth0\"", "\"address\":\"02:42:0a:01:00:02\"")
            .contains("\"mtu\":1400", "\"local\":\"10.1.0.2\"", "\"broadcast\":\"10.1.0.255\"")
            .contains("\"local\":\"fd00:1::2\"", "\"nodad\":true");
        SpawnRequest ping = SpawnRequest.of(List.of("ip", "-j", "route", "get", "8.8.8.8"));
        assertThat(Capture.run(ping.withNamespaces(List.of(network))).output())
            .contains("\"gateway\":\"10.1.0.1\"");
        assertThat(Isolated.output("ip", "-j", "link", "show", "veth0"))
            .contains("\"master\":\"br0\"", "\"UP\"");
        assertThat(host.link("veth0").orElseThrow().linkIndex()).isEqualTo(7);
      }
    });
  }

  @Test
  void linksAreChangedListedAndDeleted() {
    Isolated.run(() -> {
      try (RouteSocket socket = RouteSocket.open()) {
        socket.apply(
            Links.create(bridge("br0")),
            Links.create(LinkSpec.of("v0", new LinkKind.Veth(peer("v1", null)))));
        int bridge = socket.link("br0").orElseThrow().index();
        Link link = socket.link("v0").orElseThrow();
        assertThat(link.kind()).isEqualTo("veth");
        assertThat(link.isUp()).isFalse();
        MacAddress mac = MacAddress.parse("02:00:00:00:00:01");
        socket.apply(
            Links.rename(link.index(), "w0"),
            Links.mtu(link.index(), 1300),
            Links.mac(link.index(), mac),
            Links.up(link.index()),
            Links.master(link.index(), bridge),
            Links.bridgePort(
                link.index(), BridgePortOptions.UNCHANGED.withHairpin(true).withIsolated(true)),
            Links.bridge(
                bridge,
                new BridgeOptions(
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.of(false),
                    OptionalInt.of(400),
                    Optional.empty())));
        String json = Isolated.output("ip", "-j", "-d", "link");
        assertThat(json)
            .contains("\"ifname\":\"w0\"", "\"hairpin\":true", "\"isolated\":true")
            .contains("\"forward_delay\":400")
            .contains("\"mcast_snooping\":0", "\"address\":\"02:00:00:00:00:01\"");
        Link changed = socket.link(link.index()).orElseThrow();
        assertThat(changed.name()).isEqualTo("w0");
        assertThat(changed.mtuBytes()).isEqualTo(1300);
        assertThat(changed.mac()).hasValue(mac);
        assertThat(changed.masterIndex()).isEqualTo(bridge);
        assertThat(changed.statistics()).isPresent();
        assertThat(socket.links()).extracting(Link::name).contains("lo", "br0", "w0", "v1");
        socket.apply(Links.down(bridge), Links.delete("w0"), Links.delete(bridge));
        assertThat(socket.link("w0")).isEmpty();
        assertThat(socket.link("br0")).isEmpty();
      }
    });
  }

  @Test
  void aBatchGoesOnAfterAFailureAndTellsTheKernelsWords() {
    Isolated.run(() -> {
      try (RouteSocket socket = RouteSocket.open()) {
        LinuxException failure =
            catchThrowableOfType(
                LinuxException.class,
                () ->
                    socket.apply(
                        Links.create(bridge("one")),
                        Links.create(bridge("one")),
                        Links.create(
                            LinkSpec.of(
                                "m0", new LinkKind.Macvlan(0, LinkKind.MacvlanMode.BRIDGE))),
                        Links.create(bridge("two"))));
        assertThat(failure.errno()).isEqualTo(Errno.EEXIST);
        assertThat(failure).hasMessage("RTM_NEWLINK one type bridge: file exists");
        assertThat(failure.getSuppressed()).hasSize(1);
        assertThat(socket.link("two")).isPresent();
        LinuxException unreachable =
            catchThrowableOfType(
                LinuxException.class,
                () -> socket.apply(Routes.add(Route.byDefault(ip("192.0.2.1"), 0))));
        assertThat(unreachable).hasMessageContaining("Nexthop has invalid gateway");
      }
    });
  }

  @Test
  void addressesAndRoutesAreListedReplacedAndDeleted() {
    Isolated.run(() -> {
      try (RouteSocket socket = RouteSocket.open()) {
        socket.apply(Links.create(bridge("br0").broughtUp()));
        int index = socket.link("br0").orElseThrow().index();
        LinkAddress v4 = LinkAddress.of(index, ip("10.9.0.1"), 16);
        LinkAddress v6 = LinkAddress.of(index, ip("fd00:9::1"), 64);
        socket.apply(Addresses.add(v4), Addresses.add(v6), Addresses.replace(v4));
        assertThat(socket.addresses())
            .extracting(LinkAddress::address)
            .contains(ip("10.9.0.1"), ip("fd00:9::1"), ip("127.0.0.1"));
        Route route = Route.to(ip("192.0.2.0"), 24, ip("10.9.0.7"), index).withMetric(50);
        Route six = Route.to(ip("2001:db8::"), 32, ip("fd00:9::7"), index);
        socket.apply(Routes.add(route), Routes.replace(route), Routes.add(six));
        assertThat(socket.mainRoutes())
            .anySatisfy(found -> {
              assertThat(found.destination()).isEqualTo(ip("192.0.2.0"));
              assertThat(found.gateway()).isEqualTo(ip("10.9.0.7"));
              assertThat(found.metric()).isEqualTo(50);
            });
        assertThat(Isolated.output("ip", "-j", "-6", "route"))
            .contains("\"dst\":\"2001:db8::/32\"", "\"gateway\":\"fd00:9::7\"");
        socket.apply(Routes.delete(route), Routes.delete(six), Addresses.delete(v4));
        assertThat(Isolated.output("ip", "-j", "route")).doesNotContain("192.0.2.0");
        assertThat(Isolated.output("ip", "-j", "address")).doesNotContain("10.9.0.1");
        Neighbour neighbour =
            new Neighbour(
                index,
                ip("fd00:9::5"),
                MacAddress.parse("02:00:00:00:00:05"),
                Neighbour.NUD_PERMANENT,
                0,
                false);
        socket.apply(Neighbours.replace(neighbour));
        assertThat(socket.neighbours()).contains(neighbour);
        socket.apply(Neighbours.delete(neighbour));
        assertThat(Isolated.output("ip", "-j", "neigh")).doesNotContain("fd00:9::5");
      }
    });
  }

  @Test
  void aLargeBatchIsSentInSeveralPieces() {
    Isolated.run(() -> {
      try (RouteSocket socket = RouteSocket.open()) {
        List<NetlinkRequest> requests = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
          InetAddress address =
              InetAddress.getByAddress(new byte[] {127, 1, (byte) (i >> 8), (byte) i});
          requests.add(Addresses.add(LinkAddress.of(1, address, 32)));
        }
        socket.apply(requests);
        assertThat(socket.addresses()).hasSizeGreaterThanOrEqualTo(2001);
      }
    });
  }

  @Test
  void tunnelsAndMacvlanAreMadeWhereTheKernelHasThem() {
    Isolated.run(() -> {
      try (RouteSocket socket = RouteSocket.open()) {
        socket.apply(Links.create(LinkSpec.of("p0", new LinkKind.Veth(peer("p1", null)))));
        int parent = socket.link("p0").orElseThrow().index();
        if (KernelFeature.MACVLAN.isAvailable()) {
          socket.apply(
              Links.create(
                  LinkSpec.of("m0", new LinkKind.Macvlan(parent, LinkKind.MacvlanMode.PRIVATE))));
          assertThat(Isolated.output("ip", "-j", "-d", "link", "show", "m0"))
              .contains("\"mode\":\"private\"");
        }
        if (KernelFeature.VXLAN.isAvailable()) {
          socket.apply(
              Links.create(
                  LinkSpec.of(
                      "x0", new LinkKind.Vxlan(42, 4789, ip("10.0.0.1"), null, parent, false))));
          assertThat(Isolated.output("ip", "-j", "-d", "link", "show", "x0"))
              .contains("\"id\":42", "\"local\":\"10.0.0.1\"", "\"port\":4789")
              .contains("\"learning\":false");
        }
      }
    });
  }
}
