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
  private static final String HEAD =
      "<!-- Written by RuleDocumentsTest; a test fails when it differs from the code. -->\n\n";
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

  @Test
  void anUnprotectedNetwork() throws IOException {
    check(
        new Situation(
            "unprotected-network.md",
            "A network that others may reach by routing",
            create("-o com.docker.network.bridge.gateway_mode_ipv4=nat-unprotected ")
                + "docker run --network web -p 8080:80 busybox",
            state(network(GatewayMode.NAT_UNPROTECTED, false, true), port("0.0.0.0", 8080, 1))));
  }

  @Test
  void aNetworkWithATrustedInterface() throws IOException {
    FirewallNetwork trusting =
        new FirewallNetwork(
            "web",
            "web",
            false,
            true,
            NetworkFamily.nat("192.0.2.0/24"),
            null,
            List.of("vxlan.calico"));
    check(
        new Situation(
            "trusted-interface.md",
            "A network whose published ports an interface reaches by routing",
            create("-o com.docker.network.bridge.trusted_host_interfaces=vxlan.calico ")
                + "docker run --network web -p 8080:80 busybox",
            state(trusting, port("0.0.0.0", 8080, 1))));
  }

  @Test
  void aSourceAddressOfChoice() throws IOException {
    NetworkFamily family =
        new NetworkFamily(
            Prefix.parse("192.0.2.0/24"),
            GatewayMode.NAT,
            true,
            InetAddress.ofLiteral("198.51.100.7"));
    check(
        new Situation(
            "source-address.md",
            "A network that leaves the host with a chosen address",
            create("-o com.docker.network.host_ipv4=198.51.100.7 "),
            state(new FirewallNetwork("web", "web", false, true, family, null, List.of()))));
  }

  @Test
  void aNetworkWithoutMasquerading() throws IOException {
    NetworkFamily family =
        new NetworkFamily(Prefix.parse("192.0.2.0/24"), GatewayMode.NAT, false, null);
    check(
        new Situation(
            "no-masquerade.md",
            "A network whose containers keep their addresses",
            create("-o com.docker.network.bridge.enable_ip_masquerade=false ")
                + "docker run --network web -p 8080:80 busybox",
            state(
                new FirewallNetwork("web", "web", false, true, family, null, List.of()),
                port("0.0.0.0", 8080, 1))));
  }

  @Test
  void aLegacyLink() throws IOException {
    FirewallState state =
        FirewallState.of(
                FirewallSettings.defaults(),
                List.of(
                    new FirewallNetwork(
                        "default",
                        "docker0",
                        false,
                        false,
                        NetworkFamily.nat("172.17.0.0/16"),
                        null,
                        List.of())),
                List.of())
            .after(
                List.of(
                    new FirewallChange.Link(
                        List.of(
                            new FirewallLink(
                                "default",
                                InetAddress.ofLiteral("172.17.0.3"),
                                InetAddress.ofLiteral("172.17.0.2"),
                                Protocol.TCP,
                                80)))));
    check(
        new Situation(
            "legacy-link.md",
            "A link where containers may not talk to each other",
            """
            bin/berthd --icc=false
            docker run --name web --expose 80 busybox
            docker run --link web busybox\
            """,
            state));
  }

  @Test
  void aHostThatTheEngineMadeARouter() throws IOException {
    check(
        new Situation(
            "forwarding.md",
            "A host that did not forward before the engine turned it on",
            "sysctl net.ipv4.ip_forward=0\nbin/berthd",
            state(null).after(List.of(new FirewallChange.CloseForwarding(IpFamily.IPV4)))));
  }

  @Test
  void directRouting() throws IOException {
    FirewallState usual = state(network(GatewayMode.NAT, false, true), port("0.0.0.0", 8080, 1));
    check(
        new Situation(
            "direct-routing.md",
            "Published ports that others reach by routing, too",
            "bin/berthd --allow-direct-routing\n"
                + create("")
                + "docker run --network web -p 8080:80 busybox",
            new FirewallState(
                new FirewallSettings(true, true, false, true, false),
                usual.networks(),
                usual.ports(),
                usual.links(),
                usual.closed())));
  }

  @Test
  void aNetworkWithBothFamilies() throws IOException {
    FirewallNetwork both =
        new FirewallNetwork(
            "web",
            "web",
            false,
            true,
            NetworkFamily.nat("192.0.2.0/24"),
            NetworkFamily.nat("2001:db8::/64"),
            List.of());
    PublishedPort six =
        new PublishedPort(
            "web",
            "e1",
            Protocol.TCP,
            InetAddress.ofLiteral("::"),
            8080,
            InetAddress.ofLiteral("2001:db8::2"),
            80,
            1);
    Situation situation =
        new Situation(
            "dual-stack.md",
            "A network with IPv4 and IPv6, seen from IPv6",
            "docker network create --ipv6 --subnet 192.0.2.0/24 --subnet 2001:db8::/64"
                + " -o com.docker.network.bridge.name=web web\n"
                + "docker run --network web -p 8080:80 busybox",
            state(both, port("0.0.0.0", 8080, 1), six));
    write(situation.file, document(situation, IpFamily.IPV6));
  }

  @Test
  void theHostsInputRules() throws IOException {
    String input =
        """
        *filter
        :INPUT DROP [0:0]
        :ufw-user-input - [0:0]
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -j ufw-user-input
        -A ufw-user-input -p tcp -m tcp --dport 8080 -j ACCEPT
        -A ufw-user-input -p tcp -m tcp --dport 8081 -j REJECT --reject-with tcp-reset
        COMMIT
        """;
    String table =
        """
        table inet filter {
        	set open {
        		type inet_service
        		elements = { 22, 8080 }
        	}

        	chain input {
        		type filter hook input priority filter; policy drop;
        		iifname "lo" accept
        		ct state established,related accept
        		tcp dport @open accept
        	}
        }
        """;
    List<PublishedPort> ports = List.of(port("0.0.0.0", 8080, 1), port("192.0.2.9", 9000, 3));
    write(
        "obeyed-input.md",
        HEAD
            + "# Published ports that obey the host's input rules\n\n"
            + indented(
                "bin/berthd --ports-obey-input\n"
                    + "docker run -p 8080:80 -p 192.0.2.9:9000-9002:80-82 busybox")
            + "\nWhat the host has in iptables:\n\n"
            + indented(input)
            + "\nWhat is added for it, whatever the backend:\n\n"
            + indented(IptablesInput.script(IptablesSave.parse(input), ports, IpFamily.IPV4))
            + "\nWhat the host has in nftables:\n\n"
            + indented(table)
            + "\nWhat is added for it, whatever the backend:\n\n"
            + indented(String.join("", NftablesInput.tables(table, ports, false).values())));
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
    write(situation.file, document(situation, IpFamily.IPV4));
  }

  private static void write(String name, String text) throws IOException {
    Path file = DIRECTORY.resolve(name);
    if (Boolean.getBoolean("berth.write-documents")) {
      Files.createDirectories(DIRECTORY);
      Files.writeString(file, text);
    }
    assertThat(file).content().isEqualTo(text);
  }

  private static String document(Situation situation, IpFamily family) {
    String iptables = IptablesScript.whole(situation.state, family, IptablesSave.empty());
    String nftables = NftablesRules.table(situation.state, family);
    return HEAD
        + "# "
        + situation.title
        + "\n\n"
        + indented(situation.commands)
        + "\nBackend `iptables`, as input for `"
        + IptablesFirewall.program(family)
        + "-restore --noflush`:\n\n"
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
