package dev.berth.build;

import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ports as EXPOSE takes them. */
final class PortSpecs {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
  private static final int HIGHEST = 65_535;

  private PortSpecs() {}

  /**
   * Each port, with its protocol. What publishes a port is passed over but for the container's.
   *
   * @throws EngineException of kind INVALID in Docker's words
   */
  static List<String> parse(List<String> specs) {
    List<String> ports = new ArrayList<>();
    specs.forEach(spec -> parse(spec, ports));
    return ports;
  }

  private static void parse(String spec, List<String> ports) {
    String container = spec.substring(spec.lastIndexOf(':') + 1);
    String[] parts = container.split("/", 2);
    if (parts[0].isEmpty()) {
      throw EngineException.invalid("no port specified: " + spec + "<empty>");
    }
    String protocol =
        parts.length < 2 || parts[1].isEmpty() ? "tcp" : parts[1].toLowerCase(Locale.ROOT);
    if (!Set.of("tcp", "udp", "sctp").contains(protocol)) {
      throw EngineException.invalid("invalid proto: " + protocol);
    }
    Matcher range = RANGE.matcher(parts[0]);
    int first = range.matches() ? Integer.parseInt(range.group(1)) : HIGHEST + 1;
    int last = range.matches() && range.group(2) != null ? Integer.parseInt(range.group(2)) : first;
    if (first > last || last > HIGHEST) {
      throw EngineException.invalid("invalid containerPort: " + parts[0]);
    }
    for (int port = first; port <= last; port++) {
      ports.add(port + "/" + protocol);
    }
  }
}
