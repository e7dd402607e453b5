package dev.berth.network.firewall;

import dev.berth.network.firewall.IptablesRule.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Input for {@code iptables-restore --noflush} as a pure function of states. Each table is one
 * transaction of the kernel; when something is added, the tables come in an order in which what
 * drops is there before what lets in.
 */
final class IptablesScript {
  private static final List<String> TABLES =
      List.of(IptablesRules.RAW, IptablesRules.FILTER, IptablesRules.NAT);

  /** Rules in the kernel's own chains that an engine has written: the interface is the group. */
  private static final List<Pattern> OWN_FORMS =
      List.of(
          Pattern.compile("-s \\S+ ! -o (\\S+) -j (?:MASQUERADE|SNAT --to-source \\S+)"),
          Pattern.compile(
              "-s (\\S+) -d \\1 -o (?<bridge>\\S+) -m conntrack --ctstate DNAT -j MASQUERADE"),
          Pattern.compile("-s 127\\.0\\.0\\.0/8 -o (\\S+) -j MASQUERADE"),
          Pattern.compile("-o (\\S+) -m addrtype --src-type LOCAL -j MASQUERADE"),
          Pattern.compile("-[sd] 127\\.0\\.0\\.0/8 -i (\\S+) -j DROP"),
          Pattern.compile("-d \\S+ ! -i (\\S+)(?: -m addrtype ! --dst-type LOCAL)? -j DROP"));

  private static final Pattern ENGINE_BRIDGE = Pattern.compile("docker0|br-[0-9a-f]{12}");

  private static final String CLOSED = ":FORWARD DROP [0:0]";
  private static final String OPEN = ":FORWARD ACCEPT [0:0]";
  private static final int MOST_DELETIONS = 40;

  private IptablesScript() {}

  /**
   * The scripts for a change; none when the family is not concerned. One script keeps the order of
   * the tables; where everything only goes, each table has its own, as they may then run side by
   * side.
   */
  static List<String> change(FirewallDelta delta, IpFamily family) {
    if (!delta.after().settings().enabled(family)) {
      return List.of();
    }
    Map<String, List<String>> lines = byTable();
    if (delta.closing().contains(family)) {
      tableLines(lines, IptablesRules.FILTER).add(CLOSED);
    }
    removals(delta, family, lines);
    IptablesRules.added(delta, family).forEach(rule -> lines(lines, rule).add(rule.insertion()));
    if (!delta.onlyRemoves()) {
      return Stream.of(script(lines, false)).filter(text -> !text.isEmpty()).toList();
    }
    return lines.entrySet().stream()
        .map(table -> script(Map.of(table.getKey(), table.getValue()), true))
        .filter(text -> !text.isEmpty())
        .toList();
  }

  /**
   * Each deletion is looked for in its whole chain, by the program and in the kernel: a chain of
   * ours that loses very many is emptied and written again instead, in the same transaction.
   */
  private static void removals(
      FirewallDelta delta, IpFamily family, Map<String, List<String>> lines) {
    Map<ChainName, List<IptablesRule>> byChain = new LinkedHashMap<>();
    for (IptablesRule rule : IptablesRules.removed(delta, family)) {
      byChain
          .computeIfAbsent(new ChainName(rule.table(), rule.chain()), chain -> new ArrayList<>())
          .add(rule);
    }
    Set<ChainName> rewritten = new HashSet<>();
    byChain.forEach((chain, rules) -> {
      if (rules.size() > MOST_DELETIONS && ownChain(chain.table, chain.chain)) {
        rewritten.add(chain);
      } else {
        rules.forEach(rule -> lines(lines, rule).add(rule.deletion()));
      }
    });
    if (!rewritten.isEmpty()) {
      rewritten.forEach(chain -> tableLines(lines, chain.table).add("-F " + chain.chain));
      FirewallState left = delta.left();
      for (IptablesRule rule : IptablesRules.all(left, family)) {
        if (rewritten.contains(new ChainName(rule.table(), rule.chain()))) {
          lines(lines, rule).add(rule.listing());
        }
      }
    }
  }

