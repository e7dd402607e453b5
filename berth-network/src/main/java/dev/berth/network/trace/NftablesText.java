package dev.berth.network.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what {@code nft list ruleset} prints. A condition that is not known here is unsure. */
final class NftablesText {
  private static final Pattern BASE =
      Pattern.compile(
          "type (\\w+) hook (\\w+) (?:device \\S+ )?priority ([\\w-]+)(?: ([+-]) (\\d+))?;"
              + "(?: policy (\\w+);)?");

  private static final Map<String, Integer> PRIORITIES =
      Map.of(
          "raw", -300, "mangle", -150, "dstnat", -100, "filter", 0, "security", 50, "srcnat", 100);

  private final String wanted;
  private final List<String> passedOver;
  private final List<Chain> chains = new ArrayList<>();
  private final Map<String, List<String>> lines = new LinkedHashMap<>();
  private final Map<String, NftablesSet> sets = new HashMap<>();

  private NftablesText(String wanted, List<String> passedOver) {
    this.wanted = wanted;
    this.passedOver = passedOver;
  }

  /**
   * Reads the chains of one address family.
   *
   * @param passedOver tables that are known from iptables, which prints them in words of its own
   */
  static List<Chain> read(String text, boolean ipv6, List<String> passedOver) {
    NftablesText reader = new NftablesText(ipv6 ? "ip6" : "ip", passedOver);
    List<String> table = new ArrayList<>();
    String name = "";
    for (String line : text.split("\n")) {
      if (line.startsWith("table ")) {
        name = line.substring("table ".length(), line.length() - 1).strip();
        table.clear();
      } else if (line.equals("}")) {
        reader.table(name, table);
      } else {
        table.add(line.strip());
      }
    }
    return reader.chains;
  }

  private void table(String name, List<String> content) {
    int space = name.indexOf(' ');
    String family = name.substring(0, Math.max(space, 0));
    boolean ours = family.equals(wanted) || family.equals("inet");
    if (!ours || (family.equals(wanted) && passedOver.contains(name.substring(space + 1)))) {
      return;
    }
    lines.clear();
    sets.clear();
    collect(content);
    lines.forEach((chain, rules) -> chains.add(chain(name, chain, rules)));
  }

  private void collect(List<String> content) {
    String chain = "";
    String set = "";
    StringBuilder elements = new StringBuilder();
    for (String line : content) {
      if (line.startsWith("chain ")) {
        chain = line.substring("chain ".length(), line.length() - 1).strip();
        lines.put(chain, new ArrayList<>());
      } else if (line.startsWith("set ") || line.startsWith("map ")) {
        set = line.substring("set ".length(), line.length() - 1).strip();
        sets.put(set, NftablesSet.EMPTY);
        chain = "";
      } else if (!elements.isEmpty() || line.startsWith("elements = {")) {
        elements.append(line).append(' ');
        if (line.endsWith("}")) {
          String text = elements.toString();
          sets.put(
              set, NftablesSet.read(text.substring(text.indexOf('{') + 1, text.lastIndexOf('}'))));
          elements.setLength(0);
        }
      } else if (!chain.isEmpty() && !line.isEmpty() && !line.equals("}")) {
        lines.computeIfAbsent(chain, absent -> new ArrayList<>()).add(line);
      }
    }
  }

  private Chain chain(String table, String name, List<String> content) {
    Chain.Base base = null;
    List<Rule> rules = new ArrayList<>();
    for (String line : content) {
      Matcher matcher = BASE.matcher(line);
      if (matcher.lookingAt()) {
        base = base(matcher);
      } else if (!line.startsWith("comment ")) {
        rules.add(new NftablesRuleText(line, Map.copyOf(sets)).read());
      }
    }
    return new Chain(table, name, base, rules);
  }

  private static Chain.@Nullable Base base(Matcher matcher) {
    Hook hook = null;
    for (Hook one : Hook.values()) {
      hook = one.word().equals(matcher.group(2)) ? one : hook;
    }
    if (hook == null) {
      return null;
    }
    String word = matcher.group(3);
    int priority = PRIORITIES.containsKey(word) ? PRIORITIES.get(word) : Integer.parseInt(word);
    if (matcher.group(5) != null) {
      int more = Integer.parseInt(matcher.group(5));
      priority += matcher.group(4).equals("+") ? more : -more;
    }
    return new Chain.Base(
        hook, priority, "drop".equals(matcher.group(6)), matcher.group(1).equals("nat"));
  }
}
