package dev.berth.network.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.network.firewall.FirewallChange.AddNetwork;
import dev.berth.network.firewall.FirewallChange.Publish;
import dev.berth.network.firewall.FirewallChange.RemoveNetwork;
import dev.berth.network.firewall.FirewallChange.Unpublish;
import dev.berth.testing.Waiting;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every backend must do to real packets. */
@Tag("kernel")
abstract class FirewallContract {
  private static final String C1 = "172.30.1.2";
  private static final String C2 = "172.30.1.3";
  private static final String C3 = "172.30.2.2";

  Lab lab;
  FirewallBackend firewall;

  /** The backend under test, not yet applied. */
  abstract FirewallBackend open(FirewallSettings settings, HostNamespace host);

  /** Throws away what the backend wrote, as {@code iptables -F} or a firewalld reload would. */
  abstract void flush(Lab lab);

  @BeforeEach
  void build() {
    lab = new Lab();
    lab.bridge("br1", "172.30.1.1/24", "fd00:1::1/64");
    lab.bridge("br2", "172.30.2.1/24");
    lab.container("c1", "br1", C1 + "/24", "172.30.1.1");
    lab.container("c2", "br1", C2 + "/24", "172.30.1.1");
    lab.container("c3", "br2", C3 + "/24", "172.30.2.1");
    lab.serve("c1", "0.0.0.0", 80);
    lab.serve("c2", "0.0.0.0", 80);
    lab.serve("c3", "0.0.0.0", 80);
    lab.serve("outside", "0.0.0.0", 7000);
    lab.serve("host", "0.0.0.0", 7001);
    start(FirewallSettings.defaults());
  }

  @AfterEach
  void tearDown() throws Exception {
    firewall.close();
    lab.close();
  }

  private void start(FirewallSettings settings) {
    firewall = open(settings, lab.host());
    firewall.apply(FirewallState.empty(settings));
  }

  static FirewallNetwork network(int number, NetworkFamily ipv4) {
    return new FirewallNetwork("n" + number, "br" + number, false, true, ipv4, null, List.of());
  }

  static FirewallNetwork natNetwork(int number) {
    return network(number, NetworkFamily.nat("172.30." + number + ".0/24"));
  }

  static PublishedPort port(String network, String hostAddress, int hostPort, String container) {
    return new PublishedPort(
        network,
        "e-" + container,
        Protocol.TCP,
        InetAddress.ofLiteral(hostAddress),
        hostPort,
        InetAddress.ofLiteral(container),
        80,
        1);
  }

  private void bothNetworks() {
    firewall.change(List.of(new AddNetwork(natNetwork(1)), new AddNetwork(natNetwork(2))));
  }

  private void publish(PublishedPort... ports) {
    firewall.change(new Publish(List.of(ports)));
  }

  @Test
  void containersOfOneNetworkReachEachOtherAndTheWorldWithTheHostsAddress() {
    bothNetworks();
    assertThat(lab.visit("c1", C2, 80)).contains(C1);
    assertThat(lab.visit("c1", Lab.NEIGHBOUR, 7000)).contains(Lab.HOST);
    assertThat(lab.visit("host", C1, 80)).contains("172.30.1.1");
  }

  @Test
  void networksAreIsolatedFromEachOther() {
    bothNetworks();
    assertThat(lab.refused("c1", C3, 80)).isTrue();
    assertThat(lab.refused("c3", C1, 80)).isTrue();
    assertThat(lab.visit("c1", "172.30.2.1", 7001)).contains(C1);
  }

  @Test
  void nobodyOutsideReachesAnUnpublishedPortByRouting() {
    bothNetworks();
    assertThat(lab.refused("outside", C1, 80)).isTrue();
  }

  @Test
  void aPublishedPortIsReachedFromEverywhereAndSeesTheOutsidersAddress() {
    bothNetworks();
    publish(port("n1", "0.0.0.0", 8080, C1));
    assertThat(lab.visit("outside", Lab.HOST, 8080)).contains(Lab.NEIGHBOUR);
    assertThat(lab.visit("host", Lab.HOST, 8080)).contains(Lab.HOST);
    assertThat(lab.visit("host", "127.0.0.1", 8080)).contains("172.30.1.1");
    assertThat(lab.visit("c3", Lab.HOST, 8080)).contains("172.30.1.1");
    assertThat(lab.visit("c3", "172.30.2.1", 8080)).contains("172.30.1.1");
    assertThat(lab.visit("c2", Lab.HOST, 8080)).contains("172.30.1.1");
    assertThat(lab.visit("c1", Lab.HOST, 8080)).contains("172.30.1.1");
  }