  /**
   * The script that makes the kernel's rules those of a state.
   *
   * @param existing what is there now; of it only our chains and our rules are replaced
   */
  static String whole(FirewallState state, IpFamily family, IptablesSave existing) {
    if (!state.settings().enabled(family)) {
      return "";
    }
    Map<String, List<String>> lines = byTable();
    List<IptablesRule> rules = IptablesRules.all(state, family);
    declareChains(lines, state.closed().contains(family), existing);
    builtinChains(lines, state, rules, existing);
    for (IptablesRule rule : rules) {
      if (ownChain(rule.table(), rule.chain())) {
        lines(lines, rule).add(rule.listing());
      }
    }
    return script(lines, false);
  }

  /**
   * The script that takes everything away again, except DOCKER-USER.
   *
   * @param reopen whether the policy of what is forwarded was the engine's and goes too
   */
  static String none(FirewallState state, IpFamily family, IptablesSave existing, boolean reopen) {
    Map<String, List<String>> lines = byTable();
    if (reopen) {
      tableLines(lines, IptablesRules.FILTER).add(OPEN);
    }
    builtinChains(lines, state, List.of(), existing);
    for (String table : TABLES) {
      List<String> present =
          ownChains(table).stream().filter(chain -> existing.has(table, chain)).toList();
      present.forEach(chain -> tableLines(lines, table).add("-F " + chain));
      present.forEach(chain -> tableLines(lines, table).add("-X " + chain));
    }
    return script(lines, true);
  }

  /** Compares what is there with what should be. */
  static FirewallDrift drift(FirewallState state, IpFamily family, IptablesSave existing) {
    Map<ChainName, List<String>> wanted = new LinkedHashMap<>();
    for (String table : TABLES) {
      ownChains(table).forEach(chain -> wanted.put(new ChainName(table, chain), new ArrayList<>()));
    }
    for (IptablesRule rule : IptablesRules.all(state, family)) {
      wanted
          .computeIfAbsent(new ChainName(rule.table(), rule.chain()), chain -> new ArrayList<>())
          .add(rule.spec());
    }
    List<String> missing = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    if (!existing.has(IptablesRules.FILTER, IptablesRules.USER_CHAIN)) {
      missing.add("filter: chain " + IptablesRules.USER_CHAIN);
    }
    wanted.forEach((chain, should) -> {
      List<String> surplus = new ArrayList<>(existing.rules(chain.table, chain.chain));
      should.stream().filter(rule -> !surplus.remove(rule)).map(chain::line).forEach(missing::add);
      if (ownChain(chain.table, chain.chain)) {
        surplus.stream().map(chain::line).forEach(foreign::add);
      }
    });
    return new FirewallDrift(missing, foreign);
  }

  private record ChainName(String table, String chain) {
    String line(String rule) {
      return table + ": -A " + chain + " " + rule;
    }
  }

  private static void declareChains(
      Map<String, List<String>> lines, boolean closed, IptablesSave existing) {
    List<String> filter = tableLines(lines, IptablesRules.FILTER);
    if (closed) {
      filter.add(CLOSED);
    }
    // Naming a chain empties it, which is meant for ours and must not happen to the user's.
    IptablesRules.FILTER_CHAINS.forEach(chain -> filter.add(":" + chain + " - [0:0]"));
    if (!existing.has(IptablesRules.FILTER, IptablesRules.USER_CHAIN)) {
      filter.add(":" + IptablesRules.USER_CHAIN + " - [0:0]");
    }
    IptablesRules.NAT_CHAINS.forEach(
        chain -> tableLines(lines, IptablesRules.NAT).add(":" + chain + " - [0:0]"));
  }

