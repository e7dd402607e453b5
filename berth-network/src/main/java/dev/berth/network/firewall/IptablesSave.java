package dev.berth.network.firewall;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code iptables-save} printed: by table and chain the rules in order, without the leading
 * {@code -A chain}.
 */
final class IptablesSave {
  private final Map<String, Map<String, List<String>>> tables = new LinkedHashMap<>();

  private final Map<String, Map<String, String>> policies = new LinkedHashMap<>();

  private IptablesSave() {}

  /** Nothing at all, as in a new namespace. */
  static IptablesSave empty() {
    return new IptablesSave();
  }

  /** Reads the output; lines of unknown form are passed over. */
  static IptablesSave parse(String text) {
    IptablesSave save = new IptablesSave();
    Map<String, List<String>> table = new LinkedHashMap<>();
    Map<String, String> policy = new LinkedHashMap<>();
    for (String line : text.split("\n")) {
      if (line.startsWith("*")) {
        table = save.tables.computeIfAbsent(line.substring(1), name -> new LinkedHashMap<>());
        policy = save.policies.computeIfAbsent(line.substring(1), name -> new LinkedHashMap<>());
      } else if (line.startsWith(":")) {
        String[] words = line.substring(1).split(" ", 3);
        table.put(words[0], new ArrayList<>());
        policy.put(words[0], words.length > 1 ? words[1] : "-");
      } else if (line.startsWith("-A ")) {
        int end = line.indexOf(' ', 3);
        table
            .computeIfAbsent(
                line.substring(3, end < 0 ? line.length() : end), c -> new ArrayList<>())
            .add(end < 0 ? "" : line.substring(end + 1));
      }
    }
    return save;
  }

  /** The chains of a table. */
  Set<String> chains(String table) {
    return tables.getOrDefault(table, Map.of()).keySet();
  }

  /** What a chain of the kernel does at its end; {@code -} for any other. */
  String policy(String table, String chain) {
    return policies.getOrDefault(table, Map.of()).getOrDefault(chain, "-");
  }

  /** Whether the chain exists. */
  boolean has(String table, String chain) {
    return tables.getOrDefault(table, Map.of()).containsKey(chain);
  }

  /** The rules of a chain; none when it does not exist. */
  List<String> rules(String table, String chain) {
    return tables.getOrDefault(table, Map.of()).getOrDefault(chain, List.of());
  }
}
