package dev.berth.server;

import java.util.Comparator;

/**
 * A version of the Engine API, such as 1.51.
 *
 * @param major always 1 so far
 * @param minor grows with each change of the API
 */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  /** The oldest version that is served. */
  public static final ApiVersion MINIMUM = new ApiVersion(1, 24);

  /** The newest version that is served, and the one of a path without a version. */
  public static final ApiVersion MAXIMUM = new ApiVersion(1, 51);

  private static final Comparator<ApiVersion> ORDER =
      Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

  /** Version 1 with this minor number. */
  public static ApiVersion of(int minor) {
    return new ApiVersion(1, minor);
  }

  /**
   * Reads digits and dots. As in dockerd a number that is missing or cannot be one is zero; what
   * follows the second is passed over.
   */
  public static ApiVersion parse(String text) {
    String[] parts = text.split("\\.", -1);
    return new ApiVersion(number(parts, 0), number(parts, 1));
  }

  private static int number(String[] parts, int index) {
    try {
      return index < parts.length ? Integer.parseInt(parts[index]) : 0;
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }

  /** Whether this version has what came with 1.{@code minor}. */
  public boolean atLeast(int minor) {
    return compareTo(of(minor)) >= 0;
  }

  @Override
  public int compareTo(ApiVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