  /** In the kernel's own chains only the difference is written. */
  private static void builtinChains(
      Map<String, List<String>> lines,
      FirewallState state,
      List<IptablesRule> rules,
      IptablesSave existing) {
    forwardJumps(lines, rules, existing);
    for (String table : TABLES) {
      for (String chain : List.of("PREROUTING", "OUTPUT", "POSTROUTING")) {
        List<String> present = new ArrayList<>(existing.rules(table, chain));
        List<IptablesRule> added = new ArrayList<>();
        for (IptablesRule rule : rules) {
          if (rule.table().equals(table)
              && rule.chain().equals(chain)
              && !present.remove(rule.spec())) {
            added.add(rule);
          }
        }
        for (String spec : present) {
          if (ownRule(spec, state)) {
            tableLines(lines, table).add("-D " + chain + " " + spec);
          }
        }
        added.forEach(rule -> lines(lines, rule).add(rule.insertion()));
      }
    }
  }

  /** The two jumps stay where they are when both are there in the right order. */
  private static void forwardJumps(
      Map<String, List<String>> lines, List<IptablesRule> rules, IptablesSave existing) {
    List<String> jumps =
        rules.stream()
            .filter(rule -> rule.chain().equals("FORWARD") && rule.place() == Place.BASE)
            .map(IptablesRule::spec)
            .toList();
    List<String> ours = List.of("-j " + IptablesRules.USER_CHAIN, "-j DOCKER-FORWARD");
    List<String> present =
        existing.rules(IptablesRules.FILTER, "FORWARD").stream().filter(ours::contains).toList();
    if (present.equals(jumps)) {
      return;
    }
    List<String> filter = tableLines(lines, IptablesRules.FILTER);
    boolean removing = jumps.isEmpty();
    present.stream()
        .filter(jump -> !removing || !jump.equals("-j " + IptablesRules.USER_CHAIN))
        .forEach(jump -> filter.add("-D FORWARD " + jump));
    for (int i = 0; i < jumps.size(); i++) {
      filter.add("-I FORWARD " + (i + 1) + " " + jumps.get(i));
    }
  }

  private static boolean ownRule(String spec, FirewallState state) {
    if (spec.endsWith("-m addrtype --dst-type LOCAL -j DOCKER")) {
      return true;
    }
    for (Pattern form : OWN_FORMS) {
      Matcher matcher = form.matcher(spec);
      if (matcher.matches()) {
        String bridge = matcher.group(matcher.groupCount());
        return ENGINE_BRIDGE.matcher(bridge).matches()
            || state.networks().values().stream()
                .anyMatch(network -> network.bridge().equals(bridge));
      }
    }
    return false;
  }

  private static boolean ownChain(String table, String chain) {
    return ownChains(table).contains(chain);
  }

  private static List<String> ownChains(String table) {
    return switch (table) {
      case IptablesRules.FILTER -> IptablesRules.FILTER_CHAINS;
      case IptablesRules.NAT -> IptablesRules.NAT_CHAINS;
      default -> List.of();
    };
  }

  private static Map<String, List<String>> byTable() {
    Map<String, List<String>> lines = new LinkedHashMap<>();
    TABLES.forEach(table -> lines.put(table, new ArrayList<>()));
    return lines;
  }

  private static List<String> lines(Map<String, List<String>> lines, IptablesRule rule) {
    return tableLines(lines, rule.table());
  }

  private static List<String> tableLines(Map<String, List<String>> lines, String table) {
    return lines.computeIfAbsent(table, name -> new ArrayList<>());
  }

  private static String script(Map<String, List<String>> lines, boolean reversed) {
    List<String> tables = new ArrayList<>(TABLES);
    if (reversed) {
      Collections.reverse(tables);
    }
    StringBuilder script = new StringBuilder();
    for (String table : tables) {
      List<String> tableLines = lines.getOrDefault(table, List.of());
      if (!tableLines.isEmpty()) {
        script.append('*').append(table).append('\n');
        tableLines.forEach(line -> script.append(line).append('\n'));
        script.append("COMMIT\n");
      }
    }
    return script.toString();
  }
}
