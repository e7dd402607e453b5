package dev.berth.network.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract by nftables, and what is special to it. */
final class NftablesFirewallTest extends FirewallContract {

  @Override
  FirewallBackend open(FirewallSettings settings, HostNamespace host) {
    return Firewalls.open("nftables", settings, host);
  }

  @Override
  void flush(Lab lab) {
    lab.run("host", "nft", "flush", "ruleset");
  }

  @Override
  void administrator(String nftables, String iptables) {
    lab.run(
        "host",
        "nft",
        "table inet mine { chain forward { type filter hook forward priority -5; policy accept; "
            + nftables
            + " drop; }; }");
  }

  @Test
  void aSharedElementGoesWithTheLastPortThatNeedsIt() {
    firewall.change(new FirewallChange.AddNetwork(natNetwork(1)));
    PublishedPort first = port("n1", "0.0.0.0", 8080, "172.30.1.2");
    PublishedPort second = port("n1", "0.0.0.0", 8081, "172.30.1.2");
    firewall.change(new FirewallChange.Publish(List.of(first, second)));
    firewall.change(new FirewallChange.Unpublish(List.of(first)));
    assertThat(lab.visit("outside", Lab.HOST, 8081)).contains(Lab.NEIGHBOUR);
    assertThat(lab.refused("outside", Lab.HOST, 8080)).isTrue();
    firewall.change(new FirewallChange.Unpublish(List.of(second)));
    assertThat(lab.run("host", "nft", "list", "set", "ip", "docker-bridges", "open"))
        .doesNotContain("elements");
  }

  @Test
  void foreignTablesStay() {
    lab.run("host", "nft", "add", "table", "inet", "mine");
    firewall.apply(firewall.state());
    firewall.removeAll();
    assertThat(lab.run("host", "nft", "list", "tables")).isEqualTo("table inet mine\n");
  }

  @Test
  void aForeignElementIsSeenAndTakenAway() {
    firewall.change(new FirewallChange.AddNetwork(natNetwork(1)));
    lab.run("host", "nft", "add element ip docker-bridges open { 172.30.1.2 . tcp . 80 }");
    lab.run("host", "nft", "delete element ip docker-bridges bridges { br1 }");
    FirewallDrift drift = firewall.heal();
    assertThat(drift.foreign())
        .containsExactly("ip docker-bridges set open: 172.30.1.2 . tcp . 80");
    assertThat(drift.missing()).containsExactly("ip docker-bridges set bridges: \"br1\"");
    assertThat(firewall.verify()).isEqualTo(FirewallDrift.none());
  }
}
