package dev.berth.image;

import dev.berth.core.EngineException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The kind of machine an image is for, in the words of the OCI image specification.
 *
 * @param os for instance {@code linux}
 * @param architecture for instance {@code amd64}
 * @param variant for instance {@code v8}, or null
 */
public record Platform(String os, String architecture, @Nullable String variant) {

  /** The platform this engine runs on. */
  public static Platform host() {
    String machine = System.getProperty("os.arch", "amd64").toLowerCase(Locale.ROOT);
    return normalised("linux", machine, null);
  }

  /**
   * Reads {@code os[/architecture[/variant]]}; a single word may also be an architecture.
   *
   * @throws EngineException of kind INVALID when it is not of that form
   */
  public static Platform parse(String text) {
    String[] parts = text.split("/", -1);
    for (String part : parts) {
      if (!part.matches("[A-Za-z0-9_.-]+")) {
        throw EngineException.invalid(
            "\"" + text + "\": invalid platform specifier or component: invalid argument");
      }
    }
    return switch (parts.length) {
      case 1 -> single(parts[0]);
      case 2 -> normalised(parts[0], parts[1], null);
      case 3 -> normalised(parts[0], parts[1], parts[2]);
      default ->
          throw EngineException.invalid(
              "\"" + text + "\": cannot parse platform specifier: invalid argument");
    };
  }

  private static Platform single(String word) {
    String os = word.toLowerCase(Locale.ROOT);
    if (os.equals("linux") || os.equals("windows") || os.equals("darwin") || os.equals("freebsd")) {
      Platform host = host();
      return new Platform(os, host.architecture, host.variant);
    }
    return normalised("linux", word, null);
  }

  /** With the spellings that other tools use turned into Go's. */
  public static Platform normalised(String os, String architecture, @Nullable String variant) {
    String machine = architecture.toLowerCase(Locale.ROOT);
    String kind = variant == null || variant.isEmpty() ? null : variant.toLowerCase(Locale.ROOT);
    switch (machine) {
      case "x86_64", "x86-64" -> machine = "amd64";
      case "i386", "i486", "i586", "i686", "x86" -> machine = "386";
      case "aarch64" -> machine = "arm64";
      case "armhf" -> {
        machine = "arm";
        kind = "v7";
      }
      case "armel" -> {
        machine = "arm";
        kind = "v6";
      }
      default -> {}
    }
    if (machine.equals("amd64") && "v1".equals(kind)) {
      kind = null;
    }
    if (machine.equals("arm64") && ("8".equals(kind) || "v8".equals(kind))) {
      kind = null;
    }
    if (machine.equals("arm") && (kind == null || kind.equals("7"))) {
      kind = "v7";
    }
    return new Platform(os.toLowerCase(Locale.ROOT), machine, kind);
  }

  /**
   * How well an image for this platform runs on a machine of another: lower is better.
   *
   * @return -1 when it does not run there at all
   */
  public int distanceFrom(Platform machine) {
    if (!os.equals(machine.os) || !architecture.equals(machine.architecture)) {
      return -1;
    }
    int own = level(variant);
    int wanted = machine.variant == null ? level(null) : level(machine.variant);
    return own > wanted ? -1 : wanted - own;
  }

  private int level(@Nullable String of) {
    if (of == null) {
      return architecture.equals("arm64") ? 8 : 1;
    }
    String digits = of.startsWith("v") ? of.substring(1) : of;
    return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : 1;
  }

  @Override
  public String toString() {
    return os + "/" + architecture + (variant == null ? "" : "/" + variant);
  }
}
