package dev.berth.network.driver.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import dev.berth.network.EndpointAddresses;
import dev.berth.network.EndpointOwner;
import dev.berth.network.EndpointRequest;
import dev.berth.network.ExternalConnectivity;
import dev.berth.network.Holding;
import dev.berth.network.Holdings;
import dev.berth.network.JoinAnswer;
import dev.berth.network.JoinRequest;
import dev.berth.network.NetworkPlan;
import dev.berth.network.NetworkRecord;
import dev.berth.network.OutsideDriver;
import dev.berth.plugin.Plugin;
import dev.berth.plugin.Plugins;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Networks of a plugin. The plugin is looked up by name at each call, so that its networks are
 * there, and can be removed, while it is not. What it was asked to make is on record until it has
 * given it up; a join is answered from there once it was done, as nothing that the plugin does must
 * hold up the start of the engine.
 *
 * @see <a href="https://github.com/moby/moby/blob/v28.5.2/libnetwork/docs/remote.md">remote
 *     drivers</a>
 */
public final class RemoteNetworkDriver implements OutsideDriver, ExternalConnectivity {
  /** The interface that network plugins offer. */
  public static final String INTERFACE = "NetworkDriver";

  private static final Capability UNASKED = new Capability("local", true, true);
  private static final String JOINED = "joined";
  private static final String EXTERNAL = "external";
  private static final String SKIP_IPV4 = "SkipIPv4";
  private static final String SKIP_IPV6 = "SkipIPv6";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final RemoteCalls calls;
  private final Holdings holdings;
  private volatile @Nullable Known known;

  /**
   * What it said about itself.
   *
   * @param plugin who said it
   * @param capability what it can do
   * @param checksGateways whether it can do without gateways and wants to be asked
   */
  private record Known(Plugin plugin, Capability capability, boolean checksGateways) {}

  /**
   * @param name the plugin's name
   * @param plugins where it is found
   * @param holdings keeps on record what it holds
   */
  public RemoteNetworkDriver(String name, Plugins plugins, Holdings holdings) {
    this.name = name;
    this.calls = new RemoteCalls(INTERFACE, name, plugins);
    this.holdings = holdings;
  }

  @Override
  public NetworkRecord introduce(NetworkRecord network) {
    Known now = introduced();
    NetworkRecord scoped = network.withScope(now.capability().scope());
    if (!now.checksGateways()) {
      return scoped;
    }
    JsonNode answer =
        calls.ask("GwAllocCheck", RemoteRequests.options(RemoteCalls.request(), network));
    Map<String, String> state = new HashMap<>();
    for (String skip : List.of(SKIP_IPV4, SKIP_IPV6)) {
      if (answer.path(skip).asBoolean()) {
        state.put(skip, "");
      }
    }
    return scoped.withDriverState(state);
  }

  private Known introduced() {
    Plugin plugin = calls.plugin();
    Known before = known;
    if (before != null && before.plugin() == plugin) {
      return before;
    }
    JsonNode answer = calls.ask("GetCapabilities", RemoteCalls.request());
    Known now = new Known(plugin, capability(answer), answer.path("GwAllocChecker").asBoolean());
    known = now;
    return now;
  }

  private static Capability capability(JsonNode answer) {
    String scope = answer.path("Scope").asText("").toLowerCase(Locale.ROOT);
    if (!scope.equals("global") && !scope.equals("local")) {
      throw EngineException.internal(
          "invalid capability: expecting 'local' or 'global', got " + scope, null);
    }
    return new Capability(scope, true, true);
  }

  @Override
  public String name() {
    return name;
  }

  /** What the plugin said; what nearly all say until then, as nobody may wait here. */
  @Override
  public Capability capability() {
    Known now = known;
    return now == null ? UNASKED : now.capability();
  }

  @Override
  public boolean wantsGateway(NetworkRecord network, boolean ipv6) {
    return !network.driverState().containsKey(ipv6 ? SKIP_IPV6 : SKIP_IPV4);
  }

  @Override
  public Map<String, String> createNetwork(NetworkPlan plan) {
    NetworkRecord network = plan.network();
    Holding holding = new Holding(Holding.Kind.NETWORK, name, network.id(), "", Map.of());
    make(holding, "CreateNetwork", RemoteRequests.network(network));
    return network.driverState();
  }

  /** Asks for something that is on record from before until the plugin has refused it. */
  private JsonNode make(Holding holding, String method, ObjectNode request) {
    calls.plugin();
    holdings.put(holding);
    try {
      return calls.change(method, request);
    } catch (EngineException failure) {
      if (RemoteCalls.isRefusal(failure)) {
        holdings.remove(holding);
      }
      throw failure;
    }
  }

  @Override
  public void deleteNetwork(NetworkRecord network) {
    holdings.find(Holding.Kind.NETWORK, network.id(), "").ifPresent(this::giveBack);
  }

