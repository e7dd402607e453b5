package dev.berth.volume.driver.local;

import dev.berth.core.EngineException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The local driver's options: what to mount on the volume at its first use.
 *
 * @param type a file system's name, or none or bind; empty where nothing is mounted
 * @param options words for mount(8), separated by commas; may hold credentials
 * @param device what to mount: a device, a file, a folder or a server's share
 * @param sizeBytes the project quota, 0 for none
 */
record LocalOptions(String type, String options, String device, long sizeBytes) {
  static final LocalOptions NONE = new LocalOptions("", "", "", 0);

  private static final List<String> NAMES = List.of("type", "o", "device", "size");
  private static final Map<String, Set<String>> NEEDS =
      new TreeMap<>(
          Map.of(
              "device", Set.of("type"),
              "type", Set.of("device"),
              "o", Set.of("device", "type")));
  private static final Pattern SECRET =
      Pattern.compile("(^|,)((?:pass|password|passwd|password2|sec_password)=)[^,]*");
  private static final Pattern SIZE =
      Pattern.compile("(\\d+(?:\\.\\d+)?) ?([kKmMgGtTpP])?(?:i?[bB])?");
  private static final String UNITS = "kmgtp";

  /**
   * Checks what the user gave.
   *
   * @throws EngineException INVALID with Docker's text
   */
  static LocalOptions of(Map<String, String> given) {
    for (String name : new TreeMap<>(given).keySet()) {
      if (!NAMES.contains(name)) {
        throw EngineException.invalid("invalid option: \"" + name + "\"");
      }
    }
    String type = given.getOrDefault("type", "");
    String device = given.getOrDefault("device", "");
    if (type.equals("cifs")) {
      refusePort(device);
    }
    long size = given.containsKey("size") ? bytes(given.getOrDefault("size", "")) : 0;
    NEEDS.forEach((name, needed) -> {
      if (given.containsKey(name)) {
        requireAll(given, needed);
      }
    });
    return new LocalOptions(type, given.getOrDefault("o", ""), device, size);
  }

  private static void requireAll(Map<String, String> given, Set<String> needed) {
    for (String name : needed) {
      if (!given.containsKey(name)) {
        throw EngineException.invalid("missing required option: \"" + name + "\"");
      }
    }
  }

  private static void refusePort(String device) {
    try {
      if (new URI(device.replace(' ', '+')).getPort() >= 0) {
        throw EngineException.invalid(
            "port not allowed in CIFS device URL, include 'port' in 'o='");
      }
    } catch (URISyntaxException e) {
      throw EngineException.invalid("error parsing mount device url: " + e.getMessage());
    }
  }

  /** A number with Docker's binary units. */
  static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw EngineException.invalid("invalid size: '" + text + "'");
    }
    double number = Double.parseDouble(matcher.group(1));
    String unit = matcher.group(2);
    if (unit != null) {
      int power = UNITS.indexOf(Character.toLowerCase(unit.charAt(0))) + 1;
      number *= Math.pow(1024, power);
    }
    return (long) number;
  }

  /** Whether something is mounted on the volume while it is used. */
  boolean needsMount() {
    return !type.isEmpty() || !device.isEmpty();
  }

  /** Mount words with every password replaced, for whoever is shown them. */
  static String masked(String options) {
    return SECRET.matcher(options).replaceAll("$1$2********");
  }

  /** Whether the mount may wait for a server. */
  boolean isRemote() {
    return type.startsWith("nfs") || type.equals("cifs") || type.equals("smb3");
  }
}
