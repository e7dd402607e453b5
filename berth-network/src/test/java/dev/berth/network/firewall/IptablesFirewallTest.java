package dev.berth.network.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The contract by iptables, and what is special to it. */
final class IptablesFirewallTest extends FirewallContract {

  @Override
  FirewallBackend open(FirewallSettings settings, HostNamespace host) {
    return Firewalls.open("iptables", settings, host);
  }

  @Override
  void flush(Lab lab) {
    for (String table : new String[] {"filter", "nat", "raw"}) {
      lab.run("host", "iptables", "-t", table, "-F");
    }
    lab.run("host", "iptables", "-X");
  }

  @Override
  void administrator(String nftables, String iptables) {
    lab.run("host", ("iptables -A DOCKER-USER " + iptables + " -j DROP").split(" "));
  }

  @Test
  void theUsersChainIsNeverTouched() {
    lab.run("host", "iptables", "-A", "DOCKER-USER", "-s", "198.51.100.0/24", "-j", "DROP");
    firewall.apply(firewall.state());
    firewall.change(new FirewallChange.AddNetwork(natNetwork(1)));
    firewall.removeAll();
    assertThat(lab.run("host", "iptables", "-S", "DOCKER-USER"))
        .contains("-A DOCKER-USER -s 198.51.100.0/24 -j DROP");
  }

  @Test
  void foreignRulesStay() {
    lab.run("host", "iptables", "-A", "FORWARD", "-i", "wg0", "-j", "ACCEPT");
    lab.run(
        "host",
        "iptables",
        "-t",
        "nat",
        "-A",
        "POSTROUTING",
        "-s",
        "10.9.0.0/24",
        "!",
        "-o",
        "wg0",
        "-j",
        "MASQUERADE");
    firewall.change(new FirewallChange.AddNetwork(natNetwork(1)));
    firewall.apply(firewall.state());
    assertThat(lab.run("host", "iptables", "-S", "FORWARD"))
        .contains("-A FORWARD -i wg0 -j ACCEPT");
    assertThat(lab.run("host", "iptables", "-t", "nat", "-S"))
        .contains("-s 10.9.0.0/24 ! -o wg0 -j MASQUERADE");
  }

  @Test
  void rulesOfANetworkThatIsGoneAreNotAdopted() {
    lab.run(
        "host",
        "iptables",
        "-t",
        "nat",
        "-A",
        "POSTROUTING",
        "-s",
        "172.40.0.0/16",
        "!",
        "-o",
        "br-0123456789ab",
        "-j",
        "MASQUERADE");
    firewall.apply(firewall.state());
    assertThat(lab.run("host", "iptables", "-t", "nat", "-S")).doesNotContain("br-0123456789ab");
  }

  @Test
  void withoutIptablesNothingIsWritten() {
    FirewallSettings off = new FirewallSettings(false, false, false, false, false);
    firewall.removeAll();
    firewall = open(off, lab.host());
    firewall.apply(FirewallState.empty(off));
    firewall.change(new FirewallChange.AddNetwork(natNetwork(1)));
    assertThat(lab.run("host", "iptables-save")).doesNotContain("br1");
  }
}
