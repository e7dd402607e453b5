package dev.berth.image;

import dev.berth.core.EngineException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The name of some content by what it holds: an algorithm and a hash. Source: OCI image
 * specification, "Digests".
 *
 * @param algorithm {@code sha256} or {@code sha512}
 * @param hex lower-case hexadecimal digits
 */
public record Digest(String algorithm, String hex) implements Comparable<Digest> {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SHA512 = Pattern.compile("[0-9a-f]{128}");

  /** Refuses other algorithms and hashes of a wrong form. */
  public Digest {
    boolean wellFormed =
        switch (algorithm) {
          case "sha256" -> SHA256.matcher(hex).matches();
          case "sha512" -> SHA512.matcher(hex).matches();
          default -> throw EngineException.invalid("unsupported digest algorithm");
        };
    if (!wellFormed) {
      throw EngineException.invalid("invalid checksum digest format");
    }
  }

  /**
   * Reads {@code algorithm:hex}.
   *
   * @throws EngineException of kind INVALID when it is not of that form
   */
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon <= 0 || colon == text.length() - 1) {
      throw EngineException.invalid("invalid checksum digest format");
    }
    return new Digest(text.substring(0, colon), text.substring(colon + 1));
  }

  /** Whether {@link #parse} would take it. */
  public static boolean isDigest(String text) {
    return (text.startsWith("sha256:") && SHA256.matcher(text.substring(7)).matches())
        || (text.startsWith("sha512:") && SHA512.matcher(text.substring(7)).matches());
  }

  /** The sha256 digest whose hash is given in hexadecimal. */
  public static Digest sha256(String hex) {
    return new Digest("sha256", hex);
  }

  /** The sha256 digest of some bytes. */
  public static Digest of(byte[] content) {
    return finish(sha256Hash().digest(content));
  }

  /** The digest that a finished sha256 hash stands for. */
  public static Digest finish(byte[] hash) {
    return sha256(HexFormat.of().formatHex(hash));
  }

  /** A fresh sha256 hash to feed. */
  public static MessageDigest sha256Hash() {
    return hash("sha256");
  }

  /** A fresh hash of this digest's algorithm, to verify content with. */
  public MessageDigest hash() {
    return hash(algorithm);
  }

  private static MessageDigest hash(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.equals("sha512") ? "SHA-512" : "SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java platform has SHA-256 and SHA-512", impossible);
    }
  }

  /** The first twelve digits, as tables and messages show it. */
  public String shortHex() {
    return hex.substring(0, 12);
  }

  @Override
  public int compareTo(Digest other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
