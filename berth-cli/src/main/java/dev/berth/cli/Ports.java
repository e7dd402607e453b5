package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;

/** Ports as tables show them. */
final class Ports {
  private Ports() {}

  /** {@code 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp}. */
  static String shown(JsonNode ports) {
    Set<String> words = new TreeSet<>();
    for (JsonNode port : ports) {
      String inside = port.path("PrivatePort").asText() + "/" + port.path("Type").asText();
      String ip = port.path("IP").asText("");
      words.add(
          port.path("PublicPort").asInt() == 0
              ? inside
              : host(ip) + ":" + port.path("PublicPort").asText() + "->" + inside);
    }
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