  @Test
  void aPublishedPortIsNotReachedByTheContainersAddress() {
    bothNetworks();
    publish(port("n1", "0.0.0.0", 8080, C1));
    assertThat(lab.refused("outside", C1, 80)).isTrue();
    assertThat(lab.refused("c3", C1, 80)).isTrue();
  }

  @Test
  void anUnpublishedPortIsClosedAgain() {
    bothNetworks();
    PublishedPort port = port("n1", "0.0.0.0", 8080, C1);
    publish(port);
    publish(port);
    firewall.change(new Unpublish(List.of(port)));
    firewall.change(new Unpublish(List.of(port)));
    assertThat(lab.refused("outside", Lab.HOST, 8080)).isTrue();
    assertThat(firewall.verify().clean()).isTrue();
  }

  @Test
  void aPortOnTheLoopbackAddressIsTheHostsAlone() {
    bothNetworks();
    publish(port("n1", "127.0.0.1", 8080, C1));
    assertThat(lab.visit("host", "127.0.0.1", 8080)).contains("172.30.1.1");
    assertThat(lab.refused("outside", Lab.HOST, 8080)).isTrue();
    assertThat(lab.refused("outside", C1, 80)).isTrue();
    lab.ip("outside", "route add 127.0.0.1/32 via 192.0.2.1 table 7");
    lab.ip("outside", "addr del 127.0.0.1/8 dev lo");
    lab.ip("outside", "route add 127.0.0.1/32 via 192.0.2.1");
    lab.set("outside", "ipv4/conf/all/route_localnet", "1");
    lab.set("host", "ipv4/conf/eth0/route_localnet", "1");
    assertThat(lab.refused("outside", "127.0.0.1", 8080)).isTrue();
  }

  @Test
  void aContainerCannotReachTheHostsLoopback() {
    bothNetworks();
    lab.serve("host", "127.0.0.1", 7002);
    lab.ip("c1", "addr del 127.0.0.1/8 dev lo");
    lab.set("c1", "ipv4/conf/all/route_localnet", "1");
    lab.ip("c1", "route add 127.0.0.1/32 via 172.30.1.1");
    assertThat(lab.refused("c1", "127.0.0.1", 7002)).isTrue();
  }

  @Test
  void aPortOnOneHostAddressIsNotOnTheOthers() {
    bothNetworks();
    lab.ip("host", "addr add 192.0.2.9/24 dev eth0");
    publish(port("n1", "192.0.2.9", 8080, C1));
    assertThat(lab.visit("outside", "192.0.2.9", 8080)).contains(Lab.NEIGHBOUR);
    assertThat(lab.refused("outside", Lab.HOST, 8080)).isTrue();
  }

  @Test
  void anInternalNetworkReachesOnlyItselfAndTheHost() {
    firewall.change(
        List.of(
            new AddNetwork(
                new FirewallNetwork(
                    "n1", "br1", true, true, NetworkFamily.nat("172.30.1.0/24"), null, List.of())),
            new AddNetwork(natNetwork(2))));
    publish(port("n2", "0.0.0.0", 8081, C3));
    assertThat(lab.visit("c1", C2, 80)).contains(C1);
    assertThat(lab.visit("c1", "172.30.1.1", 7001)).contains(C1);
    assertThat(lab.visit("host", C1, 80)).isPresent();
    assertThat(lab.refused("c1", Lab.NEIGHBOUR, 7000)).isTrue();
    assertThat(lab.refused("c1", C3, 80)).isTrue();
    assertThat(lab.refused("c1", Lab.HOST, 8081)).isTrue();
    assertThat(lab.refused("outside", C1, 80)).isTrue();
    assertThat(lab.refused("c3", C1, 80)).isTrue();
  }

