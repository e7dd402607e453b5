package dev.berth.network.firewall;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The table of one address family as text for nft: fixed rules over sets and maps, in the very form
 * in which nft lists them. The name is that of Docker's own table, which is thereby replaced when
 * an engine follows another one on the same host.
 */
final class NftablesRules {
  static final String TABLE = "docker-bridges";

  private NftablesRules() {}

  /** nft's word for the family. */
  static String word(IpFamily family) {
    return family == IpFamily.IPV4 ? "ip" : "ip6";
  }

  /** The commands that replace whatever is there by the table of this state, in one transaction. */
  static String whole(FirewallState state) {
    StringBuilder text = new StringBuilder();
    for (IpFamily family : IpFamily.values()) {
      if (state.settings().enabled(family)) {
        text.append(remove(family)).append(table(state, family));
      }
    }
    return text.toString();
  }

  /** The commands that remove a table, also when there is none. */
  static String remove(IpFamily family) {
    String name = word(family) + " " + TABLE + "\n";
    return "add table " + name + "delete table " + name;
  }

  /** The table of a state. */
  static String table(FirewallState state, IpFamily family) {
    Map<String, Set<String>> elements = new LinkedHashMap<>();
    for (NftablesElement element : elements(state)) {
      if (element.family() == family) {
        elements.computeIfAbsent(element.set(), set -> new LinkedHashSet<>()).add(element.text());
      }
    }
    StringBuilder text = new StringBuilder();
    text.append("table ").append(word(family)).append(' ').append(TABLE).append(" {\n");
    SETS.forEach(
        (name, type) -> set(text, family, name, type, elements.getOrDefault(name, Set.of())));
    return text.append(chains(state, family)).append("}\n").toString();
  }

  /** All elements of a state, in both families. */
  static List<NftablesElement> elements(FirewallState state) {
    List<NftablesElement> all = new ArrayList<>();
    state.networks().values().forEach(network -> all.addAll(NftablesElements.of(network)));
    for (PublishedPort port : state.ports()) {
      FirewallNetwork network = state.networks().get(port.networkId());
      if (network != null) {
        all.addAll(NftablesElements.of(network, port));
      }
    }
    for (FirewallLink link : state.links()) {
      if (state.networks().containsKey(link.networkId())) {
        all.add(NftablesElements.of(link));
      }
    }
    return all;
  }

  private static void set(
      StringBuilder text, IpFamily family, String name, SetType type, Set<String> elements) {
    String address = family == IpFamily.IPV4 ? "ipv4_addr" : "ipv6_addr";
    text.append(type.map() ? "\tmap " : "\tset ").append(name).append(" {\n");
    text.append("\t\ttype ").append(type.type().replace("ADDRESS", address)).append('\n');
    if (type.interval()) {
      text.append("\t\tflags interval\n");
    }
    if (!elements.isEmpty()) {
      text.append("\t\telements = { ")
          .append(String.join(",\n\t\t\t     ", elements))
          .append(" }\n");
    }
    text.append("\t}\n\n");
  }

  private record SetType(String type, boolean interval) {
    boolean map() {
      return type.contains(":");
    }
  }

  private static final Map<String, SetType> SETS = sets();

  private static Map<String, SetType> sets() {
    Map<String, SetType> sets = new LinkedHashMap<>();
    sets.put("talking", new SetType("ifname . ifname", false));
    sets.put("silent", new SetType("ifname . ifname", false));
    sets.put("internal", new SetType("ifname", false));
    sets.put("bridges", new SetType("ifname", false));
    sets.put("routed", new SetType("ifname", false));
    sets.put("unprotected", new SetType("ifname", false));
    sets.put("trusted", new SetType("ifname . ifname", false));
    sets.put("translated", new SetType("ifname", false));
    sets.put("homes", new SetType("ADDRESS . ifname", true));
    sets.put("masqueraded", new SetType("ADDRESS", true));
    sets.put("sources", new SetType("ADDRESS : ADDRESS", true));
    sets.put("open", new SetType("ADDRESS . inet_proto . inet_service", false));
    sets.put("links", new SetType("ADDRESS . ADDRESS . inet_proto . inet_service", false));
    sets.put("published", new SetType("inet_proto . inet_service : ADDRESS . inet_service", false));
    sets.put(
        "published-on",
        new SetType("ADDRESS . inet_proto . inet_service : ADDRESS . inet_service", false));
    return sets;
  }