  @Override
  public EndpointAddresses createEndpoint(EndpointRequest request) {
    String networkId = request.network().id();
    ObjectNode body = RemoteRequests.of(networkId, request.endpointId());
    RemoteRequests.addresses(body, request.addresses());
    RemoteRequests.endpointOptions(body, request.owner(), request.options());
    Holding holding =
        new Holding(Holding.Kind.ENDPOINT, name, networkId, request.endpointId(), Map.of());
    JsonNode answer = make(holding, "CreateEndpoint", body);
    try {
      return RemoteAnswers.addresses(answer.path("Interface"), request.addresses());
    } catch (EngineException failure) {
      deleteEndpoint(request.network(), request.endpointId());
      throw failure;
    }
  }

  @Override
  public void deleteEndpoint(NetworkRecord network, String endpointId) {
    endpoint(network, endpointId).ifPresent(this::giveBack);
  }

  private Optional<Holding> endpoint(NetworkRecord network, String endpointId) {
    return holdings.find(Holding.Kind.ENDPOINT, network.id(), endpointId);
  }

  @Override
  public void giveBack(Holding holding) {
    if (holding.kind() == Holding.Kind.NETWORK) {
      calls.giveBack("DeleteNetwork", RemoteRequests.of(holding.networkId()));
    } else {
      Holding left = leave(revoke(holding));
      calls.giveBack("DeleteEndpoint", RemoteRequests.of(left.networkId(), left.id()));
    }
    holdings.remove(holding);
  }

  @Override
  public JoinAnswer join(JoinRequest request) {
    NetworkRecord network = request.network();
    boolean internal = network.spec().flags().internal();
    Holding holding =
        endpoint(network, request.endpointId())
            .orElseThrow(
                () -> EngineException.notFound("endpoint " + request.endpointId() + " not found"));
    String joined = holding.facts().get(JOINED);
    if (joined != null) {
      return RemoteAnswers.join(parsed(joined), internal);
    }
    ObjectNode body = RemoteRequests.of(network.id(), request.endpointId());
    body.put("SandboxKey", request.sandboxKey().toString());
    RemoteRequests.endpointOptions(body, request.owner(), request.options());
    // On record before the answer, as the plugin may have done it when none comes.
    note(holding, JOINED, "{}");
    try {
      JsonNode answer = calls.change("Join", body);
      note(holding, JOINED, answer.toString());
      return RemoteAnswers.join(answer, internal);
    } catch (EngineException failure) {
      if (RemoteCalls.isRefusal(failure)) {
        holdings.put(holding);
      }
      throw failure;
    }
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Holding note(Holding holding, String fact, String value) {
    Map<String, String> facts = new HashMap<>(holding.facts());
    facts.put(fact, value);
    Holding noted = holding.withFacts(facts);
    holdings.put(noted);
    return noted;
  }

  private Holding forget(Holding holding, String fact) {
    Map<String, String> facts = new HashMap<>(holding.facts());
    facts.remove(fact);
    Holding noted = holding.withFacts(facts);
    holdings.put(noted);
    return noted;
  }

  @Override
  public void leave(NetworkRecord network, String endpointId) {
    endpoint(network, endpointId).ifPresent(holding -> leave(revoke(holding)));
  }

  private Holding leave(Holding holding) {
    if (!holding.facts().containsKey(JOINED)) {
      return holding;
    }
    calls.giveBack("Leave", RemoteRequests.of(holding.networkId(), holding.id()));
    return forget(holding, JOINED);
  }

  /** A plugin need not know of it, and one that does may not care for what is asked of it. */
  @Override
  public void program(NetworkRecord network, String endpointId, EndpointOwner owner) {
    Holding holding = endpoint(network, endpointId).orElse(null);
    if (holding == null || holding.facts().containsKey(EXTERNAL)) {
      return;
    }
    ObjectNode body = RemoteRequests.of(network.id(), endpointId);
    RemoteRequests.endpointOptions(body, owner, Map.of());
    note(holding, EXTERNAL, "");
    calls.askIfKnown("ProgramExternalConnectivity", body);
  }

  @Override
  public void revoke(NetworkRecord network, String endpointId) {
    endpoint(network, endpointId).ifPresent(this::revoke);
  }

  private Holding revoke(Holding holding) {
    if (!holding.facts().containsKey(EXTERNAL)) {
      return holding;
    }
    ObjectNode body = RemoteRequests.of(holding.networkId(), holding.id());
    try {
      calls.askIfKnown("RevokeExternalConnectivity", body);
    } catch (EngineException failure) {
      if (!RemoteCalls.isRefusal(failure)) {
        throw failure;
      }
    }
    return forget(holding, EXTERNAL);
  }

  @Override
  public Map<String, String> endpointInfo(String networkId, String endpointId) {
    JsonNode answer =
        calls.ask("EndpointOperInfo", RemoteRequests.of(networkId, endpointId)).path("Value");
    Map<String, String> info = new HashMap<>();
    answer.properties().forEach(entry -> info.put(entry.getKey(), entry.getValue().asText("")));
    return info;
  }
}
