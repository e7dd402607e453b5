package dev.berth.network.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.network.firewall.FirewallBackend;
import dev.berth.network.firewall.FirewallChange.AddNetwork;
import dev.berth.network.firewall.FirewallNetwork;
import dev.berth.network.firewall.FirewallSettings;
import dev.berth.network.firewall.FirewallState;
import dev.berth.network.firewall.Firewalls;
import dev.berth.network.firewall.GatewayMode;
import dev.berth.network.firewall.Lab;
import dev.berth.network.firewall.NetworkFamily;
import dev.berth.network.firewall.PublishedPort;
import dev.berth.network.firewall.RecordingFirewall;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Published ports with real sockets and packets. */
@Tag("kernel")
final class HostPortPublisherTest {
  private static final String C1 = "172.30.1.2";

  private Lab lab;
  private FirewallBackend firewall;
  private HostPortPublisher ports;
  private PortTargets targets;

  @BeforeEach
  void build() {
    lab = new Lab();
    lab.bridge("br1", "172.30.1.1/24", "fd00:1::1/64");
    lab.container("c1", "br1", C1 + "/24", "172.30.1.1");
    lab.serve("c1", "0.0.0.0", 80);
    FirewallSettings settings = FirewallSettings.defaults();
    firewall = Firewalls.open("iptables", settings, lab.host());
    firewall.apply(FirewallState.empty(settings));
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
    ports = new HostPortPublisher(firewall, lab.host(), true);
    targets = new PortTargets(target(C1), null);
  }

  @AfterEach
  void tearDown() throws Exception {
    ports.close();
    firewall.close();
    lab.close();
  }

  private static PortTarget target(String address) {
    return new PortTarget("n1", "e1", InetAddress.ofLiteral(address), GatewayMode.NAT, null);
  }

  private List<PortBinding> publish(String owner, String hostIp, String hostPort) {
    return ports.publish(owner, List.of(PortRequest.parse("80/tcp", hostIp, hostPort)), targets);
  }

  @Test
  void bothFamiliesLeadToAContainerThatHasOnlyOne() {
    List<PortBinding> bindings = publish("c1", "", "8080");
    assertThat(bindings).extracting(PortBinding::hostPort).containsExactly(8080, 8080);
    assertThat(lab.visit("outside", Lab.HOST, 8080)).contains(Lab.NEIGHBOUR);
    assertThat(lab.visit("outside", "2001:db8::1", 8080)).contains("172.30.1.1");
    assertThat(lab.visit("host", "::1", 8080)).contains("172.30.1.1");
    assertThat(lab.visit("host", "127.0.0.1", 8080)).contains("172.30.1.1");
    ports.unpublish("c1");
    assertThat(lab.refused("outside", Lab.HOST, 8080)).isTrue();
    assertThat(lab.refused("outside", "2001:db8::1", 8080)).isTrue();
    assertThat(firewall.state().ports()).isEmpty();
    publish("c2", "", "8080");
  }

  @Test
  void ipv6IsTranslatedWhereTheContainerHasIt() {
    lab.container("d1", "br1", "fd00:1::2/64", "fd00:1::1");
    lab.serve("d1", "::", 80);
    targets = new PortTargets(target(C1), target("fd00:1::2"));
    publish("c1", "", "8080");
    assertThat(lab.visit("outside", "2001:db8::1", 8080)).contains("2001:db8::2");
    assertThat(lab.visit("host", "::1", 8080)).contains("fd00:1::1");
  }

  @Test
  void aPortOfAnotherContainerIsTaken() {
    publish("c1", "", "8080");
    assertThatThrownBy(() -> publish("c2", "127.0.0.1", "8080"))
        .isInstanceOf(EngineException.class)
        .hasMessage("Bind for 127.0.0.1:8080 failed: port is already allocated");
    assertThat(ports.bindings("c2")).isEmpty();
    assertThat(publish("c2", "", "8080-8082")).extracting(PortBinding::hostPort).containsOnly(8081);
  }

