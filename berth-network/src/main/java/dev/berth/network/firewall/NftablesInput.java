package dev.berth.network.firewall;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the input chains of the host's nftables tables say, asked of connections to published ports:
 * each such table is written a second time with its sets and with the chains that input leads to,
 * before addresses are translated. See {@link IptablesInput} for why. The tables that the iptables
 * programs keep are left to it.
 */
final class NftablesInput {
  /** What our tables' names begin with; a number follows. */
  static final String TABLE = "docker-input-";

  /** As many tables are asked at most. */
  static final int MOST_TABLES = 8;

  private static final Pattern HEAD = Pattern.compile("table (ip|ip6|inet) (\\S+) \\{.*");
  private static final Pattern INPUT =
      Pattern.compile("type filter hook input priority [^;]+;(?: policy (\\w+);)?");
  private static final Pattern LED_TO = Pattern.compile("\\b(?:jump|goto) ([^\\s,}]+)");

  private NftablesInput() {}

  /**
   * A table of a listing.
   *
   * @param family ip, ip6 or inet
   * @param name its name
   * @param blocks its sets, maps and chains by their first line
   */
  private record Table(String family, String name, Map<String, List<String>> blocks) {

    /** The input chains, the names of chains to policies. */
    Map<String, String> inputs() {
      Map<String, String> inputs = new LinkedHashMap<>();
      blocks.forEach((head, lines) -> {
        Matcher type = INPUT.matcher(lines.isEmpty() ? "" : lines.getFirst().strip());
        if (head.startsWith("chain ") && type.matches()) {
          inputs.put(
              head.substring("chain ".length()), "drop".equals(type.group(1)) ? "drop" : "accept");
        }
      });
      return inputs;
    }

    boolean ofIptables() {
      return !family.equals("inet") && name.equals("filter") && blocks.containsKey("chain INPUT");
    }
  }

  /**
   * Our tables, their names with the family to their text.
   *
   * @param listing the tables concerned, without counters
   * @param closed whether they are to let nothing in instead of asking
   */
  static Map<String, String> tables(
      String listing, Collection<PublishedPort> ports, boolean closed) {
    Map<String, String> made = new LinkedHashMap<>();
    for (Table table : parse(listing)) {
      boolean own = table.name.startsWith(TABLE) || table.name.equals(NftablesRules.TABLE);
      List<String> forms = own ? List.of() : forms(ports, table.family);
      if (!forms.isEmpty() && !table.inputs().isEmpty()) {
        String name = table.family + " " + TABLE + made.size();
        made.put(name, "table " + name + " {\n" + body(table, forms, closed) + "}\n");
      }
    }
    return made;
  }

  /**
   * The names, with the family, of the tables that have input chains and of ours.
   *
   * @param chains what {@code list chains} prints: no rules
   */
  static List<String> concerned(String chains) {
    return parse(chains).stream()
        .filter(table -> !table.ofIptables())
        .filter(table -> table.name.startsWith(TABLE) || !table.inputs().isEmpty())
        .map(table -> table.family + " " + table.name)
        .toList();
  }

  /** Our tables in a listing, to see whether somebody has changed them. */
  static Map<String, String> own(String listing) {
    Map<String, String> own = new LinkedHashMap<>();
    for (Table table : parse(listing)) {
      if (table.name.startsWith(TABLE)) {
        own.put(table.family + " " + table.name, table.blocks.toString());
      }
    }
    return own;
  }

  private static List<Table> parse(String listing) {
    List<Table> tables = new ArrayList<>();
    Map<String, List<String>> blocks = new LinkedHashMap<>();
    List<String> block = new ArrayList<>();
    for (String line : listing.split("\n")) {
      Matcher head = HEAD.matcher(line);
      if (line.startsWith("table ")) {
        blocks = new LinkedHashMap<>();
        if (head.matches()) {
          tables.add(new Table(head.group(1), head.group(2), blocks));
        }
      } else if (line.startsWith("\t") && !line.startsWith("\t\t") && line.endsWith("{")) {
        block = new ArrayList<>();
        blocks.put(line.strip().replaceAll(" \\{$", ""), block);
      } else if (line.startsWith("\t\t")) {
        block.add(line);
      }
    }
    return tables;
  }

  private static List<String> forms(Collection<PublishedPort> ports, String tableFamily) {
    Set<String> forms = new LinkedHashSet<>();
    for (PublishedPort port : ports) {
      String family = NftablesRules.word(port.family());
      boolean seen = tableFamily.equals("inet") || tableFamily.equals(family);
      if (seen && port.hostPort() > 0) {
        String range =
            port.count() == 1
                ? Integer.toString(port.hostPort())
                : port.hostPort() + "-" + port.lastHostPort();
        String address =
            port.hostAddress().isAnyLocalAddress()
                ? "meta nfproto ipv" + (family.equals("ip") ? "4 " : "6 ")
                : family + " daddr " + Addresses.text(port.hostAddress()) + " ";
        forms.add(address + port.protocol().text() + " dport " + range);
      }
    }
    return List.copyOf(forms);
  }

  private static String body(Table table, List<String> forms, boolean closed) {
    StringBuilder text = new StringBuilder();
    Map<String, String> inputs = table.inputs();
    if (!closed) {
      Set<String> chains = reached(table, inputs.keySet());
      table.blocks.forEach((head, lines) -> {
        String chain = head.startsWith("chain ") ? head.substring("chain ".length()) : "";
        if (chain.isEmpty() ? !head.startsWith("flowtable ") : chains.contains(chain)) {
          block(text, head, lines, inputs.get(chain));
        }
      });
    }
    int number = 0;
    for (String input : inputs.keySet()) {
      text.append("\tchain docker-published-").append(number++).append(" {\n");
      text.append("\t\ttype filter hook prerouting priority -149; policy accept;\n");
      text.append("\t\tct state != new accept\n\t\tfib daddr type != local accept\n");
      String verdict = closed ? " drop" : " goto " + input;
      forms.forEach(form -> text.append("\t\t").append(form).append(verdict).append('\n'));
      text.append("\t}\n");
    }
    return text.toString();
  }

  /**
   * @param policy what an input chain does at its end, for which its line about the hook goes; null
   *     for anything else
   */
  private static void block(
      StringBuilder text, String head, List<String> lines, @Nullable String policy) {
    text.append('\t').append(head).append(" {\n");
    List<String> kept = policy == null ? lines : lines.subList(1, lines.size());
    kept.forEach(line -> text.append(line).append('\n'));
    if (policy != null) {
      text.append("\t\t").append(policy).append('\n');
    }
    text.append("\t}\n");
  }

  /** The chains that input leads to, by rules or by maps. */
  private static Set<String> reached(Table table, Set<String> inputs) {
    Set<String> reached = new LinkedHashSet<>(inputs);
    List<String> open = new ArrayList<>(inputs);
    table.blocks.keySet().stream().filter(head -> head.startsWith("map ")).forEach(open::add);
    while (!open.isEmpty()) {
      String next = open.removeLast();
      String head = next.startsWith("map ") ? next : "chain " + next;
      for (String line : table.blocks.getOrDefault(head, List.of())) {
        Matcher led = LED_TO.matcher(line);
        while (led.find()) {
          if (reached.add(led.group(1))) {
            open.add(led.group(1));
          }
        }
      }
    }
    return reached;
  }
}
