package dev.berth.network.driver.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.core.EngineException;
import dev.berth.network.EndpointAddresses;
import dev.berth.network.JoinAnswer;
import dev.berth.network.JoinAnswer.Exit;
import dev.berth.network.JoinAnswer.StaticRoute;
import dev.berth.network.MacAddresses;
import dev.berth.network.ipam.Cidr;
import dev.berth.network.ipam.IpText;
import dev.berth.network.link.InterfaceAddress;
import dev.berth.network.link.LinkSource;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a network plugin answers, read and checked. */
final class RemoteAnswers {
  private static final int NEXT_HOP = 0;
  private static final int CONNECTED = 1;

  private RemoteAnswers() {}

  /**
   * The addresses of an endpoint: a plugin may add what was not given, and change nothing.
   *
   * @param link the answer's {@code Interface}
   */
  static EndpointAddresses addresses(JsonNode link, EndpointAddresses given) {
    String mac = link.path("MacAddress").asText("");
    if (!mac.isEmpty() && !given.macAddress().isEmpty()) {
      throw modified(
          "MAC address: endpoint interface MAC address present (%s). Cannot be modified with %s."
              .formatted(given.macAddress(), mac));
    }
    String chosen =
        mac.isEmpty()
            ? given.macAddress()
            : MacAddresses.normalize(mac)
                .orElseThrow(() -> bad("failed to parse MAC address: " + mac));
    return new EndpointAddresses(
        chosen,
        address(link.path("Address").asText(""), given.ipv4(), false),
        address(link.path("AddressIPv6").asText(""), given.ipv6(), true));
  }

  private static @Nullable InterfaceAddress address(
      String text, @Nullable InterfaceAddress given, boolean six) {
    if (text.isEmpty()) {
      return given;
    }
    Cidr.Written written =
        Cidr.parse(text)
            .filter(address -> address.block().ipv6() == six)
            .orElseThrow(() -> bad("failed to parse IP address: " + text));
    if (given != null) {
      throw modified(
          "address: endpoint interface IP present (%s). Cannot be modified with (%s)."
              .formatted(given, text));
    }
    return new InterfaceAddress(written.address(), written.block().prefixLength());
  }

  /** How an endpoint appears inside. */
  static JoinAnswer join(JsonNode answer, boolean internal) {
    JsonNode name = answer.path("InterfaceName");
    String source = name.path("SrcName").asText("");
    String prefix = name.path("DstPrefix").asText("");
    @Nullable InetAddress ipv4 = gateway(answer.path("Gateway").asText(""), false);
    @Nullable InetAddress ipv6 = gateway(answer.path("GatewayIPv6").asText(""), true);
    boolean onLink4 = false;
    boolean onLink6 = false;
    List<StaticRoute> routes = new ArrayList<>();
    for (JsonNode node : answer.path("StaticRoutes")) {
      StaticRoute route = route(node);
      boolean six = route.destination().ipv6();
      if (route.destination().prefixLength() > 0) {
        routes.add(route);
      } else if (six) {
        ipv6 = ipv6 == null ? route.nextHop() : ipv6;
        onLink6 = ipv6 == null;
      } else {
        ipv4 = ipv4 == null ? route.nextHop() : ipv4;
        onLink4 = ipv4 == null;
      }
    }
    return new JoinAnswer(
        source.isEmpty() ? null : new LinkSource.Existing(source),
        prefix.isEmpty() ? "eth" : prefix,
        0,
        internal ? Exit.NONE : new Exit(ipv4, onLink4, null),
        internal ? Exit.NONE : new Exit(ipv6, onLink6, null),
        routes,
        null,
        !internal && !answer.path("DisableGatewayService").asBoolean());
  }

  private static @Nullable InetAddress gateway(String text, boolean six) {
    if (text.isEmpty()) {
      return null;
    }
    return IpText.parse(text)
        .filter(address -> address instanceof Inet6Address == six)
        .orElseThrow(
            () -> bad("failed to parse " + (six ? "GatewayIPv6" : "Gateway") + ": " + text));
  }

  private static StaticRoute route(JsonNode node) {
    String destination = node.path("Destination").asText("");
    Cidr block =
        Cidr.parse(destination)
            .map(Cidr.Written::block)
            .orElseThrow(() -> bad("failed to parse static route: " + destination));
    int type = node.path("RouteType").asInt(NEXT_HOP);
    String nextHop = node.path("NextHop").asText("");
    if (type == CONNECTED) {
      return new StaticRoute(block, null);
    }
    InetAddress hop =
        IpText.parse(nextHop)
            .filter(address -> type == NEXT_HOP && address instanceof Inet6Address == block.ipv6())
            .orElseThrow(() ->
                bad("failed to parse next hop of static route " + destination + ": " + nextHop));
    return new StaticRoute(block, hop);
  }

  private static EngineException modified(String what) {
    return EngineException.internal("driver modified interface " + what, null);
  }

  private static EngineException bad(String text) {
    return EngineException.internal("remote: " + text, null);
  }
}
