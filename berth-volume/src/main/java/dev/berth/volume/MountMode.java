package dev.berth.volume;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The words after the second colon of {@code -v}, at most one of each kind. */
final class MountMode {
  private static final Set<String> ACCESS = Set.of("rw", "ro");
  private static final Set<String> LABEL = Set.of("z", "Z");
  private static final Set<String> PROPAGATION =
      Set.of("private", "rprivate", "slave", "rslave", "shared", "rshared");
  private static final Set<String> COPY = Set.of("nocopy");
  private static final Set<String> CONSISTENCY = Set.of("consistent", "cached", "delegated");
  private static final List<Set<String>> KINDS =
      List.of(ACCESS, LABEL, PROPAGATION, COPY, CONSISTENCY);

  private final List<String> words;

  private MountMode(List<String> words) {
    this.words = words;
  }

  /** Empty where a word is unknown or a kind comes twice. */
  static Optional<MountMode> parse(String mode) {
    List<String> words = mode.isEmpty() ? List.of() : List.of(mode.split(",", -1));
    for (String word : words) {
      if (KINDS.stream().noneMatch(kind -> kind.contains(word))) {
        return Optional.empty();
      }
    }
    for (Set<String> kind : KINDS) {
      if (words.stream().filter(kind::contains).count() > 1) {
        return Optional.empty();
      }
    }
    return Optional.of(new MountMode(words));
  }

  static boolean isPropagation(String word) {
    return PROPAGATION.contains(word);
  }

  boolean writable() {
    return !words.contains("ro");
  }

  boolean noCopy() {
    return words.contains("nocopy");
  }

  Optional<String> propagation() {
    return words.stream().filter(PROPAGATION::contains).findFirst();
  }
}
