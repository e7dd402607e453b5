package dev.berth.network.firewall;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table as nft lists it, taken apart for comparison: the elements of each set, in any order, and
 * the rules of each chain, in theirs.
 */
final class NftablesListing {
  private static final String ELEMENTS = "elements = {";

  private final Map<String, Set<String>> elements = new LinkedHashMap<>();
  private final Map<String, List<String>> rules = new LinkedHashMap<>();

  private NftablesListing() {}

  /** Takes a listing apart, or the text that {@link NftablesRules} makes. */
  static NftablesListing parse(String text) {
    NftablesListing listing = new NftablesListing();
    String block = "";
    StringBuilder collecting = new StringBuilder();
    for (String raw : text.split("\n")) {
      String line = raw.strip();
      if (line.startsWith("set ") || line.startsWith("map ") || line.startsWith("chain ")) {
        block = line.substring(0, line.length() - 1).strip();
        listing.begin(block);
      } else if (!collecting.isEmpty() || line.startsWith(ELEMENTS)) {
        collecting.append(line).append(' ');
        if (line.endsWith("}")) {
          listing.addElements(block, collecting.toString());
          collecting.setLength(0);
        }
      } else if (block.startsWith("chain ") && !line.isEmpty() && !line.equals("}")) {
        listing.rules.getOrDefault(block, new ArrayList<>()).add(line);
      }
    }
    return listing;
  }

  private void begin(String block) {
    if (block.startsWith("chain ")) {
      rules.put(block, new ArrayList<>());
    } else {
      elements.put(block, new LinkedHashSet<>());
    }
  }

  private void addElements(String block, String text) {
    String inner = text.substring(text.indexOf('{') + 1, text.lastIndexOf('}'));
    for (String element : inner.split(",")) {
      elements
          .getOrDefault(block, new LinkedHashSet<>())
          .add(element.strip().replaceAll("\\s+", " "));
    }
  }

  /** How a listing from the kernel differs from what should be. */
  static void compare(
      String table,
      NftablesListing should,
      NftablesListing present,
      List<String> missing,
      List<String> foreign) {
    should.elements.forEach((set, values) -> {
      Set<String> there = present.elements.getOrDefault(set, Set.of());
      report(table + " " + set, values, there, missing);
      report(table + " " + set, there, values, foreign);
    });
    should.rules.forEach((chain, lines) -> {
      List<String> there = present.rules.getOrDefault(chain, List.of());
      if (!lines.equals(there)) {
        report(table + " " + chain, lines, there, missing);
        report(table + " " + chain, there, lines, foreign);
        if (missing.isEmpty() && foreign.isEmpty()) {
          missing.add(table + " " + chain + ": order");
        }
      }
    });
  }

  private static void report(
      String place, Iterable<String> some, java.util.Collection<String> others, List<String> into) {
    for (String one : some) {
      if (!others.contains(one)) {
        into.add(place + ": " + one);
      }
    }
  }
}
