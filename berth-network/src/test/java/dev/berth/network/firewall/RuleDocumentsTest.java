package dev.berth.network.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Writes down what rules some well-known situations give, so that a change of a rule shows in
 * review. With {@code -Dberth.write-documents=true} the files are written instead of compared.
 */
final class RuleDocumentsTest {
  private static final Path DIRECTORY = Path.of("..", "docs", "network");
  private static final InetAddress CONTAINER = InetAddress.ofLiteral("192.0.2.2");
  private static final FirewallNetwork DEFAULT_BRIDGE =
      new FirewallNetwork(
          "default", "docker0", false, true, NetworkFamily.nat("172.17.0.0/16"), null, List.of());

  private record Situation(String file, String title, String commands, FirewallState state) {}

  @Test
  void aNewEngine() throws IOException {
    check(
        new Situation(
            "new-engine.md", "A new engine with its default bridge", "bin/berthd", state(null)));
  }

  @Test
  void aPublishedPort() throws IOException {
    check(
        new Situation(
            "published-port.md",
            "A container with a published port",
            create("") + "docker run --network web -p 8080:80 busybox",
            state(network(GatewayMode.NAT, false, true), port("0.0.0.0", 8080, 1))));
  }

  @Test
  void aRangeOfPorts() throws IOException {
    check(
        new Situation(
            "port-range.md",
            "A container with a range of published ports",
            create("") + "docker run --network web -p 9000-9002:8000-8002 busybox",
            state(
                network(GatewayMode.NAT, false, true),
                new PublishedPort(
                    "web",
                    "e1",
                    Protocol.TCP,
                    InetAddress.ofLiteral("0.0.0.0"),
                    9000,
                    CONTAINER,
                    8000,
                    3))));
  }

  @Test
  void aPortOnTheLoopbackAddress() throws IOException {
    check(
        new Situation(
            "loopback-port.md",
            "A port that only the host itself may reach",
            create("") + "docker run --network web -p 127.0.0.1:8080:80 busybox",
            state(network(GatewayMode.NAT, false, true), port("127.0.0.1", 8080, 1))));
  }

  @Test
  void anInternalNetwork() throws IOException {
    check(
        new Situation(
            "internal-network.md",
            "An internal network",
            create("--internal "),
            state(network(GatewayMode.NAT, true, true))));
  }

  @Test
  void aNetworkWithoutCommunication() throws IOException {
    check(
        new Situation(
            "no-icc.md",
            "A network whose containers may not talk to each other",
            create("-o com.docker.network.bridge.enable_icc=false ")
                + "docker run --network web -p 8080:80 busybox",
            state(network(GatewayMode.NAT, false, false), port("0.0.0.0", 8080, 1))));
  }

  @Test
  void aRoutedNetwork() throws IOException {
    check(
        new Situation(
            "routed-network.md",
            "A routed network",
            create("-o com.docker.network.bridge.gateway_mode_ipv4=routed ")
                + "docker run --network web -p 80 busybox",
            state(network(GatewayMode.ROUTED, false, true), port("0.0.0.0", 0, 1))));
  }

  private static String create(String options) {
    return "docker network create --subnet 192.0.2.0/24 -o com.docker.network.bridge.name=web "
        + options
        + "web\n";
  }

  private static FirewallNetwork network(GatewayMode mode, boolean internal, boolean icc) {
    NetworkFamily family =
        new NetworkFamily(Prefix.parse("192.0.2.0/24"), mode, mode.translates(), null);
    return new FirewallNetwork("web", "web", internal, icc, family, null, List.of());
  }

  private static PublishedPort port(String hostAddress, int hostPort, int count) {
    return new PublishedPort(
        "web",
        "e1",
        Protocol.TCP,
        InetAddress.ofLiteral(hostAddress),
        hostPort,
        CONTAINER,
        80,
        count);
  }

  private static FirewallState state(@Nullable FirewallNetwork network, PublishedPort... ports) {
    List<FirewallNetwork> networks =
        network == null ? List.of(DEFAULT_BRIDGE) : List.of(DEFAULT_BRIDGE, network);
    return FirewallState.of(FirewallSettings.defaults(), networks, List.of(ports));
  }

  private static void check(Situation situation) throws IOException {
    Path file = DIRECTORY.resolve(situation.file);
    String text = document(situation);
    if (Boolean.getBoolean("berth.write-documents")) {
      Files.createDirectories(DIRECTORY);
      Files.writeString(file, text);
    }
    assertThat(file).content().isEqualTo(text);
  }

  private static String document(Situation situation) {
    String iptables = IptablesScript.whole(situation.state, IpFamily.IPV4, IptablesSave.empty());
    String nftables = NftablesRules.table(situation.state, IpFamily.IPV4);
    return "<!-- Written by RuleDocumentsTest; a test fails when it differs from the code. -->\n\n"
        + "# "
        + situation.title
        + "\n\n"
        + indented(situation.commands)
        + "\nBackend `iptables`, as input for `iptables-restore --noflush`:\n\n"
        + indented(iptables)
        + "\nBackend `nftables`:\n\n"
        + indented(nftables);
  }

  private static String indented(String text) {
    return text.lines()
        .map(line -> ("    " + line).stripTrailing() + "\n")
        .reduce("", String::concat);
  }
}
