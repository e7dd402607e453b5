package dev.berth.network;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Decides which networks a filter means. */
final class NetworkMatcher {
  private final NetworkFilter filter;
  private final List<Predicate<String>> names;
  private final List<Predicate<String>> ids;

  NetworkMatcher(NetworkFilter filter) {
    this.filter = filter;
    this.names = filter.names().stream().map(NetworkMatcher::pattern).toList();
    this.ids = filter.ids().stream().map(NetworkMatcher::pattern).toList();
  }

  private static Predicate<String> pattern(String expression) {
    try {
      return Pattern.compile(expression).asPredicate();
    } catch (PatternSyntaxException matchesNothing) {
      return name -> false;
    }
  }

  boolean matches(NetworkEntry entry) {
    NetworkRecord network = entry.network();
    Boolean dangling = filter.dangling();
    Instant createdBefore = filter.createdBefore();
    return any(names, pattern -> pattern.test(network.name()))
        && any(ids, pattern -> pattern.test(network.id()))
        && any(filter.drivers(), network.driver()::equals)
        && any(filter.scopes(), network.scope()::equals)
        && any(filter.types(), type -> type.equals(network.predefined() ? "builtin" : "custom"))
        && filter.labels().stream().allMatch(label -> has(network.labels(), label))
        && filter.withoutLabels().stream().noneMatch(label -> has(network.labels(), label))
        && (dangling == null || dangling == isDangling(entry))
        && (createdBefore == null || network.created().isBefore(createdBefore));
  }

  private static boolean isDangling(NetworkEntry entry) {
    return !entry.network().predefined() && entry.attachments().isEmpty();
  }

  private static <T> boolean any(List<T> wanted, Predicate<T> matches) {
    return wanted.isEmpty() || wanted.stream().anyMatch(matches);
  }

  private static boolean has(Map<String, String> labels, String wanted) {
    int equals = wanted.indexOf('=');
    return equals < 0
        ? labels.containsKey(wanted)
        : wanted.substring(equals + 1).equals(labels.get(wanted.substring(0, equals)));
  }
}
