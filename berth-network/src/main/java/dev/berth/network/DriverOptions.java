package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.network.ipam.IpText;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a driver's options where they enter it. Errors are of kind INVALID and read as Docker's,
 * down to the words of Go's number parsers.
 */
public record DriverOptions(Map<String, String> options) {
  /** The names that belong to Docker: an unknown one of these is refused. */
  public static final String DOCKER_NAMESPACE = "com.docker.network.";

  private static final Set<String> COMMON =
      Set.of(DOCKER_NAMESPACE + "enable_ipv4", DOCKER_NAMESPACE + "enable_ipv6");
  private static final Pattern INTERFACE = Pattern.compile("[^/\\s:\"'\\\\;*+!]{1,15}");

  /** Copies the options. */
  public DriverOptions {
    options = Map.copyOf(options);
  }

  /** A text, or empty. */
  public String text(String key) {
    return options.getOrDefault(key, "");
  }

  /** A truth value. */
  public boolean flag(String key, boolean otherwise) {
    String value = options.get(key);
    if (value == null) {
      return otherwise;
    }
    return parseBool(value).orElseThrow(() -> unreadable(key, value, go("ParseBool", value)));
  }

  /** A number. */
  public int number(String key, int otherwise) {
    String value = options.get(key);
    if (value == null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException notANumber) {
      throw unreadable(key, value, go("Atoi", value));
    }
  }

  /** An address. */
  public Optional<InetAddress> address(String key) {
    String value = options.get(key);
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(IpText.parse(value).orElseThrow(() -> unreadable(key, value, "nil ip")));
  }

  /** Checks the name of an interface of the host. */
  public String interfaceName(String key, String name) {
    if (!INTERFACE.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw unreadable(key, name, "not a valid interface name");
    }
    return name;
  }

  /**
   * Refuses options of Docker's own namespace that the driver does not know, so that a misspelt one
   * is not taken for granted. Others are the user's own business.
   */
  public void refuseUnknown(String driver, Set<String> known) {
    for (String key : options.keySet()) {
      if (key.startsWith(DOCKER_NAMESPACE) && !known.contains(key) && !COMMON.contains(key)) {
        throw EngineException.invalid(
            "unknown option \"" + key + "\" for the " + driver + " driver");
      }
    }
  }

  /** The complaint about a value. */
  public static EngineException unreadable(String key, String value, String why) {
    return EngineException.invalid(
        "failed to parse " + key + " value: " + value + " (" + why + ")");
  }

  /** A truth value in one of the forms that Go reads. */
  public static Optional<Boolean> parseBool(String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
      case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static String go(String function, String value) {
    return "strconv." + function + ": parsing \"" + value + "\": invalid syntax";
  }
}
