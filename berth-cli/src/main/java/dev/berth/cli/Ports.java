package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ports as tables show them. */
final class Ports {
  private Ports() {}

  /** Ports that follow one another, under the key of their address and protocol. */
  private record Run(int first, int last) {
    String shown(String ip, String protocol) {
      String range = first == last ? Integer.toString(first) : first + "-" + last;
      return (ip.isEmpty() ? "" : host(ip) + ":" + range + "->") + range + "/" + protocol;
    }
  }

  private record Key(String ip, String protocol) {}

  /**
   * {@code 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp}; ports that follow one another, published or
   * not under their own numbers, are shown as one range.
   */
  static String shown(JsonNode ports) {
    List<JsonNode> sorted = new ArrayList<>();
    ports.forEach(sorted::add);
    sorted.sort(
        Comparator.<JsonNode>comparingInt(port -> port.path("PrivatePort").asInt())
            .thenComparing(port -> port.path("IP").asText())
            .thenComparingInt(port -> port.path("PublicPort").asInt())
            .thenComparing(port -> port.path("Type").asText()));
    Map<Key, Run> runs = new LinkedHashMap<>();
    List<String> words = new ArrayList<>();
    List<String> moved = new ArrayList<>();
    for (JsonNode port : sorted) {
      int inside = port.path("PrivatePort").asInt();
      int outside = port.path("PublicPort").asInt();
      Key key = new Key(port.path("IP").asText(), port.path("Type").asText());
      if (!key.ip().isEmpty() && outside != inside) {
        moved.add(host(key.ip()) + ":" + outside + "->" + inside + "/" + key.protocol());
        continue;
      }
      Run run = runs.get(key);
      if (run != null && inside == run.last() + 1) {
        runs.put(key, new Run(run.first(), inside));
      } else {
        if (run != null) {
          words.add(run.shown(key.ip(), key.protocol()));
        }
        runs.put(key, new Run(inside, inside));
      }
    }
    runs.forEach((key, run) -> words.add(run.shown(key.ip(), key.protocol())));
    words.addAll(moved);
    return String.join(", ", words);
  }

  /** {@code 0.0.0.0:8080} of a binding. */
  static String address(JsonNode binding) {
    return host(binding.path("HostIp").asText()) + ":" + binding.path("HostPort").asText();
  }

  private static String host(String ip) {
    return ip.contains(":") ? "[" + ip + "]" : ip;
  }
}
