package dev.berth.image;

import dev.berth.core.EngineException;
import dev.berth.core.RegistryNames;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The full name of an image in a registry. What users type is familiar form ({@code alpine}); its
 * normal form has a registry and a whole path ({@code docker.io/library/alpine}). Source: the
 * grammar of the distribution project's reference package.
 *
 * @param domain the registry's host, with a port if it has one
 * @param path the repository within it
 * @param tag or null
 * @param digest or null
 */
public record Reference(String domain, String path, @Nullable String tag, @Nullable Digest digest) {
  private static final String DEFAULT_DOMAIN = "docker.io";
  private static final String LEGACY_DOMAIN = "index.docker.io";
  private static final String OFFICIAL = "library/";
  private static final String DEFAULT_TAG = "latest";
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_TEXT = 1024;

  private static final String LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
  private static final String HOST =
      "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final String TAG = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
  private static final String DIGEST =
      "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
  private static final Pattern WHOLE =
      Pattern.compile(
          "("
              + HOST
              + ")/("
              + COMPONENT
              + "(?:/"
              + COMPONENT
              + ")*)(?::("
              + TAG
              + "))?(?:@("
              + DIGEST
              + "))?");
  private static final Pattern TAG_ONLY = Pattern.compile(TAG);
  private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");

  /**
   * Reads a name in familiar or normal form.
   *
   * @throws EngineException of kind INVALID, in Docker's words, when it is not of that form
   */
  public static Reference parse(String text) {
    if (IDENTIFIER.matcher(text).matches()) {
      throw EngineException.invalid(
          "invalid repository name (" + text + "), cannot specify 64-byte hexadecimal strings");
    }
    if (text.length() > LONGEST_TEXT) {
      throw malformed();
    }
    String[] split = splitDomain(text);
    String remainder = split[1];
    int colon = remainder.indexOf(':');
    String repository = colon < 0 ? remainder : remainder.substring(0, colon);
    if (!repository.toLowerCase(Locale.ROOT).equals(repository)) {
      throw EngineException.invalid(
          "invalid reference format: repository name (" + repository + ") must be lowercase");
    }
    Matcher matcher = WHOLE.matcher(split[0] + "/" + remainder);
    if (!matcher.matches()) {
      throw malformed();
    }
    String domain = matcher.group(1);
    String path = matcher.group(2);
    if (path.length() > LONGEST_NAME) {
      throw EngineException.invalid(
          "invalid reference format: repository name must not be more than 255 characters");
    }
    String digest = matcher.group(4);
    return new Reference(
        domain, path, matcher.group(3), digest == null ? null : Digest.parse(digest));
  }

  /** {@link #parse}, and an absent tag and digest are taken as the tag {@code latest}. */
  public static Reference parseTagged(String text) {
    return parse(text).withDefaultTag();
  }

  /** Whether a text is a full image id, with or without {@code sha256:}. */
  public static boolean isIdentifier(String text) {
    return IDENTIFIER.matcher(text).matches() || Digest.isDigest(text);
  }

  /**
   * Refuses what is not a tag.
   *
   * @throws EngineException of kind INVALID, in Docker's words
   */
  public static String requireTag(String tag) {
    if (!TAG_ONLY.matcher(tag).matches()) {
      throw EngineException.invalid("invalid tag format");
    }
    return tag;
  }

  private static EngineException malformed() {
    return EngineException.invalid("invalid reference format");
  }

  private static String[] splitDomain(String name) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return new String[] {DEFAULT_DOMAIN, OFFICIAL + name};
    }
    String first = name.substring(0, slash);
    String rest = name.substring(slash + 1);
    boolean isDomain = RegistryNames.isDomain(first);
    String domain = isDomain ? first : DEFAULT_DOMAIN;
    String path = isDomain ? rest : name;
    if (domain.equals(LEGACY_DOMAIN)) {
      domain = DEFAULT_DOMAIN;
    }
    if (domain.equals(DEFAULT_DOMAIN) && path.indexOf('/') < 0) {
      path = OFFICIAL + path;
    }
    return new String[] {domain, path};
  }

  /** Whether it has neither tag nor digest. */
  public boolean isNameOnly() {
    return tag == null && digest == null;
  }

  /** The registry and repository, without tag and digest. */
  public String name() {
    return domain + "/" + path;
  }

  /** The name as users know it: without what is the default. */
  public String familiarName() {
    if (!domain.equals(DEFAULT_DOMAIN)) {
      return name();
    }
    boolean official = path.startsWith(OFFICIAL) && path.indexOf('/', OFFICIAL.length()) < 0;
    return official ? path.substring(OFFICIAL.length()) : path;
  }

  /** The whole reference as users know it. */
  public String familiar() {
    return familiarName() + suffix();
  }

  /** With {@code latest} if it has neither tag nor digest. */
  public Reference withDefaultTag() {
    return isNameOnly() ? withTag(DEFAULT_TAG) : this;
  }

  /** The same repository with only this tag. */
  public Reference withTag(String newTag) {
    return new Reference(domain, path, requireTag(newTag), null);
  }

  /** The same repository with only this digest. */
  public Reference withDigest(Digest newDigest) {
    return new Reference(domain, path, null, newDigest);
  }

  private String suffix() {
    return (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
  }

  /** The normal form. */
  @Override
  public String toString() {
    return name() + suffix();
  }
}