  private static String chains(FirewallState state, IpFamily family) {
    String direct =
        state.settings().allowDirectRouting()
            ? "\t\tiifname != @bridges FAMILY daddr . meta l4proto . th dport @open accept\n"
            : "";
    String closed =
        state.closed().contains(family) ? "\t\tiifname != @bridges oifname != @bridges drop\n" : "";
    String ipv6 = family == IpFamily.IPV6 ? "\t\tip6 daddr ::1 return\n" : "";
    return """
    	chain filter-FORWARD {
    		type filter hook forward priority filter; policy accept;
    		iifname . oifname @talking accept
    		iifname . oifname @silent goto between-silent
    		iifname @internal drop
    		oifname @internal drop
    CLOSED		oifname != @bridges accept
    		ct state established,related accept
    		oifname @routed meta l4proto ICMP accept
    		oifname @unprotected iifname != @bridges accept
    		ct status dnat FAMILY daddr . meta l4proto . th dport @open accept
    		oifname @routed FAMILY daddr . meta l4proto . th dport @open accept
    		iifname . oifname @trusted FAMILY daddr . meta l4proto . th dport @open accept
    DIRECT		drop
    	}

    	chain between-silent {
    		FAMILY saddr . FAMILY daddr . meta l4proto . th dport @links accept
    		FAMILY daddr . FAMILY saddr . meta l4proto . th sport @links accept
    		ct status dnat accept
    		drop
    	}

    	chain nat-PREROUTING {
    		type nat hook prerouting priority dstnat; policy accept;
    		FAMILY daddr LOOPBACK return
    		fib daddr type local jump publish
    	}

    	chain nat-OUTPUT {
    		type nat hook output priority -100; policy accept;
    OUTPUT		fib daddr type local jump publish
    	}

    	chain publish {
    		meta l4proto { tcp, udp, sctp } dnat FAMILY to FAMILY daddr . meta l4proto . th dport map @published-on
    		meta l4proto { tcp, udp, sctp } dnat FAMILY to meta l4proto . th dport map @published
    	}

    	chain nat-POSTROUTING {
    		type nat hook postrouting priority srcnat; policy accept;
    		ct status dnat FAMILY saddr . oifname @homes masquerade
    		FAMILY saddr LOOPBACK oifname @translated masquerade
    		FAMILY saddr @masqueraded FAMILY saddr . oifname != @homes masquerade
    		FAMILY saddr . oifname != @homes snat to FAMILY saddr map @sources
    	}

    	chain raw-PREROUTING {
    		type filter hook prerouting priority raw; policy accept;
    		iifname @translated FAMILY saddr LOOPBACK drop
    		iifname @translated FAMILY daddr LOOPBACK drop
    	}
    """
        .replace("DIRECT", direct)
        .replace("CLOSED", closed)
        .replace("OUTPUT\t", ipv6.isEmpty() ? "\t" : ipv6 + "\t")
        .replace("FAMILY", word(family))
        .replace("LOOPBACK", family == IpFamily.IPV4 ? "127.0.0.0/8" : "::1")
        .replace("ICMP", family == IpFamily.IPV4 ? "icmp" : "ipv6-icmp");
  }

  /**
   * Commands for elements.
   *
   * @param verb {@code add} or {@code delete}
   */
  static String commands(String verb, List<NftablesElement> elements) {
    Map<String, List<String>> bySet = new LinkedHashMap<>();
    for (NftablesElement element : elements) {
      bySet
          .computeIfAbsent(
              word(element.family()) + " " + TABLE + " " + element.set(), set -> new ArrayList<>())
          .add(element.text());
    }
    StringBuilder text = new StringBuilder();
    bySet.forEach((set, values) ->
        text.append(verb)
            .append(" element ")
            .append(set)
            .append(" { ")
            .append(String.join(", ", values))
            .append(" }\n"));
    return text.toString();
  }
}
