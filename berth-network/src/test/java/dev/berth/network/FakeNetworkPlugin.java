package dev.berth.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.plugin.PluginDirectory;
import dev.berth.plugin.PluginPatience;
import dev.berth.plugin.Plugins;
import dev.berth.testing.FaultPlan;
import dev.berth.testing.Patience;
import dev.berth.testing.PluginServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A plugin for networks and for addresses, in memory: it complains where its protocol is broken,
 * and knows at any time what it holds for the engine.
 */
final class FakeNetworkPlugin implements AutoCloseable {
  private static final Duration SHORT = Patience.of(Duration.ofSeconds(2));

  final Set<String> held = ConcurrentHashMap.newKeySet();
  final ObjectNode joinAnswer;
  private final ObjectMapper json = new ObjectMapper();
  private final Path folder;
  private final FakeLinkKernel kernel;
  private FaultPlan faults = FaultPlan.none();
  private boolean replay;
  private boolean wantsMac;
  private String scope = "local";
  private PluginServer server;
  private int addresses = 1;
  private int pools;

  private FakeNetworkPlugin(Path folder, FakeLinkKernel kernel) {
    this.folder = folder;
    this.kernel = kernel;
    this.joinAnswer = json.createObjectNode();
    joinAnswer.putObject("InterfaceName").put("DstPrefix", "np");
    joinAnswer.put("Gateway", "10.9.0.1");
  }

  static FakeNetworkPlugin start(Path folder, FakeLinkKernel kernel) {
    FakeNetworkPlugin plugin = new FakeNetworkPlugin(folder, kernel);
    plugin.listen();
    return plugin;
  }

  /** It was away and is back. */
  void listen() {
    try {
      server = PluginServer.start(folder.resolve("np.sock"), this::answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PluginServer server() {
    return server;
  }

  /** The engine's view of it. */
  Plugins plugins() {
    return new Plugins(
        new PluginDirectory(List.of(folder), List.of()),
        new PluginPatience(SHORT, SHORT, Duration.ofMillis(1)));
  }

  /** From now on it refuses these calls. */
  synchronized void fail(FaultPlan plan) {
    faults = plan;
  }

  /** As an address manager it wants to be asked again after a restart, and to know stations. */
  synchronized void demand(boolean requestReplay, boolean macAddress) {
    replay = requestReplay;
    wantsMac = macAddress;
  }

  /** It was restarted and keeps nothing over that. */
  synchronized void forget() {
    held.clear();
    pools = 0;
  }

  synchronized void scope(String word) {
    scope = word;
  }

  /** The bodies of all calls of one method. */
  List<JsonNode> bodies(String method) {
    List<JsonNode> bodies = new ArrayList<>();
    for (PluginServer.Call call : server.calls()) {
      if (call.method().equals(method)) {
        bodies.add(parsed(call.request()));
      }
    }
    return bodies;
  }

  private JsonNode parsed(String text) {
    try {
      return json.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized String answer(String method, String request) {
    ObjectNode answer = json.createObjectNode();
    try {
      if (!method.equals("Plugin.Activate")) {
        faults.step(method);
      }
      answer(method, parsed(request), answer);
    } catch (RuntimeException refusal) {
      answer.put(method.startsWith("Ipam") ? "Error" : "Err", refusal.getMessage());
    }
    return answer.toString();
  }

  private void answer(String method, JsonNode request, ObjectNode answer) {
    String network = "network " + request.path("NetworkID").asText();
    String endpoint = "endpoint " + request.path("EndpointID").asText();
    switch (method) {
      case "Plugin.Activate" ->
          answer.putArray("Implements").add("NetworkDriver").add("IpamDriver");
      case "NetworkDriver.GetCapabilities" -> answer.put("Scope", scope);
      case "NetworkDriver.CreateNetwork" -> add(network);
      case "NetworkDriver.DeleteNetwork" -> remove(network);
      case "NetworkDriver.CreateEndpoint" -> {
        require(network);
        add(endpoint);
        if (request.at("/Interface/MacAddress").asText().isEmpty()) {
          answer.putObject("Interface").put("MacAddress", "02:00:00:00:00:09");
        }
      }
      case "NetworkDriver.DeleteEndpoint" -> {
        refuse("joined " + endpoint);
        remove(endpoint);
      }
      case "NetworkDriver.EndpointOperInfo" -> answer.putObject("Value").put("speed", 10);
      case "NetworkDriver.Join" -> join(endpoint, request, answer);
      case "NetworkDriver.Leave" -> {
        refuse("external " + endpoint);
        remove("joined " + endpoint);
      }
      case "NetworkDriver.ProgramExternalConnectivity" -> add("external " + endpoint);
      case "NetworkDriver.RevokeExternalConnectivity" -> remove("external " + endpoint);
      default -> ipam(method, request, answer);
    }
  }

  private void join(String endpoint, JsonNode request, ObjectNode answer) {
    require(endpoint);
    add("joined " + endpoint);
    String link = "v" + request.path("EndpointID").asText().substring(0, 7);
    kernel.existing.add(link);
    answer.setAll(joinAnswer.deepCopy());
    answer.withObject("/InterfaceName").put("SrcName", link);
  }

  private void ipam(String method, JsonNode request, ObjectNode answer) {
    switch (method) {
      case "IpamDriver.GetCapabilities" ->
          answer.put("RequiresMACAddress", wantsMac).put("RequiresRequestReplay", replay);
      case "IpamDriver.GetDefaultAddressSpaces" ->
          answer.put("LocalDefaultAddressSpace", "here").put("GlobalDefaultAddressSpace", "all");
      case "IpamDriver.RequestPool" -> {
        String wanted = request.path("Pool").asText();
        boolean six = request.path("V6").asBoolean();
        String pool = wanted.isEmpty() ? (six ? "fd09::/64" : "10.9.0.0/24") : wanted;
        String id = "pool" + ++pools;
        add("pool " + id);
        answer.put("PoolID", id).put("Pool", pool);
      }
      case "IpamDriver.ReleasePool" -> {
        String id = request.path("PoolID").asText();
        held.stream()
            .filter(thing -> thing.startsWith("address " + id))
            .forEach(thing -> {
              throw new IllegalStateException("in use: " + thing);
            });
        remove("pool " + id);
      }
      case "IpamDriver.RequestAddress" -> {
        String id = request.path("PoolID").asText();
        require("pool " + id);
        String wanted = request.path("Address").asText();
        String address = wanted.isEmpty() ? "10.9.0." + addresses++ : wanted;
        add("address " + id + " " + address);
        answer.put("Address", address + "/24");
      }
      case "IpamDriver.ReleaseAddress" ->
          remove(
              "address "
                  + request.path("PoolID").asText()
                  + " "
                  + request.path("Address").asText());
      default -> throw new IllegalStateException("unknown method " + method);
    }
  }

  private void add(String thing) {
    if (!held.add(thing)) {
      throw new IllegalStateException("there is already: " + thing);
    }
  }

  private void require(String thing) {
    if (!held.contains(thing)) {
      throw new IllegalStateException("there is no " + thing);
    }
  }

  private void refuse(String thing) {
    if (held.contains(thing)) {
      throw new IllegalStateException("there still is: " + thing);
    }
  }

  private void remove(String thing) {
    if (!held.remove(thing)) {
      throw new IllegalStateException("there is no " + thing);
    }
  }

  /** What it holds, in order. */
  Set<String> holds() {
    return new TreeSet<>(held);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
