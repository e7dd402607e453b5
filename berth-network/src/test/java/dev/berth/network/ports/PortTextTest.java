package dev.berth.network.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.network.firewall.GatewayMode;
import dev.berth.network.firewall.Protocol;
import dev.berth.network.firewall.PublishedPort;
import dev.berth.network.ports.PortPlan.HostAbilities;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Port requests as text, what they mean, and how neighbours are joined. */
final class PortTextTest {
  private static final HostAbilities ALL = new HostAbilities(true, true);

  static PortTarget target(String address, @Nullable String defaultHost) {
    return new PortTarget(
        "n1",
        "e1",
        InetAddress.ofLiteral(address),
        GatewayMode.NAT,
        defaultHost == null ? null : InetAddress.ofLiteral(defaultHost));
  }

  @ParameterizedTest
  @CsvSource({
    "80/tcp, '', 8080, TCP, 80, 8080, 8080",
    "80, '', '', TCP, 80, 0, 0",
    "53/udp, 127.0.0.1, 0, UDP, 53, 0, 0",
    "80/TCP, ::1, 8000-8010, TCP, 80, 8000, 8010",
    "9/sctp, [fd00::1], 9, SCTP, 9, 9, 9"
  })
  void formsThatAreRight(
      String container, String ip, String host, Protocol protocol, int port, int first, int last) {
    PortRequest request = PortRequest.parse(container, ip, host);
    assertThat(request.protocol()).isEqualTo(protocol);
    assertThat(request.containerPort()).isEqualTo(port);
    assertThat(request.firstHostPort()).isEqualTo(first);
    assertThat(request.lastHostPort()).isEqualTo(last);
    assertThat(request.hostAddress() == null).isEqualTo(ip.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"notaport", "65536", "-1", "80-", "90-80", "8 0", "٣"})
  void portsThatAreWrong(String text) {
    assertThatThrownBy(() -> PortRequest.parse("80/tcp", "", text))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID))
        .hasMessage("invalid port specification: \"" + text + "\"");
  }

  @Test
  void aRequestWithoutAddressIsForBothFamilies() {
    PortPlan plan =
        PortPlan.of(
            PortRequest.parse("80", "", "8080"),
            new PortTargets(target("172.17.0.2", null), null),
            ALL);
    assertThat(plan.sides())
        .extracting(side -> side.hostAddress().getHostAddress())
        .containsExactly("0.0.0.0", "0:0:0:0:0:0:0:0");
    assertThat(plan.sides().getLast().target().address().getHostAddress()).isEqualTo("172.17.0.2");
  }

  @Test
  void withoutProxyIpv6DoesNotLeadToIpv4() {
    PortPlan plan =
        PortPlan.of(
            PortRequest.parse("80", "", "8080"),
            new PortTargets(target("172.17.0.2", null), null),
            new HostAbilities(true, false));
    assertThat(plan.sides()).hasSize(1);
  }

  @Test
  void theNetworksDefaultAddressStandsAlone() {
    PortPlan plan =
        PortPlan.of(
            PortRequest.parse("80", "", "8080"),
            new PortTargets(target("172.17.0.2", "127.0.0.1"), null),
            ALL);
    assertThat(plan.sides())
        .extracting(side -> side.hostAddress().getHostAddress())
        .containsExactly("127.0.0.1");
  }

  @Test
  void anExplicitAddressIsTheOnlyOne() {
    PortTargets targets = new PortTargets(target("172.17.0.2", null), target("fd00::2", null));
    assertThat(PortPlan.of(PortRequest.parse("80", "0.0.0.0", "1"), targets, ALL).sides())
        .hasSize(1);
    assertThat(PortPlan.of(PortRequest.parse("80", "::", "1"), targets, ALL).sides()).hasSize(1);
    assertThat(PortPlan.of(PortRequest.parse("80", "", "1"), targets, ALL).sides())
        .extracting(side -> side.target().address().getHostAddress())
        .containsExactly("172.17.0.2", "fd00:0:0:0:0:0:0:2");
  }

  @Test
  void nothingIsPublishedWithoutTarget() {
    assertThat(
            PortPlan.of(PortRequest.parse("80", "", "1"), new PortTargets(null, null), ALL).sides())
        .isEmpty();
  }

  @Test
  void neighboursBecomeOneRange() {
    List<PortBinding> bindings = new ArrayList<>();
    for (int i : new int[] {2, 0, 1, 5}) {
      bindings.add(
          new PortBinding(
              Protocol.TCP, 80 + i, PortPlan.ANY_IPV4, 9100 + i, target("172.17.0.2", null)));
    }
    bindings.add(
        new PortBinding(Protocol.TCP, 80, PortPlan.ANY_IPV6, 9100, target("172.17.0.2", null)));
    assertThat(PortRanges.merge(bindings))
        .extracting(PublishedPort::hostPort, PublishedPort::containerPort, PublishedPort::count)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(9100, 80, 3),
            org.assertj.core.groups.Tuple.tuple(9105, 85, 1));
  }

  @Test
  void ephemeralPortsSkipWhatIsReserved() {
    EphemeralPorts ports = EphemeralPorts.parse("32768\t32773\n", "32768,32770-32771\n");
    PortTable table = new PortTable();
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      chosen.add(table.nextEphemeral(Protocol.TCP, ports));
    }
    assertThat(chosen).containsExactly(32769, 32772, 32773, 32769);
    assertThat(table.nextEphemeral(Protocol.UDP, ports)).isEqualTo(32769);
  }

  @Test
  void aRangeThatIsReservedWholeIsAnError() {
    BitSet all = new BitSet();
    all.set(1, 10);
    assertThatThrownBy(
            () -> new PortTable().nextEphemeral(Protocol.TCP, new EphemeralPorts(1, 9, all)))
        .hasMessage("all ports are allocated");
  }

  @Test
  void aWildcardExcludesEveryAddressOfItsFamily() {
    PortTable table = new PortTable();
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    table.take(Protocol.TCP, loopback, 80, "a");
    assertThat(table.free(Protocol.TCP, PortPlan.ANY_IPV4, 80)).isFalse();
    assertThat(table.free(Protocol.TCP, PortPlan.ANY_IPV6, 80)).isTrue();
    assertThat(table.free(Protocol.TCP, InetAddress.ofLiteral("127.0.0.2"), 80)).isTrue();
    assertThat(table.free(Protocol.UDP, loopback, 80)).isTrue();
    assertThatThrownBy(() -> table.take(Protocol.TCP, PortPlan.ANY_IPV4, 80, "b"))
        .hasMessage("Bind for 0.0.0.0:80 failed: port is already allocated");
    table.release(Protocol.TCP, loopback, 80);
    assertThat(table.free(Protocol.TCP, PortPlan.ANY_IPV4, 80)).isTrue();
  }
}
