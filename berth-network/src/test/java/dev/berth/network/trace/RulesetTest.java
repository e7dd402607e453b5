package dev.berth.network.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.network.firewall.Protocol;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of both tools do in thought what they do in the kernel. */
class RulesetTest {
  private static final String IPTABLES =
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      :DOCKER - [0:0]
      -A PREROUTING ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
      -A POSTROUTING -s 172.18.0.0/16 ! -o br-app -j MASQUERADE
      -A DOCKER -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:80
      -A DOCKER -p tcp -m tcp --dport 9000:9002 -j DNAT --to-destination 172.18.0.2:8000-8002/9000
      COMMIT
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD DROP [0:0]
      :DOCKER - [0:0]
      :DOCKER-USER - [0:0]
      -A FORWARD -j DOCKER-USER
      -A FORWARD -o br-app -j DOCKER
      -A FORWARD -i br-app -o br-app -j ACCEPT
      -A FORWARD -i br-app ! -o br-app -j ACCEPT
      -A DOCKER -d 172.18.0.2/32 -o br-app -p tcp -m tcp --dport 80 -m conntrack --ctstate DNAT -j ACCEPT
      -A DOCKER ! -i br-app -o br-app -j DROP
      -A DOCKER-USER -s 10.0.0.0/8 -m comment --comment "not from \\"ten\\"" -j DROP
      -A DOCKER-USER -s 11.0.0.0/8 -m limit --limit 3/sec -j DROP
      -A DOCKER-USER -p udp -m recent --set --name DNS --rsource -j REJECT --reject-with icmp-port-unreachable
      -A DOCKER-USER -p tcp -m multiport --dports 22,6000:6010 -j LOG --log-prefix "seen -j DROP"
      -A DOCKER-USER -j RETURN
      COMMIT
      """;

  private static final String NFTABLES =
      """
      table ip docker-bridges {
      	set talking {
      		type ifname . ifname
      		elements = { "docker0" . "docker0",
      			     "br-app" . "br-app" }
      	}

      	set bridges {
      		type ifname
      		elements = { "br-app", "docker0" }
      	}

      	set open {
      		type ipv4_addr . inet_proto . inet_service
      		elements = { 172.18.0.2 . tcp . 80 }
      	}

      	map published {
      		type inet_proto . inet_service : ipv4_addr . inet_service
      		elements = { tcp . 8080 : 172.18.0.2 . 80 }
      	}

      	chain filter-FORWARD {
      		type filter hook forward priority filter; policy accept;
      		iifname . oifname @talking accept
      		oifname != @bridges accept
      		ct state established,related accept
      		ct status dnat ip daddr . meta l4proto . th dport @open accept
      		drop
      	}

      	chain nat-PREROUTING {
      		type nat hook prerouting priority dstnat; policy accept;
      		ip daddr 127.0.0.0/8 return
      		fib daddr type local jump publish
      	}

      	chain publish {
      		meta l4proto { tcp, udp, sctp } dnat ip to meta l4proto . th dport map @published
      	}
      }
      table inet admin {
      	chain forward {
      		type filter hook forward priority filter - 10; policy accept;
      		ct state vmap { invalid : drop, established : accept, related : accept }
      		ip saddr 10.0.0.0/8 counter packets 3 bytes 180 drop comment "not from ten"
      		ip saddr 11.0.0.0/8 limit rate 3/second drop
      		ip6 saddr fd00::/8 drop
      		meta l4proto udp log prefix "drop " reject with icmp port-unreachable
      	}
      }
      table ip6 other {
      	chain forward {
      		type filter hook forward priority filter; policy drop;
      	}
      }
      """;

  private static final Ruleset OLD = Ruleset.read(IPTABLES, "", false);
  private static final Ruleset NEW = Ruleset.read("", NFTABLES, false);

  private static Packet packet(String in, String out, String source, String to, Protocol how) {
    int colon = to.indexOf(':');
    InetAddress address = InetAddress.ofLiteral(to.substring(0, colon));
    Packet.Target target = new Packet.Target(address, Integer.parseInt(to.substring(colon + 1)));
    boolean local = address.getHostAddress().startsWith("198.");
    return Packet.made(InetAddress.ofLiteral(source), target, how, local)
        .comingBy(in)
        .leavingBy(out);
  }

  private static Ruling at(Ruleset rules, Hook hook, Packet packet) {
    return rules.at(hook, packet, address -> address.getHostAddress().startsWith("198."));
  }

  @ParameterizedTest
  @CsvSource({
    "br-app, br-app, 172.18.0.3, 172.18.0.2:80, true",
    "br-app, eth0, 172.18.0.3, 8.8.8.8:53, true",
    "docker0, br-app, 172.17.0.3, 172.18.0.2:80, false",
    "eth0, br-app, 192.0.2.1, 172.18.0.2:80, false",
    "br-app, eth0, 10.1.2.3, 8.8.8.8:53, false",
  })
  void bothToolsAgree(String in, String out, String source, String to, boolean passes) {
    Packet packet = packet(in, out, source, to, Protocol.TCP);
    assertThat(at(OLD, Hook.FORWARD, packet).passed()).isEqualTo(passes);
    assertThat(at(NEW, Hook.FORWARD, packet).passed()).isEqualTo(passes);
  }

  @Test
  void aPublishedPortIsTranslatedAndThenAccepted() {
    for (Ruleset rules : List.of(OLD, NEW)) {
      Packet asked = packet("eth0", "", "192.0.2.1", "198.51.100.1:8080", Protocol.TCP);
      Packet translated = at(rules, Hook.PREROUTING, asked).packet();
      assertThat(translated.destination().getHostAddress()).isEqualTo("172.18.0.2");
      assertThat(translated.port()).isEqualTo(80);
      assertThat(translated.local()).isFalse();
      assertThat(at(rules, Hook.FORWARD, translated.leavingBy("br-app")).passed()).isTrue();
    }
  }

  @Test
  void aRangeIsTranslatedPortByPort() {
    Packet asked = packet("eth0", "", "192.0.2.1", "198.51.100.1:9001", Protocol.TCP);
    assertThat(at(OLD, Hook.PREROUTING, asked).packet().port()).isEqualTo(8001);
    Packet beyond = packet("eth0", "", "192.0.2.1", "198.51.100.1:9003", Protocol.TCP);
    assertThat(at(OLD, Hook.PREROUTING, beyond).packet().translated()).isFalse();
  }

  @Test
  void theDecidingRuleIsQuotedWithTheWayToIt() {
    Packet packet = packet("br-app", "eth0", "10.1.2.3", "8.8.8.8:53", Protocol.TCP);
    assertThat(at(OLD, Hook.FORWARD, packet).deciding().stream().map(Ruling.Place::toString))
        .containsExactly(
            "table filter, chain FORWARD: -A FORWARD -j DOCKER-USER",
            "table filter, chain DOCKER-USER: -A DOCKER-USER -s 10.0.0.0/8 -m comment --comment"
                + " \"not from \\\"ten\\\"\" -j DROP");
    assertThat(at(NEW, Hook.FORWARD, packet).deciding().stream().map(Ruling.Place::toString))
        .containsExactly(
            "table inet admin, chain forward: ip saddr 10.0.0.0/8 counter packets 3 bytes 180 drop"
                + " comment \"not from ten\"");
    Packet other = packet("eth0", "eth1", "192.0.2.1", "8.8.8.8:53", Protocol.TCP);
    assertThat(at(OLD, Hook.FORWARD, other).deciding().getLast().rule()).isEqualTo("policy drop");
  }

  @Test
  void whatCannotBeForeseenIsDoubted() {
    Packet packet = packet("br-app", "br-app", "11.1.2.3", "172.18.0.2:80", Protocol.TCP);
    for (Ruleset rules : List.of(OLD, NEW)) {
      Ruling ruling = at(rules, Hook.FORWARD, packet);
      assertThat(ruling.passed()).isTrue();
      assertThat(ruling.doubts()).hasSize(1);
      assertThat(ruling.doubts().getFirst().rule()).contains("11.0.0.0/8");
    }
  }

  @Test
  void aRejectionIsToldApartFromADrop() {
    Packet packet = packet("br-app", "br-app", "172.18.0.3", "172.18.0.2:53", Protocol.UDP);
    Ruling ruling = at(NEW, Hook.FORWARD, packet);
    assertThat(ruling.passed()).isFalse();
    assertThat(ruling.rejected()).isTrue();
    assertThat(at(OLD, Hook.FORWARD, packet).doubts()).hasSize(1);
  }

  @Test
  void theOtherFamilyAndTablesOfIptablesAreLeftOut() {
    String mirrored =
        """
        table ip filter {
        	chain FORWARD {
        		type filter hook forward priority filter; policy drop;
        		xt match "conntrack" xt target "DROP"
        	}
        }
        """;
    Ruleset both = Ruleset.read(IPTABLES, mirrored, false);
    Packet packet = packet("br-app", "br-app", "172.18.0.3", "172.18.0.2:80", Protocol.TCP);
    assertThat(at(both, Hook.FORWARD, packet).passed()).isTrue();
    assertThat(at(Ruleset.read("", mirrored, false), Hook.FORWARD, packet).passed()).isFalse();
    assertThat(at(Ruleset.read("", NFTABLES, true), Hook.FORWARD, packet).passed()).isFalse();
    assertThat(at(Ruleset.EMPTY, Hook.FORWARD, packet).passed()).isTrue();
  }

  @Test
  void chainsThatCallEachOtherForEverEnd() {
    String circle =
        """
        *filter
        :FORWARD ACCEPT [0:0]
        :ONE - [0:0]
        -A FORWARD -j ONE
        -A ONE -j ONE
        COMMIT
        """;
    Packet packet = packet("a", "b", "192.0.2.1", "192.0.2.2:1", Protocol.TCP);
    assertThat(at(Ruleset.read(circle, "", false), Hook.FORWARD, packet).passed()).isTrue();
  }

  @Test
  void thePortThatTheSenderChoseIsRemembered() {
    String old =
        """
        *filter
        :FORWARD ACCEPT [0:0]
        -A FORWARD -p tcp -m conntrack --ctorigdst 198.51.100.1/32 --ctorigdstport 8080 -j DROP
        COMMIT
        """;
    String now =
        """
        table inet mine {
        	chain forward {
        		type filter hook forward priority -5; policy accept;
        		meta l4proto tcp ct original ip daddr 198.51.100.1 ct original proto-dst 8080 drop
        	}
        }
        """;
    Packet asked = packet("eth0", "", "192.0.2.1", "198.51.100.1:8080", Protocol.TCP);
    Packet direct = packet("eth0", "br-app", "192.0.2.1", "172.18.0.2:80", Protocol.TCP);
    Packet translated = at(OLD, Hook.PREROUTING, asked).packet().leavingBy("br-app");
    for (Ruleset rules : List.of(Ruleset.read(old, "", false), Ruleset.read("", now, false))) {
      assertThat(at(rules, Hook.FORWARD, translated).passed()).isFalse();
      assertThat(at(rules, Hook.FORWARD, direct).passed()).isTrue();
    }
  }
}
