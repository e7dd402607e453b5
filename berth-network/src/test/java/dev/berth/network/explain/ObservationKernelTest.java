package dev.berth.network.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.network.explain.ProbeResult.Outcome;
import dev.berth.network.firewall.Lab;
import dev.berth.network.firewall.Prefix;
import dev.berth.network.firewall.Protocol;
import dev.berth.network.trace.Hook;
import dev.berth.network.trace.Packet;
import dev.berth.network.trace.Ruling;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is seen of real namespaces and rules, and what attempts in them show. */
@Tag("kernel")
class ObservationKernelTest {
  private final Lab lab = new Lab();
  private final NamespaceReader namespaces = new NamespaceReader(lab.host());
  private final Prober prober = new Prober(namespaces);

  @BeforeEach
  void build() {
    lab.bridge("app0", "10.5.0.1/24", "fd05::1/64");
    lab.container("web", "app0", "10.5.0.2/24", "10.5.0.1");
    lab.serve("web", "10.5.0.2", 80);
    lab.serve("web", "127.0.0.1", 81);
    lab.serveUdp("web", "10.5.0.2", 53);
  }

  @AfterEach
  void close() throws IOException {
    lab.close();
  }

  private Path inside(String machine) {
    return Path.of(
        "/proc/" + ProcessHandle.current().pid() + "/fd/" + lab.namespace(machine).number());
  }

  private Outcome probe(String address, int port, Protocol protocol) {
    return prober.probe(null, InetAddress.ofLiteral(address), port, protocol).outcome();
  }

  @Test
  void aNamespaceIsSeenAsItIs() {
    NamespaceView host = namespaces.read(null);
    assertThat(host.find("app0").orElseThrow().addresses()).contains(Prefix.parse("10.5.0.1/24"));
    assertThat(host.route(InetAddress.ofLiteral("10.5.0.9")).orElseThrow().text())
        .isEqualTo("10.5.0.0/24 dev app0");
    assertThat(host.owns(InetAddress.ofLiteral("10.5.0.1"))).isTrue();
    assertThat(host.isOff("ipv4/ip_forward")).isFalse();
    NamespaceView web = namespaces.read(inside("web"));
    assertThat(web.listeners())
        .contains(
            new NamespaceView.Listener(Protocol.TCP, InetAddress.ofLiteral("10.5.0.2"), 80),
            new NamespaceView.Listener(Protocol.TCP, InetAddress.ofLiteral("127.0.0.1"), 81),
            new NamespaceView.Listener(Protocol.UDP, InetAddress.ofLiteral("10.5.0.2"), 53));
    assertThat(web.route(InetAddress.ofLiteral("8.8.8.8")).orElseThrow().text())
        .startsWith("default via 10.5.0.1 dev ");
  }

  @Test
  void attemptsShowWhatHappens() {
    assertThat(probe("10.5.0.2", 80, Protocol.TCP)).isEqualTo(Outcome.CONNECTED);
    assertThat(probe("10.5.0.2", 81, Protocol.TCP)).isEqualTo(Outcome.REFUSED);
    assertThat(probe("10.5.0.2", 53, Protocol.UDP)).isIn(Outcome.CONNECTED, Outcome.SENT);
    assertThat(probe("10.5.0.2", 54, Protocol.UDP)).isEqualTo(Outcome.REFUSED);
    assertThat(probe("203.0.113.9", 80, Protocol.TCP)).isEqualTo(Outcome.UNREACHABLE);
    assertThat(probe("fd06::9", 80, Protocol.TCP)).isEqualTo(Outcome.UNREACHABLE);
    assertThat(
            prober
                .probe(inside("web"), InetAddress.ofLiteral("127.0.0.1"), 81, Protocol.TCP)
                .outcome())
        .isEqualTo(Outcome.CONNECTED);
    lab.run("host", "iptables", "-A", "OUTPUT", "-d", "10.5.0.2", "-j", "DROP");
    assertThat(probe("10.5.0.2", 80, Protocol.TCP)).isEqualTo(Outcome.SILENT);
  }

  @Test
  void rulesOfBothToolsAreRead() {
    lab.run("host", "iptables", "-P", "INPUT", "DROP");
    lab.run("host", "nft", "add table inet mine");
    lab.run(
        "host", "nft", "add chain inet mine out { type filter hook output priority filter + 5; }");
    lab.run("host", "nft", "add rule inet mine out ip daddr 10.5.0.0/24 tcp dport 80-90 reject");
    Packet packet =
        Packet.made(
            InetAddress.ofLiteral("10.5.0.1"),
            new Packet.Target(InetAddress.ofLiteral("10.5.0.2"), 85),
            Protocol.TCP,
            false);
    RulesReader rules = new RulesReader(lab.host());
    Ruling out = rules.read(false).at(Hook.OUTPUT, packet, address -> false);
    assertThat(out.passed()).isFalse();
    assertThat(out.rejected()).isTrue();
    assertThat(out.deciding().getLast().toString())
        .startsWith("table inet mine, chain out: ip daddr 10.5.0.0/24 tcp dport 80-90 reject");
    assertThat(rules.read(false).at(Hook.INPUT, packet, address -> false).passed()).isFalse();
    assertThat(rules.read(true).at(Hook.INPUT, packet, address -> false).passed()).isTrue();
  }

  @Test
  void namesAreLookedUpAsAProgramInsideDoes() {
    Resolver resolver = new Resolver(namespaces);
    Resolver.Files files =
        new Resolver.Files("10.5.0.2 web # the server\n", "nameserver 10.5.0.2\n");
    assertThat(resolver.find(null, files, "web").addresses())
        .containsExactly(InetAddress.ofLiteral("10.5.0.2"));
    assertThat(resolver.find(null, files, "nobody").outcome()).isNotEqualTo(Names.Outcome.FOUND);
    assertThat(
            resolver
                .find(null, new Resolver.Files("", "nameserver 10.5.0.1\n"), "nobody")
                .outcome())
        .isEqualTo(Names.Outcome.SILENT);
  }
}
