package dev.berth.server;

import java.util.Comparator;
import java.util.Optional;

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

  /** Reads {@code 1.51}; empty where the text is not two numbers with a dot between them. */
  public static Optional<ApiVersion> parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 1 || dot != text.lastIndexOf('.') || text.length() > 9) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ApiVersion(
              Integer.parseUnsignedInt(text.substring(0, dot)),
              Integer.parseUnsignedInt(text.substring(dot + 1))));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
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