  @Test
  void containersThatMayNotTalkStillPublishAndLeave() {
    firewall.change(
        new AddNetwork(
            new FirewallNetwork(
                "n1", "br1", false, false, NetworkFamily.nat("172.30.1.0/24"), null, List.of())));
    publish(port("n1", "0.0.0.0", 8080, C1));
    assertThat(lab.refused("c1", C2, 80)).isTrue();
    assertThat(lab.refused("c2", C1, 80)).isTrue();
    assertThat(lab.visit("c1", Lab.NEIGHBOUR, 7000)).contains(Lab.HOST);
    assertThat(lab.visit("outside", Lab.HOST, 8080)).contains(Lab.NEIGHBOUR);
    assertThat(lab.visit("c2", Lab.HOST, 8080)).isPresent();
  }

  @Test
  void aLinkOpensOnePortBetweenContainersThatMayNotTalk() {
    firewall.change(
        new AddNetwork(
            new FirewallNetwork(
                "n1", "br1", false, false, NetworkFamily.nat("172.30.1.0/24"), null, List.of())));
    FirewallLink link =
        new FirewallLink(
            "n1", InetAddress.ofLiteral(C1), InetAddress.ofLiteral(C2), Protocol.TCP, 80);
    firewall.change(new FirewallChange.Link(List.of(link)));
    assertThat(lab.visit("c1", C2, 80)).contains(C1);
    assertThat(lab.refused("c2", C1, 80)).isTrue();
    firewall.change(new FirewallChange.Unlink(List.of(link)));
    assertThat(lab.refused("c1", C2, 80)).isTrue();
  }

  @Test
  void withoutMasqueradingPacketsKeepTheContainersAddress() {
    firewall.change(
        new AddNetwork(
            network(
                1,
                new NetworkFamily(Prefix.parse("172.30.1.0/24"), GatewayMode.NAT, false, null))));
    publish(port("n1", "0.0.0.0", 8080, C1));
    assertThat(lab.visit("c1", Lab.NEIGHBOUR, 7000)).contains(C1);
    assertThat(lab.refused("outside", C1, 80)).isTrue();
    assertThat(lab.visit("outside", Lab.HOST, 8080)).contains(Lab.NEIGHBOUR);
  }

  @Test
  void aChosenSourceAddressIsUsed() {
    lab.ip("host", "addr add 192.0.2.9/24 dev eth0");
    firewall.change(
        new AddNetwork(
            network(
                1,
                new NetworkFamily(
                    Prefix.parse("172.30.1.0/24"),
                    GatewayMode.NAT,
                    true,
                    InetAddress.ofLiteral("192.0.2.9")))));
    assertThat(lab.visit("c1", Lab.NEIGHBOUR, 7000)).contains("192.0.2.9");
  }

  @Test
  void aRoutedNetworkOpensPublishedPortsOnTheContainersAddress() {
    firewall.change(
        List.of(
            new AddNetwork(
                network(
                    1,
                    new NetworkFamily(
                        Prefix.parse("172.30.1.0/24"), GatewayMode.ROUTED, false, null))),
            new AddNetwork(natNetwork(2))));
    publish(port("n1", "0.0.0.0", 0, C1));
    assertThat(lab.visit("outside", C1, 80)).contains(Lab.NEIGHBOUR);
    assertThat(lab.visit("c3", C1, 80)).isPresent();
    assertThat(lab.refused("outside", C2, 80)).isTrue();
    assertThat(lab.refused("c1", C3, 80)).isTrue();
    assertThat(lab.visit("c1", Lab.NEIGHBOUR, 7000)).contains(C1);
    lab.run("outside", "busybox", "ping", "-c1", "-W2", C2);
  }

  @Test
  void anUnprotectedNetworkIsReachedByRoutingButNotFromOtherNetworks() {
    firewall.change(
        List.of(
            new AddNetwork(
                network(
                    1,
                    new NetworkFamily(
                        Prefix.parse("172.30.1.0/24"), GatewayMode.NAT_UNPROTECTED, true, null))),
            new AddNetwork(natNetwork(2))));
    assertThat(lab.visit("outside", C1, 80)).contains(Lab.NEIGHBOUR);
    assertThat(lab.refused("c3", C1, 80)).isTrue();
  }

  @Test
  void directRoutingReachesOnlyPublishedPortsWhenAllowed() {
    start(new FirewallSettings(true, true, false, true, false));
    bothNetworks();
    publish(port("n1", "0.0.0.0", 8080, C1));
    assertThat(lab.visit("outside", C1, 80)).contains(Lab.NEIGHBOUR);
    assertThat(lab.refused("outside", C2, 80)).isTrue();
  }

