package dev.berth.network.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.network.firewall.FirewallChange.AddNetwork;
import dev.berth.network.firewall.FirewallChange.Publish;
import dev.berth.network.firewall.FirewallChange.Unpublish;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Published ports behind a host's own INPUT rules, as ufw, firewalld and nftables.conf have them.
 */
@Tag("kernel")
@ParameterizedClass(name = "with {0}")
@ValueSource(strings = {"iptables", "nftables"})
final class ObeyInputTest {
  private static final FirewallSettings OBEYING =
      new FirewallSettings(true, true, false, false, true);
  private static final String C1 = "172.30.1.2";
  private static final String C3 = "172.30.2.2";

  @Parameter String backend;

  private Lab lab;
  private FirewallBackend firewall;
  private final PublishedPort open = FirewallContract.port("n1", "0.0.0.0", 8080, C1);
  private final PublishedPort shut = FirewallContract.port("n1", "0.0.0.0", 8081, C1);

  @BeforeEach
  void build() {
    lab = new Lab();
    lab.bridge("br1", "172.30.1.1/24", "fd00:1::1/64");
    lab.bridge("br2", "172.30.2.1/24");
    lab.container("c1", "br1", C1 + "/24", "172.30.1.1");
    lab.container("c3", "br2", C3 + "/24", "172.30.2.1");
    lab.serve("c1", "0.0.0.0", 80);
    lab.serve("outside", "0.0.0.0", 7000);
    firewall = Firewalls.open(backend, OBEYING, lab.host());
  }

  @AfterEach
  void tearDown() throws IOException {
    firewall.close();
    lab.close();
  }

  private void publish() {
    firewall.apply(FirewallState.empty(OBEYING));
    firewall.change(
        List.of(
            new AddNetwork(
                new FirewallNetwork(
                    "n1",
                    "br1",
                    false,
                    true,
                    NetworkFamily.nat("172.30.1.0/24"),
                    NetworkFamily.nat("fd00:1::/64"),
                    List.of())),
            new AddNetwork(FirewallContract.natNetwork(2))));
    firewall.change(new Publish(List.of(open, shut)));
  }

  private void iptables(String arguments) {
    lab.run("host", ("iptables " + arguments).split(" "));
  }

  private void ufw() {
    iptables("-P INPUT DROP");
    iptables("-N ufw-before-input");
    iptables("-N ufw-user-input");
    iptables("-A INPUT -j ufw-before-input");
    iptables("-A ufw-before-input -i lo -j ACCEPT");
    iptables("-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
    iptables("-A ufw-before-input -j ufw-user-input");
    iptables("-A ufw-user-input -s 192.0.2.0/24 -p tcp -m tcp --dport 8080 -j ACCEPT");
  }

  @Test
  void whatUfwDeniesByDefaultIsDeniedAndWhatItAllowsIsAllowed() {
    ufw();
    publish();
    assertThat(lab.visit("outside", Lab.HOST, 8080)).contains(Lab.NEIGHBOUR);
    assertThat(lab.refused("outside", Lab.HOST, 8081)).isTrue();
    assertThat(lab.refused("c3", Lab.HOST, 8081)).isTrue();
    assertThat(lab.visit("host", "127.0.0.1", 8081)).contains("172.30.1.1");
    assertThat(lab.visit("host", Lab.HOST, 8081)).isPresent();
    assertThat(lab.visit("c1", Lab.NEIGHBOUR, 7000)).contains(Lab.HOST);
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
  }

  @Test
  void aChangeOfTheHostsRulesIsFollowed() {
    ufw();
    publish();
    settle();
    iptables("-A ufw-user-input -p tcp -m tcp --dport 8081 -j ACCEPT");
    iptables("-I ufw-user-input -p tcp -m tcp --dport 8080 -j REJECT");
    assertThat(firewall.disturbed()).isTrue();
    settle();
    assertThat(lab.visit("outside", Lab.HOST, 8081)).contains(Lab.NEIGHBOUR);
    assertThat(lab.refused("outside", Lab.HOST, 8080)).isTrue();
    iptables("-t mangle -F");
    settle();
    assertThat(lab.refused("outside", Lab.HOST, 8080)).isTrue();
    assertThat(lab.visit("outside", Lab.HOST, 8081)).contains(Lab.NEIGHBOUR);
  }

  /** As the guard does: it has to come to rest. */
  private void settle() {
    for (int i = 0; i < 4 && firewall.disturbed(); i++) {
      firewall.heal();
    }
    assertThat(firewall.disturbed()).isFalse();
  }

  @Test
  void tablesOfNftablesAreAskedTooWithTheirSetsAndMaps() {
    lab.run(
        "host",
        "nft",
        """
        table inet filter {
          set allowed { type inet_service; flags interval; elements = { 22, 8080-8080 } }
          map zones { type ifname : verdict; elements = { "eth0" : goto outer, "lo" : accept } }
          chain input { type filter hook input priority filter; policy drop;
            ct state vmap { established : accept, related : accept, invalid : drop }
            iifname vmap @zones
          }
          chain outer {
            tcp dport @allowed counter accept
            meta l4proto tcp reject with tcp reset
          }
          chain forward { type filter hook forward priority filter; policy accept; }
        }
        """);
    publish();
    assertThat(lab.visit("outside", Lab.HOST, 8080)).contains(Lab.NEIGHBOUR);
    assertThat(lab.refused("outside", Lab.HOST, 8081)).isTrue();
    settle();
    lab.run("host", "nft", "add element inet filter allowed { 8081 }");
    assertThat(firewall.disturbed()).isTrue();
    settle();
    assertThat(lab.visit("outside", Lab.HOST, 8081)).contains(Lab.NEIGHBOUR);
  }

  @Test
  void ipv6HasItsOwnRules() {
    lab.run("host", "ip6tables", "-P", "INPUT", "DROP");
    lab.run(
        "host",
        "sh",
        "-c",
        "ip6tables -A INPUT -p ipv6-icmp -j ACCEPT;"
            + " ip6tables -A INPUT -p tcp --dport 8080 -j ACCEPT");
    publish();
    firewall.change(
        new Publish(
            List.of(
                FirewallContract.port("n1", "::", 8080, "fd00:1::3"),
                FirewallContract.port("n1", "::", 8081, "fd00:1::3"))));
    lab.container("d1", "br1", "fd00:1::3/64", "fd00:1::1");
    lab.serve("d1", "fd00:1::3", 80);
    assertThat(lab.visit("outside", "2001:db8::1", 8080)).contains("2001:db8::2");
    assertThat(lab.refused("outside", "2001:db8::1", 8081)).isTrue();
    assertThat(lab.visit("outside", Lab.HOST, 8081)).contains(Lab.NEIGHBOUR);
  }

  @Test
  void withoutTheOptionNothingOfItIsLeft() {
    ufw();
    publish();
    firewall.change(new Unpublish(List.of(open)));
    FirewallState state = firewall.state();
    firewall.close();
    FirewallSettings plain = FirewallSettings.defaults();
    firewall = Firewalls.open(backend, plain, lab.host());
    firewall.apply(
        new FirewallState(plain, state.networks(), state.ports(), state.links(), state.closed()));
    firewall.replaceOthers();
    assertThat(lab.run("host", "nft", "list", "ruleset"))
        .doesNotContain("DOCKER-INPUT", "docker-input");
    assertThat(lab.visit("outside", Lab.HOST, 8081)).contains(Lab.NEIGHBOUR);
  }
}
