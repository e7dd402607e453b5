package dev.berth.network.firewall;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the host's INPUT chain says, asked of connections to published ports. Those are translated
 * and forwarded, so that INPUT never sees them. Its rules are therefore written a second time, into
 * the mangle table, where a packet still has the address and port that its sender chose; only new
 * connections to published ports are led there. What INPUT rejects is dropped here, as the kernel
 * rejects nothing so early.
 */
final class IptablesInput {
  static final String TABLE = "mangle";
  static final String ENTRY = "DOCKER-INPUT";

  private static final String HOOK = "PREROUTING";
  private static final String JUMP =
      "-m addrtype --dst-type LOCAL -m conntrack --ctstate NEW -j " + ENTRY;
  private static final String COPY = ENTRY + "-";

  /** A word, or a text in quotes with escapes. */
  private static final Pattern WORDS = Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"|\\S+");

  private IptablesInput() {}

  /** The script that makes the mangle table so; empty when it is so already. */
  static String script(IptablesSave existing, Collection<PublishedPort> ports, IpFamily family) {
    List<String> forms = forms(ports, family);
    boolean wanted = !forms.isEmpty() && filters(existing);
    return write(existing, wanted ? chains(existing, forms) : Map.of());
  }

  /** The same with a host that lets nothing in, for when its rules cannot be written again. */
  static String closed(IptablesSave existing, Collection<PublishedPort> ports, IpFamily family) {
    Map<String, List<String>> chains = new LinkedHashMap<>();
    chains.put(ENTRY, led(forms(ports, family)));
    chains.put(COPY + 0, List.of("-j DROP"));
    return write(existing, chains);
  }

  /** The script that takes it all away; empty when there is nothing. */
  static String removal(IptablesSave existing) {
    return write(existing, Map.of());
  }

  /** Whether INPUT does anything but accept. */
  private static boolean filters(IptablesSave existing) {
    return !existing.rules(IptablesRules.FILTER, "INPUT").isEmpty()
        || existing.policy(IptablesRules.FILTER, "INPUT").equals("DROP");
  }

  private static List<String> forms(Collection<PublishedPort> ports, IpFamily family) {
    return ports.stream()
        .filter(port -> port.family() == family && port.hostPort() > 0)
        .map(IptablesInput::form)
        .distinct()
        .toList();
  }

  private static String form(PublishedPort port) {
    String protocol = port.protocol().text();
    String bits = port.family() == IpFamily.IPV4 ? "/32 " : "/128 ";
    String address =
        port.hostAddress().isAnyLocalAddress()
            ? ""
            : "-d " + Addresses.text(port.hostAddress()) + bits;
    String range =
        port.count() == 1
            ? Integer.toString(port.hostPort())
            : port.hostPort() + ":" + port.lastHostPort();
    return address + "-p " + protocol + " -m " + protocol + " --dport " + range;
  }

  private static List<String> led(List<String> forms) {
    return forms.stream().map(form -> form + " -g " + COPY + 0).toList();
  }

  /** INPUT and all chains that it leads to, numbered in the order in which they are met. */
  private static Map<String, List<String>> chains(IptablesSave existing, List<String> forms) {
    Map<String, List<String>> copies = new LinkedHashMap<>();
    copies.put(ENTRY, led(forms));
    Map<String, Integer> numbers = new LinkedHashMap<>();
    numbers.put("INPUT", 0);
    Deque<String> open = new ArrayDeque<>(List.of("INPUT"));
    while (!open.isEmpty()) {
      String chain = open.poll();
      List<String> rules = new ArrayList<>();
      for (String rule : existing.rules(IptablesRules.FILTER, chain)) {
        rules.add(copy(rule, existing, numbers, open));
      }
      if (chain.equals("INPUT")) {
        boolean drop = existing.policy(IptablesRules.FILTER, chain).equals("DROP");
        rules.add(drop ? "-j DROP" : "-j ACCEPT");
      }
      copies.put(COPY + numbers.get(chain), rules);
    }
    return copies;
  }

  private static String copy(
      String rule, IptablesSave existing, Map<String, Integer> numbers, Deque<String> open) {
    StringBuilder copy = new StringBuilder();
    String before = "";
    Matcher words = WORDS.matcher(rule);
    while (words.find()) {
      String word = words.group();
      boolean target = before.equals("-j") || before.equals("-g");
      if (target && word.equals("REJECT")) {
        return copy.append("DROP").toString();
      }
      if (target && existing.has(IptablesRules.FILTER, word)) {
        if (!numbers.containsKey(word)) {
          numbers.put(word, numbers.size());
          open.add(word);
        }
        word = COPY + numbers.get(word);
      }
      copy.append(word).append(' ');
      before = word;
    }
    return copy.toString().stripTrailing();
  }

  private static String write(IptablesSave existing, Map<String, List<String>> chains) {
    List<String> present =
        existing.chains(TABLE).stream().filter(chain -> chain.startsWith(ENTRY)).toList();
    boolean led = existing.rules(TABLE, HOOK).contains(JUMP);
    boolean same =
        present.size() == chains.size()
            && led == !chains.isEmpty()
            && chains.entrySet().stream()
                .allMatch(chain ->
                    existing.has(TABLE, chain.getKey())
                        && existing.rules(TABLE, chain.getKey()).equals(chain.getValue()));
    if (same) {
      return "";
    }
    List<String> lines = new ArrayList<>(List.of("*" + TABLE));
    chains.keySet().forEach(chain -> lines.add(":" + chain + " - [0:0]"));
    if (led && chains.isEmpty()) {
      lines.add("-D " + HOOK + " " + JUMP);
    }
    List<String> surplus = present.stream().filter(chain -> !chains.containsKey(chain)).toList();
    surplus.forEach(chain -> lines.add("-F " + chain));
    chains.forEach((chain, rules) -> rules.forEach(rule -> lines.add("-A " + chain + " " + rule)));
    surplus.forEach(chain -> lines.add("-X " + chain));
    if (!led && !chains.isEmpty()) {
      lines.add("-A " + HOOK + " " + JUMP);
    }
    lines.add("COMMIT");
    return String.join("\n", lines) + "\n";
  }
}
