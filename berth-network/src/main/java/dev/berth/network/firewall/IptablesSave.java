package dev.berth.network.firewall;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code iptables-save} printed: by table and chain the rules in order, without the leading
 * {@code -A chain}.
 */
final class IptablesSave {
  private final Map<String, Map<String, List<String>>> tables = new LinkedHashMap<>();

  private IptablesSave() {}

  /** Nothing at all, as in a new namespace. */
  static IptablesSave empty() {
    return new IptablesSave();
  }

  /** Reads the output; lines of unknown form are passed over. */
  static IptablesSave parse(String text) {
    IptablesSave save = new IptablesSave();
    Map<String, List<String>> table = new LinkedHashMap<>();
    for (String line : text.split("\n")) {
      if (line.startsWith("*")) {
        table = save.tables.computeIfAbsent(line.substring(1), name -> new LinkedHashMap<>());
      } else if (line.startsWith(":")) {
        table.put(line.substring(1, line.indexOf(' ')), new ArrayList<>());
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

  /** Whether the chain exists. */
  boolean has(String table, String chain) {
    return tables.getOrDefault(table, Map.of()).containsKey(chain);
  }

  /** The rules of a chain; none when it does not exist. */
  List<String> rules(String table, String chain) {
    return tables.getOrDefault(table, Map.of()).getOrDefault(chain, List.of());
  }
}
