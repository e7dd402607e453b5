package dev.berth.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds names that are spelled nearly as another one. Pure. */
public final class Spelling {
  private static final int MOST = 3;
  private static final int LETTERS_PER_MISTAKE = 3;

  private Spelling() {}

  /** The nearest first, at most three. */
  public static List<String> similar(String word, Collection<String> names) {
    String wanted = word.toLowerCase(Locale.ROOT);
    int allowed = Math.max(1, wanted.length() / LETTERS_PER_MISTAKE);
    return names.stream()
        .distinct()
        .filter(name -> distance(wanted, name.toLowerCase(Locale.ROOT)) <= allowed)
        .sorted(
            Comparator.comparingInt(
                    (String name) -> distance(wanted, name.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST)
        .toList();
  }

  /** How many letters have to be put in, taken out, changed, or swapped with the next one. */
  public static int distance(String one, String other) {
    int[][] steps = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        steps[i][j] = i == 0 || j == 0 ? i + j : least(steps, i, j, one, other);
      }
    }
    return steps[one.length()][other.length()];
  }

  private static int least(int[][] steps, int i, int j, String one, String other) {
    boolean same = one.charAt(i - 1) == other.charAt(j - 1);
    int best = Math.min(steps[i - 1][j], steps[i][j - 1]) + 1;
    best = Math.min(best, steps[i - 1][j - 1] + (same ? 0 : 1));
    boolean swapped =
        i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1);
    return swapped ? Math.min(best, steps[i - 2][j - 2] + 1) : best;
  }
}
