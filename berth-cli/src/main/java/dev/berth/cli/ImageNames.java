package dev.berth.cli;

import dev.berth.core.RegistryNames;
import java.util.Optional;

/** References as users read them. */
final class ImageNames {
  private ImageNames() {}

  /** With {@code :latest} where neither tag nor digest is given. */
  static String familiar(String reference) {
    return reference.contains("@") || hasTag(reference) ? reference : reference + ":latest";
  }

  /** With everything that a short name leaves out: {@code docker.io/library/busybox:latest}. */
  static String canonical(String reference) {
    String whole = familiar(reference);
    if (registry(whole).isPresent()) {
      return whole;
    }
    return "docker.io/" + (whole.contains("/") ? "" : "library/") + whole;
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

  /** The registry that a name begins with; nothing where it is the public one. */
  static Optional<String> registry(String reference) {
    int slash = reference.indexOf('/');
    String first = slash < 0 ? "" : reference.substring(0, slash);
    return RegistryNames.isDomain(first) ? Optional.of(first) : Optional.empty();
  }

  private static boolean hasTag(String reference) {
    return reference.lastIndexOf(':') > reference.lastIndexOf('/');
  }
}
