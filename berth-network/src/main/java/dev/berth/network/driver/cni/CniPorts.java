package dev.berth.network.driver.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.berth.core.EngineException;
import dev.berth.network.SandboxSpec.Port;
import dev.berth.network.SandboxSpec.PublishedPort;
import dev.berth.network.SandboxStatus.PortMapping;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Published ports in the words of the capability {@code portMappings}. */
final class CniPorts {
  private CniPorts() {}

  /** Writes them down; a wish without a number gets one that is free at present. */
  static void describe(List<PublishedPort> wishes, ArrayNode mappings) {
    for (PublishedPort wish : wishes) {
      mappings
          .addObject()
          .put("hostPort", choose(wish))
          .put("containerPort", wish.port().number())
          .put("protocol", wish.port().protocol())
          .put("hostIP", wish.hostIp());
    }
  }

  /** The same for those who ask what is published. */
  static List<PortMapping> shown(JsonNode mappings) {
    List<PortMapping> shown = new ArrayList<>();
    for (JsonNode mapping : mappings) {
      String hostIp = mapping.path("hostIP").asText("");
      shown.add(
          new PortMapping(
              new Port(
                  mapping.path("containerPort").asInt(), mapping.path("protocol").asText("tcp")),
              hostIp.isEmpty() ? "0.0.0.0" : hostIp,
              mapping.path("hostPort").asInt()));
    }
    return shown;
  }

  private static int choose(PublishedPort wish) {
    for (int port = wish.hostPortFirst(); port <= wish.hostPortLast(); port++) {
      try {
        return freePort(wish, port);
      } catch (IOException taken) {
        // The next one of the range may be free.
      }
    }
    throw EngineException.internal(
        "Bind for %s:%d failed: port is already allocated"
            .formatted(wish.hostIp().isEmpty() ? "0.0.0.0" : wish.hostIp(), wish.hostPortFirst()),
        null);
  }

  /** Asks the kernel whether a port is free; 0 lets it choose. */
  private static int freePort(PublishedPort wish, int port) throws IOException {
    InetAddress address =
        InetAddress.getByName(wish.hostIp().isEmpty() ? "0.0.0.0" : wish.hostIp());
    InetSocketAddress wanted = new InetSocketAddress(address, port);
    if (wish.port().protocol().equals("udp")) {
      try (DatagramSocket socket = new DatagramSocket(wanted)) {
        return socket.getLocalPort();
      }
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(wanted);
      return socket.getLocalPort();
    }
  }
}
