package dev.berth.core;

import java.util.Locale;

/** Which part of an image's name is a registry. */
public final class RegistryNames {
  private RegistryNames() {}

  /**
   * Whether what stands in front of the first slash of a reference names a registry, and not a part
   * of a repository on the default one.
   *
   * @see <a href="https://github.com/distribution/reference">The grammar of references</a>
   */
  public static boolean isDomain(String first) {
    return first.equals("localhost")
        || first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || !first.toLowerCase(Locale.ROOT).equals(first);
  }
}
