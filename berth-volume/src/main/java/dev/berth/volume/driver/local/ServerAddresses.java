package dev.berth.volume.driver.local;

import dev.berth.core.EngineException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Names of file servers become addresses before the kernel sees them, because mount(2), unlike
 * mount(8), resolves none.
 */
final class ServerAddresses {
  private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%]*");
  private static final String ADDRESS = "addr=";

  private final Function<String, String> resolver;

  /**
   * @param resolver name to address; throws {@link EngineException} where there is none
   */
  ServerAddresses(Function<String, String> resolver) {
    this.resolver = resolver;
  }

  /** Asks the system's resolver. */
  static String resolve(String name) {
    try {
      return InetAddress.getByName(name).getHostAddress();
    } catch (UnknownHostException e) {
      throw EngineException.internal(
          "error resolving passed in network volume address: lookup " + name + ": no such host", e);
    }
  }

  /** The same options with {@code addr=} and a CIFS device's host as addresses. */
  LocalOptions resolved(LocalOptions given) {
    if (!given.isRemote()) {
      return given;
    }
    String options = withAddress(given.options());
    if (!options.equals(given.options()) || hasAddress(options)) {
      return new LocalOptions(given.type(), options, given.device(), given.sizeBytes());
    }
    if (given.type().startsWith("nfs")) {
      return given;
    }
    return new LocalOptions(given.type(), options, cifsDevice(given.device()), given.sizeBytes());
  }

  private static boolean hasAddress(String options) {
    return List.of(options.split(",")).stream().anyMatch(word -> word.startsWith(ADDRESS));
  }

  private String withAddress(String options) {
    List<String> words = new ArrayList<>();
    for (String word : options.split(",")) {
      String host = word.startsWith(ADDRESS) ? word.substring(ADDRESS.length()) : "";
      words.add(host.isEmpty() || isNumeric(host) ? word : ADDRESS + resolver.apply(host));
    }
    return String.join(",", words);
  }

  /** Replaces the host in {@code //host/share}. */
  private String cifsDevice(String device) {
    if (!device.startsWith("//")) {
      return device;
    }
    int end = device.indexOf('/', 2);
    String host = device.substring(2, end < 0 ? device.length() : end);
    if (host.isEmpty() || isNumeric(host)) {
      return device;
    }
    return "//" + resolver.apply(host) + (end < 0 ? "" : device.substring(end));
  }

  private static boolean isNumeric(String host) {
    return NUMERIC.matcher(host).matches();
  }
}