  @Test
  void aPortOfAProcessIsInUse() {
    lab.serve("host", "0.0.0.0", 8181);
    assertThatThrownBy(() -> publish("c1", "", "8181"))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "failed to bind host port for 0.0.0.0:8181:172.30.1.2:80/tcp: address already in use");
    assertThat(firewall.state().ports()).isEmpty();
  }

  @Test
  void nobodyElseCanTakeAPublishedPort() {
    publish("c1", "", "8080");
    assertThatThrownBy(() -> lab.serve("host", "0.0.0.0", 8080)).hasMessageContaining("in use");
    assertThatThrownBy(() -> lab.serve("host", "127.0.0.1", 8080)).hasMessageContaining("in use");
  }

  @Test
  void allOrNothing() {
    lab.serve("host", "0.0.0.0", 8181);
    List<PortRequest> requests =
        List.of(PortRequest.parse("80", "", "8180"), PortRequest.parse("81", "", "8181"));
    assertThatThrownBy(() -> ports.publish("c1", requests, targets))
        .isInstanceOf(EngineException.class);
    lab.serve("host", "0.0.0.0", 8180);
  }

  @Test
  void ephemeralPortsBeginWhereTheKernelsDo() {
    PortBinding first = publish("c1", "", "").getFirst();
    PortBinding second = publish("c2", "", "0").getFirst();
    assertThat(first.hostPort()).isGreaterThanOrEqualTo(EphemeralPorts.read().first());
    assertThat(second.hostPort()).isGreaterThan(first.hostPort());
  }

  @Test
  void oneFamilyAloneDoesNotAnswerTheOther() {
    publish("c1", "::", "8080");
    assertThat(lab.visit("outside", "2001:db8::1", 8080)).isPresent();
    assertThat(lab.refused("outside", Lab.HOST, 8080)).isTrue();
    publish("c2", "0.0.0.0", "8080");
    assertThat(lab.visit("outside", Lab.HOST, 8080)).contains(Lab.NEIGHBOUR);
    ports.unpublish("c1");
    assertThat(lab.refused("outside", "2001:db8::1", 8080)).isTrue();
    publish("c3", "::", "8080");
    assertThat(lab.visit("outside", Lab.HOST, 8080)).contains(Lab.NEIGHBOUR);
  }

  @Test
  void anIpv4PortIsWidenedForAnotherContainersIpv6() {
    publish("c1", "0.0.0.0", "8080");
    publish("c2", "::", "8080");
    assertThat(lab.visit("outside", "2001:db8::1", 8080)).isPresent();
    ports.unpublish("c2");
    assertThatThrownBy(() -> lab.serve("host", "0.0.0.0", 8080)).hasMessageContaining("in use");
  }

  @Test
  void withoutFirewallTheEngineCarriesEverything() {
    FirewallSettings off = new FirewallSettings(false, false, false, false, false);
    firewall.removeAll();
    ports.close();
    ports = new HostPortPublisher(new RecordingFirewall(off), lab.host(), true);
    lab.serveUdp("c1", C1, 5353);
    publish("c1", "", "8080");
    ports.publish("c1", List.of(PortRequest.parse("5353/udp", "", "5300")), targets);
    assertThat(lab.visit("outside", Lab.HOST, 8080)).contains("172.30.1.1");
    Duration patience = Duration.ofSeconds(2);
    assertThat(lab.ask("outside", Lab.HOST, 5300, patience)).contains("172.30.1.1");
    assertThat(lab.ask("outside", "2001:db8::1", 5300, patience)).contains("172.30.1.1");
  }

  @Test
  void udpTrafficThatGoesOnFollowsThePort() throws Exception {
    lab.container("c2", "br1", "172.30.1.3/24", "172.30.1.1");
    lab.serveUdp("c1", C1, 5353);
    lab.serveUdp("c2", "172.30.1.3", 5353);
    List<PortRequest> request = List.of(PortRequest.parse("5353/udp", "0.0.0.0", "5300"));
    Duration patience = Duration.ofSeconds(2);
    assertThat(lab.ask("outside", 40000, Lab.HOST, 5300, Duration.ofMillis(200))).isEmpty();
    ports.publish("c1", request, targets);
    assertThat(lab.ask("outside", 40000, Lab.HOST, 5300, patience)).contains(Lab.NEIGHBOUR);
    ports.unpublish("c1");
    lab.ip("c1", "link set lo down");
    lab.ip("c1", "addr flush dev eth1");
    ports.publish("c2", request, new PortTargets(target("172.30.1.3"), null));
    assertThat(lab.ask("outside", 40000, Lab.HOST, 5300, patience)).contains(Lab.NEIGHBOUR);
  }

  @Test
  void portsAreHeldAgainAfterARestart() {
    List<PortBinding> bindings = publish("c1", "", "8080-8081");
    List<PublishedPort> before = List.copyOf(firewall.state().ports());
    ports.close();
    ports = new HostPortPublisher(firewall, lab.host(), true);
    assertThat(ports.restore("c1", bindings)).isEqualTo(before);
    assertThat(ports.bindings("c1")).isEqualTo(bindings);
    assertThat(lab.visit("host", "::1", 8080)).isPresent();
    assertThatThrownBy(() -> publish("c2", "", "8080")).hasMessageContaining("already allocated");
    ports.unpublish("c1");
    assertThat(firewall.state().ports()).isEmpty();
  }

  @Test
  void aThousandPortsBecomeOneRule() {
    List<PortRequest> requests = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      requests.add(PortRequest.parse(8000 + i + "/tcp", "", Integer.toString(9000 + i)));
    }
    assertThat(ports.publish("c1", requests, targets)).hasSize(2000);
    assertThat(firewall.state().ports()).hasSize(1);
    lab.serve("c1", "0.0.0.0", 8999);
    assertThat(lab.visit("outside", Lab.HOST, 9999)).contains(Lab.NEIGHBOUR);
    ports.unpublish("c1");
    assertThat(firewall.state().ports()).isEmpty();
  }

  @Test
  void aRoutedNetworkOpensPortsWithoutTakingAny() {
    targets =
        new PortTargets(
            new PortTarget("n1", "e1", InetAddress.ofLiteral(C1), GatewayMode.ROUTED, null), null);
    assertThat(publish("c1", "", "8080")).extracting(PortBinding::hostPort).containsExactly(0);
    publish("c2", "", "8080");
    lab.serve("host", "0.0.0.0", 8080);
  }
}