  @Test
  void aTrustedInterfaceReachesPublishedPortsDirectly() {
    firewall.change(
        new AddNetwork(
            new FirewallNetwork(
                "n1",
                "br1",
                false,
                true,
                NetworkFamily.nat("172.30.1.0/24"),
                null,
                List.of("eth0"))));
    publish(port("n1", "0.0.0.0", 8080, C1));
    assertThat(lab.visit("outside", C1, 80)).contains(Lab.NEIGHBOUR);
    assertThat(lab.refused("outside", C2, 80)).isTrue();
  }

  @Test
  void aRangeOfPortsIsShiftedOneToOne() {
    bothNetworks();
    lab.serve("c1", "0.0.0.0", 81);
    publish(
        new PublishedPort(
            "n1",
            "e1",
            Protocol.TCP,
            InetAddress.ofLiteral("0.0.0.0"),
            9000,
            InetAddress.ofLiteral(C1),
            80,
            3));
    assertThat(lab.visit("outside", Lab.HOST, 9000)).contains(Lab.NEIGHBOUR);
    assertThat(lab.visit("outside", Lab.HOST, 9001)).contains(Lab.NEIGHBOUR);
    assertThat(lab.refused("outside", Lab.HOST, 9002)).isTrue();
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
  }

  @Test
  void udpPortsArePublishedToo() {
    bothNetworks();
    lab.serveUdp("c1", C1, 5353);
    publish(
        new PublishedPort(
            "n1",
            "e1",
            Protocol.UDP,
            InetAddress.ofLiteral("0.0.0.0"),
            5300,
            InetAddress.ofLiteral(C1),
            5353,
            1));
    assertThat(lab.ask("outside", Lab.HOST, 5300, Duration.ofSeconds(2))).contains(Lab.NEIGHBOUR);
  }

  @Test
  void sctpPortsHaveTheirRules() {
    bothNetworks();
    PublishedPort port =
        new PublishedPort(
            "n1",
            "e1",
            Protocol.SCTP,
            InetAddress.ofLiteral("0.0.0.0"),
            9132,
            InetAddress.ofLiteral(C1),
            9132,
            1);
    publish(port);
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
    assertThat(lab.run("host", "nft", "list", "ruleset")).containsPattern("sctp.{0,12}9132");
    firewall.change(new Unpublish(List.of(port)));
    assertThat(lab.run("host", "nft", "list", "ruleset")).doesNotContain("9132");
  }

  @Test
  void anAdministratorsOwnChainIsAskedBeforeOursAndNeverTouched() {
    bothNetworks();
    publish(port("n1", "0.0.0.0", 8080, C1), port("n1", "0.0.0.0", 8081, C1));
    administrator(
        "meta l4proto tcp ct original proto-dst 8081", "-p tcp -m conntrack --ctorigdstport 8081");
    firewall.heal();
    firewall.apply(firewall.state());
    assertThat(lab.visit("outside", Lab.HOST, 8080)).contains(Lab.NEIGHBOUR);
    assertThat(lab.refused("outside", Lab.HOST, 8081)).isTrue();
  }

  /** Drops what matches, as the documents tell administrators to. */
  abstract void administrator(String nftables, String iptables);

  @Test
  void visitorsAreSeenByTheDatagramsThatReachTheContainer() throws Exception {
    bothNetworks();
    publish(port("n1", "0.0.0.0", 8080, C1));
    try (Lab.Sniffer capture = lab.sniff("host", "br1", "tcp port 80", 3)) {
      lab.visit("outside", Lab.HOST, 8080);
      assertThat(capture.text()).contains(Lab.NEIGHBOUR + ".", "> " + C1 + ".80");
    }
  }

