package dev.berth.network.trace;

import dev.berth.network.firewall.Prefix;
import dev.berth.network.firewall.Protocol;
import dev.berth.network.ipam.IpText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what {@code iptables-save} prints. A condition that is not known here is unsure. */
final class IptablesText {
  private static final Map<String, Integer> PRIORITIES =
      Map.of("raw", -300, "mangle", -150, "nat", -100, "filter", 0, "security", 50);

  private static final int AFTER_FILTER = 100;
  private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|\\S+");

  private IptablesText() {}

  static List<Chain> read(String text) {
    List<Chain> chains = new ArrayList<>();
    Map<String, List<Rule>> rules = new LinkedHashMap<>();
    Map<String, String> policies = new LinkedHashMap<>();
    String table = "";
    for (String line : text.split("\n")) {
      if (line.startsWith("*")) {
        table = line.substring(1).strip();
        rules.clear();
        policies.clear();
      } else if (line.startsWith(":")) {
        String[] words = line.substring(1).split(" ");
        rules.put(words[0], new ArrayList<>());
        policies.put(words[0], words.length > 1 ? words[1] : "-");
      } else if (line.startsWith("-A ")) {
        List<String> words = words(line);
        rules.computeIfAbsent(words.get(1), chain -> new ArrayList<>()).add(rule(line, words));
      } else if (line.startsWith("COMMIT")) {
        for (Map.Entry<String, List<Rule>> chain : rules.entrySet()) {
          String policy = policies.getOrDefault(chain.getKey(), "-");
          chains.add(
              new Chain(
                  table, chain.getKey(), base(table, chain.getKey(), policy), chain.getValue()));
        }
      }
    }
    return chains;
  }

  private static Chain.@Nullable Base base(String table, String chain, String policy) {
    if (policy.equals("-")) {
      return null;
    }
    Hook hook = Hook.valueOf(chain);
    boolean nat = table.equals("nat");
    boolean source = nat && (hook == Hook.POSTROUTING || hook == Hook.INPUT);
    int priority = source ? AFTER_FILTER : PRIORITIES.getOrDefault(table, 0);
    return new Chain.Base(hook, priority, policy.equals("DROP"), nat);
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      words.add(matcher.group(1) == null ? matcher.group() : matcher.group(1));
    }
    return words;
  }

  private static Rule rule(String line, List<String> words) {
    List<Match> matches = new ArrayList<>();
    Action action = Action.NOTHING;
    boolean negate = false;
    int i = 2;
    while (i < words.size()) {
      String word = words.get(i);
      String value = i + 1 < words.size() ? words.get(i + 1) : "";
      if (word.equals("!")) {
        negate = true;
        i++;
        continue;
      }
      if (word.equals("-j") || word.equals("-g")) {
        action = action(word, value, words.subList(i + 2, words.size()));
        break;
      }
      i += value.startsWith("-") || value.equals("!") || value.isEmpty() ? 1 : 2;
      Match match = match(word, value);
      if (match != null) {
        boolean opposite = negate;
        matches.add(packet -> match.test(packet).negated(opposite));
      }
      negate = false;
    }
    return new Rule(line, matches, action);
  }

  /** Null for a word that is no condition. */
  private static @Nullable Match match(String option, String value) {
    return switch (option) {
      case "-m", "--comment" -> null;
      case "-i" -> packet -> Match.Answer.of(Values.named(value, packet.in()));
      case "-o" -> packet -> Match.Answer.of(Values.named(value, packet.out()));
      case "-s" -> packet -> Match.Answer.of(block(value).contains(packet.source()));
      case "-d" -> packet -> Match.Answer.of(block(value).contains(packet.destination()));
      case "-p" -> packet -> Match.Answer.of(protocol(value, packet.protocol()));
      case "--dport", "--dports" -> packet -> Match.Answer.of(ports(value, packet.port()));
      case "--sport", "--sports" -> packet -> Match.Answer.of(ports(value, Values.SOURCE_PORT));
      case "--ctorigdst" ->
          packet -> Match.Answer.of(block(value).contains(packet.asked().address()));
      case "--ctorigdstport" -> packet -> Match.Answer.of(ports(value, packet.asked().port()));
      case "--ctstate", "--state" -> packet -> state(value, packet);
      case "--dst-type" ->
          packet ->
              value.equals("LOCAL")
                  ? Match.Answer.of(packet.local())
                  : packet.local() ? Match.Answer.NO : Match.Answer.UNSURE;
      default -> Match.UNKNOWN;
    };
  }

  private static Prefix block(String text) {
    InetAddress alone = IpText.parse(text).orElse(null);
    return alone == null
        ? Prefix.parse(text)
        : new Prefix(alone, alone.getAddress().length * Byte.SIZE);
  }

  private static boolean protocol(String value, Protocol protocol) {
    String name = protocol.name().toLowerCase(Locale.ROOT);
    return value.equals("all") || value.equals(name);
  }

  private static boolean ports(String value, int port) {
    for (String part : value.split(",")) {
      int colon = part.indexOf(':');
      int first = Integer.parseInt(colon < 0 ? part : part.substring(0, colon));
      int last = colon < 0 ? first : Integer.parseInt(part.substring(colon + 1));
      if (port >= first && port <= last) {
        return true;
      }
    }
    return false;
  }

  private static Match.Answer state(String value, Packet packet) {
    List<String> states = List.of(value.split(","));
    return Match.Answer.of(
        states.contains("NEW") || (states.contains("DNAT") && packet.translated()));
  }

  private static Action action(String word, String target, List<String> rest) {
    if (word.equals("-g")) {
      return new Action.Call(target, false);
    }
    return switch (target) {
      case "ACCEPT" -> Action.ACCEPT;
      case "DROP" -> new Action.Drop(false);
      case "REJECT" -> new Action.Drop(true);
      case "RETURN" -> Action.RETURN;
      case "DNAT" -> translation(rest);
      case "LOG",
          "NFLOG",
          "MARK",
          "CONNMARK",
          "MASQUERADE",
          "SNAT",
          "TRACE",
          "CT",
          "NOTRACK",
          "TCPMSS",
          "CHECKSUM",
          "CLASSIFY",
          "TOS",
          "DSCP" ->
          Action.NOTHING;
      default -> new Action.Call(target, true);
    };
  }

  private static Action translation(List<String> options) {
    int at = options.indexOf("--to-destination");
    if (at < 0 || at + 1 >= options.size()) {
      return Action.NOTHING;
    }
    String to = options.get(at + 1);
    return (Action.Translate) packet -> Values.target(to, packet);
  }
}
