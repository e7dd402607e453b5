package dev.berth.network.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one rule of nftables, word by word. */
final class NftablesRuleText {
  private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|[{},]|[^\\s{},]+");
  private static final Set<String> ALONE = Set.of("iifname", "oifname", "iif", "oif");
  private static final Set<String> PAIRS =
      Set.of("ip", "ip6", "tcp", "udp", "sctp", "th", "meta", "ct", "icmp", "icmpv6");
  private static final Set<String> LOG_WORDS =
      Set.of("prefix", "level", "group", "snaplen", "queue-threshold", "flags");

  private final String text;
  private final Map<String, NftablesSet> sets;
  private final List<String> words = new ArrayList<>();
  private final List<Match> matches = new ArrayList<>();
  private Action action = Action.NOTHING;
  private int at;

  NftablesRuleText(String text, Map<String, NftablesSet> sets) {
    this.text = text;
    this.sets = sets;
  }

  Rule read() {
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group());
    }
    while (at < words.size()) {
      step();
    }
    return new Rule(text, matches, action);
  }

  private String word() {
    return at < words.size() ? words.get(at) : "";
  }

  private String next() {
    String word = word();
    at++;
    return word;
  }

  private void step() {
    if (isField()) {
      List<Field> fields = fields();
      if (word().equals("vmap")) {
        at++;
        NftablesSet map = set();
        action = (Action.Choose) packet -> verdict(map.find(fields, packet));
      } else {
        matches.add(comparison(fields));
      }
      return;
    }
    String word = next();
    switch (word) {
      case "accept", "drop", "return", "continue", "queue" -> action = plain(word);
      case "reject" -> {
        action = new Action.Drop(true);
        at = words.size();
      }
      case "jump" -> action = new Action.Call(next(), true);
      case "goto" -> action = new Action.Call(next(), false);
      case "dnat" -> action = translation();
      case "masquerade", "snat", "redirect", "notrack" -> at = words.size();
      case "counter" -> skipCounter();
      case "log" -> skipLog();
      case "comment" -> at++;
      default -> matches.add(Match.UNKNOWN);
    }
  }

  private static Action plain(String word) {
    return switch (word) {
      case "accept" -> Action.ACCEPT;
      case "drop" -> new Action.Drop(false);
      case "return" -> Action.RETURN;
      default -> Action.NOTHING;
    };
  }

  private static Action verdict(@org.jspecify.annotations.Nullable String data) {
    if (data == null) {
      return Action.NOTHING;
    }
    String[] parts = data.strip().split(" ");
    return switch (parts[0]) {
      case "jump" -> new Action.Call(parts[1], true);
      case "goto" -> new Action.Call(parts[1], false);
      default -> plain(parts[0]);
    };
  }

  private void skipCounter() {
    if (word().equals("packets")) {
      at += 4;
    }
  }

  private void skipLog() {
    while (LOG_WORDS.contains(word())) {
      at += 2;
    }
  }

  private boolean isField() {
    return ALONE.contains(word())
        || (PAIRS.contains(word()) && at + 1 < words.size())
        || (word().equals("fib") && at + 2 < words.size());
  }

  private List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    fields.add(field());
    while (word().equals(".")) {
      at++;
      fields.add(field());
    }
    return fields;
  }

  private Field field() {
    String first = next();
    if (ALONE.contains(first)) {
      return Field.of(first);
    }
    StringBuilder name = new StringBuilder(first).append(' ').append(word());
    String second = next();
    if (first.equals("fib") || second.equals("original") || second.equals("reply")) {
      name.append(' ').append(word());
      String third = next();
      if (third.equals("ip") || third.equals("ip6")) {
        name.append(' ').append(next());
      }
    }
    return Field.of(name.toString());
  }

  private Match comparison(List<Field> fields) {
    boolean negate = word().equals("!=");
    if (negate || word().equals("==") || word().equals("in")) {
      at++;
    }
    NftablesSet values = set();
    return packet -> values.test(fields, packet).negated(negate);
  }

  /** A named set, one in braces, or a list of words. */
  private NftablesSet set() {
    String first = next();
    if (first.startsWith("@")) {
      return sets.getOrDefault(first.substring(1), NftablesSet.EMPTY);
    }
    StringBuilder inner = new StringBuilder();
    if (first.equals("{")) {
      while (at < words.size() && !word().equals("}")) {
        inner.append(next()).append(' ');
      }
      at++;
      return NftablesSet.read(inner.toString());
    }
    inner.append(first);
    while (word().equals(",") || word().equals(".")) {
      inner.append(' ').append(next()).append(' ').append(next());
    }
    return NftablesSet.read(inner.toString());
  }

  private Action translation() {
    while (word().equals("ip") || word().equals("ip6") || word().equals("to")) {
      boolean family = !word().equals("to");
      if (family && !words.get(Math.min(at + 1, words.size() - 1)).equals("to")) {
        break;
      }
      at++;
    }
    if (!isField()) {
      String to = next();
      return (Action.Translate) packet -> Values.target(to, packet);
    }
    List<Field> fields = fields();
    at++;
    NftablesSet map = set();
    return (Action.Translate)
        packet -> {
          String data = map.find(fields, packet);
          return data == null ? null : Values.target(joined(data), packet);
        };
  }

  /** {@code address . port} as {@code address:port}. */
  private static String joined(String data) {
    int dot = data.indexOf(" . ");
    if (dot < 0) {
      return data.strip();
    }
    String address = data.substring(0, dot).strip();
    String port = data.substring(dot + 3).strip();
    return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
  }
}