  @Test
  void manyScatteredPortsGoInOneTransaction() {
    bothNetworks();
    PublishedPort stays = port("n1", "0.0.0.0", 8080, C1);
    PublishedPort other = port("n2", "0.0.0.0", 8082, C3);
    publish(stays, other);
    List<PublishedPort> ports = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ports.add(port("n1", "0.0.0.0", 20000 + 2 * i, C1));
    }
    firewall.change(new Publish(ports));
    firewall.change(
        List.of(new Unpublish(ports), new Publish(List.of(port("n1", "0.0.0.0", 8083, C1)))));
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
    for (int port : new int[] {8080, 8082, 8083}) {
      assertThat(lab.visit("outside", Lab.HOST, port)).contains(Lab.NEIGHBOUR);
    }
    assertThat(lab.refused("outside", Lab.HOST, 20002)).isTrue();
  }

  @Test
  void whatIsTakenAwayLaterIsGoneBeforeTheNextChange() {
    bothNetworks();
    publish(port("n1", "0.0.0.0", 8080, C1));
    firewall.changeLater(new RemoveNetwork("n1"));
    firewall.change(new AddNetwork(network(1, NetworkFamily.nat("172.30.1.0/24"))));
    assertThat(firewall.state().ports()).isEmpty();
    assertThat(firewall.state().networks()).containsOnlyKeys("n1", "n2");
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
    firewall.changeLater(new RemoveNetwork("n2"));
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
    assertThat(firewall.state().networks()).containsOnlyKeys("n1");
  }

  @Test
  void ipv6IsTreatedLikeIpv4() {
    lab.container("d1", "br1", "fd00:1::2/64", "fd00:1::1");
    lab.serve("d1", "::", 80);
    lab.serve("outside", "2001:db8::2", 7006);
    firewall.change(
        new AddNetwork(
            new FirewallNetwork(
                "n1",
                "br1",
                false,
                true,
                NetworkFamily.nat("172.30.1.0/24"),
                NetworkFamily.nat("fd00:1::/64"),
                List.of())));
    publish(port("n1", "::", 8080, "fd00:1::2"));
    assertThat(lab.visit("outside", "2001:db8::1", 8080)).contains("2001:db8::2");
    assertThat(lab.visit("d1", "2001:db8::2", 7006)).contains("2001:db8::1");
    assertThat(lab.refused("outside", "fd00:1::2", 80)).isTrue();
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
  }

  @Test
  void connectionsOutliveAFreshStartOfTheEngine() throws Exception {
    bothNetworks();
    publish(port("n1", "0.0.0.0", 8080, C1));
    SocketChannel inward = lab.connection("outside", Lab.HOST, 8080);
    SocketChannel outward = lab.connection("c1", Lab.NEIGHBOUR, 7000);
    FirewallState state = firewall.state();
    firewall.close();
    firewall = open(state.settings(), lab.host());
    firewall.apply(state);
    assertThat(Lab.echo(inward, "still there")).isEqualTo("still there");
    assertThat(Lab.echo(outward, "still here")).isEqualTo("still here");
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
    assertThat(lab.visit("outside", Lab.HOST, 8080)).contains(Lab.NEIGHBOUR);
  }

  @Test
  void aHostThatTheEngineMadeARouterForwardsForContainersOnly() {
    lab.neighbour("lan", "198.51.100.1/24", "198.51.100.2/24");
    lab.serve("lan", "0.0.0.0", 7003);
    bothNetworks();
    publish(port("n1", "0.0.0.0", 8080, C1));
    assertThat(lab.visit("outside", "198.51.100.2", 7003)).contains(Lab.NEIGHBOUR);
    firewall.change(new FirewallChange.CloseForwarding(IpFamily.IPV4));
    assertThat(lab.refused("outside", "198.51.100.2", 7003)).isTrue();
    assertThat(lab.visit("c1", "198.51.100.2", 7003)).contains("198.51.100.1");
    assertThat(lab.visit("lan", "198.51.100.1", 8080)).contains("198.51.100.2");
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
    firewall.apply(firewall.state());
    assertThat(lab.refused("outside", "198.51.100.2", 7003)).isTrue();
  }

  @Test
  void theOtherBackendIsReplacedWithoutAHoleOrACut() throws Exception {
    FirewallSettings settings = FirewallSettings.defaults();
    firewall.removeAll();
    String otherName = firewall.name().equals("iptables") ? "nftables" : "iptables";
    FirewallState state =
        FirewallState.empty(settings)
            .after(
                List.of(
                    new AddNetwork(natNetwork(1)),
                    new AddNetwork(natNetwork(2)),
                    new Publish(List.of(port("n1", "0.0.0.0", 8080, C1))),
                    new FirewallChange.CloseForwarding(IpFamily.IPV4)));
    try (FirewallBackend other = Firewalls.open(otherName, settings, lab.host())) {
      other.apply(state);
    }
    SocketChannel inward = lab.connection("outside", Lab.HOST, 8080);
    SocketChannel outward = lab.connection("c1", Lab.NEIGHBOUR, 7000);
    try (Attacker attacker = Attacker.start(lab, C1, C3)) {
      firewall.apply(state);
      firewall.replaceOthers();
      assertThat(Lab.echo(inward, "still there")).isEqualTo("still there");
      assertThat(Lab.echo(outward, "still here")).isEqualTo("still here");
      attacker.attempts(20);
      assertThat(attacker.successes()).isZero();
    }
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
    assertThat(lab.visit("outside", Lab.HOST, 8080)).contains(Lab.NEIGHBOUR);
    String rules = lab.run("host", "nft", "list", "ruleset");
    if (otherName.equals("nftables")) {
      assertThat(rules).doesNotContain("docker-bridges");
    } else {
      assertThat(lab.run("host", "iptables-save"))
          .contains(":FORWARD ACCEPT", "-A FORWARD -j DOCKER-USER")
          .doesNotContain("br1", "DOCKER-FORWARD", ":DOCKER ");
      assertThat(lab.run("host", "ip6tables-save")).doesNotContain("DOCKER-FORWARD");
    }
  }

  @Test
  void aFlushIsNoticedAndHealed() {
    bothNetworks();
    publish(port("n1", "0.0.0.0", 8080, C1));
    flush(lab);
    assertThat(firewall.heal().clean()).isFalse();
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
    assertThat(lab.visit("outside", Lab.HOST, 8080)).contains(Lab.NEIGHBOUR);
    assertThat(lab.refused("outside", C1, 80)).isTrue();
  }

  @Test
  void ownChangesAreNotTakenForForeignOnes() {
    bothNetworks();
    publish(port("n1", "0.0.0.0", 8080, C1));
    assertThat(firewall.disturbed()).isFalse();
    lab.run("host", "nft", "add", "table", "inet", "mine");
    assertThat(firewall.disturbed()).isTrue();
    assertThat(firewall.heal()).isEqualTo(FirewallDrift.none());
    assertThat(firewall.disturbed()).isFalse();
  }

  @Test
  void aGuardRestoresRules() throws Exception {
    bothNetworks();
    publish(port("n1", "127.0.0.1", 8080, C1));
    try (FirewallGuard guard = new FirewallGuard(firewall, FirewallGuard.USUAL_INTERVAL)) {
      guard.start();
      flush(lab);
      Waiting.until(() -> firewall.verify().equals(FirewallDrift.none()));
    }
    assertThat(lab.refused("outside", C1, 80)).isTrue();
  }

  @Test
  void aChangeAfterAFlushRestoresEverything() {
    bothNetworks();
    PublishedPort first = port("n1", "0.0.0.0", 8080, C1);
    publish(first);
    flush(lab);
    firewall.change(
        List.of(
            new Unpublish(List.of(first)), new Publish(List.of(port("n1", "0.0.0.0", 8081, C1)))));
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
    assertThat(lab.visit("outside", Lab.HOST, 8081)).contains(Lab.NEIGHBOUR);
  }

  @Test
  void changesAndTheirInversesLeaveNothing() {
    bothNetworks();
    FirewallState before = firewall.state();
    publish(port("n1", "0.0.0.0", 8080, C1), port("n2", "127.0.0.1", 8081, C3));
    firewall.change(List.of(new RemoveNetwork("n1"), new RemoveNetwork("n2")));
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
    assertThat(firewall.state()).isEqualTo(FirewallState.empty(FirewallSettings.defaults()));
    firewall.apply(before);
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
    firewall.removeAll();
    assertThat(lab.run("host", "nft", "list", "ruleset")).doesNotContain("br1");
  }

  @Test
  void aThousandPortsArePublishedAtOnce() {
    bothNetworks();
    List<PublishedPort> ports = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      ports.add(port("n1", "0.0.0.0", 20000 + 2 * i, C1));
    }
    firewall.change(new Publish(ports));
    assertThat(lab.visit("outside", Lab.HOST, 21998)).isEqualTo(Optional.of(Lab.NEIGHBOUR));
    firewall.change(new Unpublish(ports));
    assertThat(lab.refused("outside", Lab.HOST, 21998)).isTrue();
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
  }
}
