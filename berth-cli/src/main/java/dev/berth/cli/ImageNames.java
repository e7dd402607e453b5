package dev.berth.cli;

/** References as users read them. */
final class ImageNames {
  private ImageNames() {}

  /** With {@code :latest} where neither tag nor digest is given. */
  static String familiar(String reference) {
    return reference.contains("@") || hasTag(reference) ? reference : reference + ":latest";
  }

  /** The part in front of tag and digest. */
  static String repository(String reference) {
    int at = reference.indexOf('@');
    String name = at < 0 ? reference : reference.substring(0, at);
    return at < 0 && hasTag(name) ? name.substring(0, name.lastIndexOf(':')) : name;
  }

  /** The tag or digest, or nothing. */
  static String tag(String reference) {
    int at = reference.indexOf('@');
    if (at >= 0) {
      return reference.substring(at + 1);
    }
    return hasTag(reference) ? reference.substring(reference.lastIndexOf(':') + 1) : "";
  }

  private static boolean hasTag(String reference) {
    return reference.lastIndexOf(':') > reference.lastIndexOf('/');
  }
}
