package dev.berth.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.testing.PluginServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A plugin for networks and addresses, in Docker's protocol: its networks are one bridge on the
 * engine's host, its endpoints veth pairs.
 */
final class WiringPlugin implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String BRIDGE = "npbr0";

  private final EngineUnderTest engine;
  private final Map<String, String> refusals = new ConcurrentHashMap<>();
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final PluginServer server;
  private int lastAddress = 9;
  private int lastStation;
  private volatile boolean withGateway = true;

  private WiringPlugin(EngineUnderTest engine, Path socket) throws IOException {
    this.engine = engine;
    this.server = PluginServer.start(socket, this::answer);
  }

  static WiringPlugin start(EngineUnderTest engine, Path socket) throws IOException {
    return new WiringPlugin(engine, socket);
  }

  PluginServer server() {
    return server;
  }

  /** What it holds for the engine: networks, endpoints, pools and addresses. */
  Set<String> held() {
    return new TreeSet<>(held);
  }

  void hold(Set<String> before) {
    held.addAll(before);
  }

  /** From now on its answers to a join name no way out. */
  void bringNoGateway() {
    withGateway = false;
  }

  /** Lets the next call of a method fail with this text. */
  void refuse(String method, String text) {
    refusals.put(method, text);
  }

  /** The bodies of all calls of one method. */
  List<JsonNode> bodies(String method) {
    return server.calls().stream()
        .filter(call -> call.method().equals(method))
        .map(call -> parsed(call.request()))
        .toList();
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized String answer(String method, String request) {
    ObjectNode answer = JSON.createObjectNode();
    String refusal = refusals.remove(method);
    if (refusal != null) {
      return answer.put(method.startsWith("Ipam") ? "Error" : "Err", refusal).toString();
    }
    JsonNode body = parsed(request);
    if (method.startsWith("IpamDriver.")) {
      ipam(method, body, answer);
    } else {
      network(method, body, answer);
    }
    return answer.toString();
  }

  private void network(String method, JsonNode body, ObjectNode answer) {
    String id = body.path("EndpointID").asText();
    String link = id.isEmpty() ? "" : id.substring(0, 7);
    switch (method) {
      case "Plugin.Activate" ->
          answer.putArray("Implements").add("NetworkDriver").add("IpamDriver");
      case "NetworkDriver.GetCapabilities" -> answer.put("Scope", "local");
      case "NetworkDriver.CreateNetwork" -> {
        held.add("network " + body.path("NetworkID").asText());
        String gateway = body.at("/IPv4Data/0/Gateway").asText();
        shell(
            "echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables;"
                + " ip link add %s type bridge && ip addr add %s dev %s && ip link set %s up"
                    .formatted(BRIDGE, gateway, BRIDGE, BRIDGE));
      }
      case "NetworkDriver.DeleteNetwork" -> {
        held.remove("network " + body.path("NetworkID").asText());
        shell("ip link del " + BRIDGE);
      }
      case "NetworkDriver.CreateEndpoint" -> {
        held.add("endpoint " + id);
        shell(
            "ip link add h%s type veth peer name c%s && ip link set h%s master %s up"
                .formatted(link, link, link, BRIDGE));
        if (body.at("/Interface/MacAddress").asText("").isEmpty()) {
          answer
              .putObject("Interface")
              .put("MacAddress", "02:11:22:33:44:%02x".formatted(++lastStation));
        }
      }
      case "NetworkDriver.DeleteEndpoint" -> {
        held.remove("endpoint " + id);
        shell("ip link del h" + link);
      }
      case "NetworkDriver.Join" -> {
        held.add("joined " + id);
        answer.putObject("InterfaceName").put("SrcName", "c" + link).put("DstPrefix", "net");
        if (withGateway) {
          answer.put("Gateway", "10.221.0.1");
        }
        answer
            .putArray("StaticRoutes")
            .addObject()
            .put("Destination", "10.222.0.0/16")
            .put("RouteType", 0)
            .put("NextHop", "10.221.0.1");
      }
      case "NetworkDriver.Leave" -> held.remove("joined " + id);
      case "NetworkDriver.EndpointOperInfo" -> answer.putObject("Value").put("plugin", "yes");
      default -> answer.put("Err", "");
    }
  }

  private void ipam(String method, JsonNode body, ObjectNode answer) {
    String pool = body.path("PoolID").asText();
    switch (method) {
      case "IpamDriver.GetCapabilities" -> answer.put("RequiresMACAddress", false);
      case "IpamDriver.GetDefaultAddressSpaces" ->
          answer.put("LocalDefaultAddressSpace", "np-local").put("GlobalDefaultAddressSpace", "g");
      case "IpamDriver.RequestPool" -> {
        held.add("pool np-pool");
        String wanted = body.path("Pool").asText();
        answer.put("PoolID", "np-pool").put("Pool", wanted.isEmpty() ? "10.221.0.0/24" : wanted);
      }
      case "IpamDriver.ReleasePool" -> held.remove("pool " + pool);
      case "IpamDriver.RequestAddress" -> {
        boolean gateway =
            body.at("/Options/RequestAddressType").asText().equals("com.docker.network.gateway");
        String wanted = body.path("Address").asText();
        String address = wanted.isEmpty() ? "10.221.0." + (gateway ? 1 : ++lastAddress) : wanted;
        held.add("address " + pool + " " + address);
        answer.put("Address", address + "/24");
      }
      case "IpamDriver.ReleaseAddress" ->
          held.remove("address " + pool + " " + body.path("Address").asText());
      default -> answer.put("Error", "unknown method " + method);
    }
  }

  private void shell(String line) {
    engine.onHost("sh", "-c", line).run();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
