package dev.berth.network.driver.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import dev.berth.network.CniPaths;
import dev.berth.network.EndpointAddresses;
import dev.berth.network.EndpointRequest;
import dev.berth.network.Holding;
import dev.berth.network.Holdings;
import dev.berth.network.JoinAnswer;
import dev.berth.network.JoinRequest;
import dev.berth.network.NetworkPlan;
import dev.berth.network.NetworkRecord;
import dev.berth.network.OutsideDriver;
import dev.berth.network.SandboxSpec;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.link.InterfaceAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Networks of CNI plugins. A network is a configuration: the option {@code conflist} names one that
 * is installed, {@code config} gives one, and without either the network's own name is looked for.
 * It is kept with the network, so that a container is detached by what it was attached by. The
 * plugins choose addresses and routes, and publish ports where one of them can.
 */
public final class CniDriver implements OutsideDriver {
  /** The name by which users ask for it. */
  public static final String NAME = "cni";

  private static final System.Logger LOG = System.getLogger(CniDriver.class.getName());
  private static final Capability CAPABILITY = new Capability("local", false, true);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CONFIG = "config";
  private static final String RESULT = "result";
  private static final String RUNTIME = "runtime";
  private static final String ARGUMENTS = "args";
  private static final String PORT_MAPPINGS = "portMappings";

  private final CniCatalogue catalogue;
  private final CniChain chain;
  private final Holdings holdings;

  /**
   * @param paths where configurations and plugins are
   * @param holdings keeps on record who is attached
   */
  public CniDriver(CniPaths paths, Holdings holdings) {
    this(paths, holdings, PATIENCE);
  }

  /**
   * @param paths where configurations and plugins are
   * @param holdings keeps on record who is attached
   * @param patience how long to wait for one plugin
   */
  public CniDriver(CniPaths paths, Holdings holdings, Duration patience) {
    this.catalogue = new CniCatalogue(paths);
    this.chain = new CniChain(catalogue, patience);
    this.holdings = holdings;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Capability capability() {
    return CAPABILITY;
  }

  @Override
  public boolean bringsIpv6() {
    return true;
  }

  @Override
  public NetworkRecord introduce(NetworkRecord network) {
    if (network.spec().flags().internal()) {
      throw EngineException.invalid("whether a CNI network is internal is up to its configuration");
    }
    if (!network.ipam().configs().isEmpty()) {
      throw EngineException.invalid("the subnets of a CNI network are up to its configuration");
    }
    String given = network.options().getOrDefault(CONFIG, "");
    String named = network.options().getOrDefault("conflist", network.name());
    CniConfiguration configuration =
        given.isEmpty() ? catalogue.find(named) : CniConfiguration.parse(given, network.name());
    configuration.types().forEach(catalogue::program);
    return network.withDriverState(Map.of(CONFIG, configuration.text()));
  }

  @Override
  public boolean wantsGateway(NetworkRecord network, boolean ipv6) {
    return false;
  }

  @Override
  public Map<String, String> createNetwork(NetworkPlan plan) {
    return plan.network().driverState();
  }

  @Override
  public void deleteNetwork(NetworkRecord network) {
    // What plugins have shared between attachments, for instance a bridge, is theirs to keep.
  }

  @Override
  public EndpointAddresses createEndpoint(EndpointRequest request) {
    return request.addresses();
  }

  @Override
  public void deleteEndpoint(NetworkRecord network, String endpointId) {
    endpoint(network, endpointId).ifPresent(this::giveBack);
  }

  private Optional<Holding> endpoint(NetworkRecord network, String endpointId) {
    return holdings.find(Holding.Kind.ENDPOINT, network.id(), endpointId);
  }

  @Override
  public JoinAnswer join(JoinRequest request) {
    NetworkRecord network = request.network();
    Optional<Holding> known = endpoint(network, request.endpointId());
    if (known.isPresent() && known.get().facts().containsKey(RESULT)) {
      return answer(known.get());
    }
    CniConfiguration configuration = configuration(network);
    Holding holding =
        new Holding(
            Holding.Kind.ENDPOINT,
            NAME,
            network.id(),
            request.endpointId(),
            facts(request, configuration));
    holdings.put(holding);
    JsonNode result = chain.add(configuration, attachment(holding));
    Map<String, String> facts = new HashMap<>(holding.facts());
    facts.put(RESULT, result.toString());
    Holding attached = holding.withFacts(facts);
    holdings.put(attached);
    return answer(attached);
  }

  private static CniConfiguration configuration(NetworkRecord network) {
    return CniConfiguration.parse(network.driverState().getOrDefault(CONFIG, ""), network.name());
  }

  private static Map<String, String> facts(JoinRequest request, CniConfiguration configuration) {
    EndpointAddresses wanted = request.addresses();
    ObjectNode runtime = JsonNodeFactory.instance.objectNode();
    StringBuilder arguments = new StringBuilder();
    List<SandboxSpec.PublishedPort> published = request.owner().ports().published();
    if (!published.isEmpty()) {
      if (!configuration.takes(PORT_MAPPINGS)) {
        throw EngineException.invalid(
            "no plugin of the CNI network %s publishes ports: none has the capability %s"
                .formatted(request.network().name(), PORT_MAPPINGS));
      }
      CniPorts.describe(published, runtime.putArray(PORT_MAPPINGS));
    }
    if (!wanted.macAddress().isEmpty()) {
      runtime.put("mac", wanted.macAddress());
      arguments.append(";MAC=").append(wanted.macAddress());
    }
    for (InterfaceAddress address : new InterfaceAddress[] {wanted.ipv4(), wanted.ipv6()}) {
      if (address != null) {
        String text = Addresses.text(address.address());
        runtime.withArray("ips").add(text);
        arguments.append(";IP=").append(text);
      }
    }
    for (Map<String, String> options : List.of(request.network().options(), request.options())) {
      String more = options.getOrDefault(ARGUMENTS, "");
      if (!more.isEmpty()) {
        arguments.append(';').append(more);
      }
    }
    return Map.of(
        "container",
        request.owner().containerId(),
        "namespace",
        request.sandboxKey().toString(),
        "interface",
        request.freeName(),
        ARGUMENTS,
        arguments.toString(),
        RUNTIME,
        runtime.toString(),
        CONFIG,
        configuration.text());
  }

  private static CniAttachment attachment(Holding holding) {
    Map<String, String> facts = holding.facts();
    Map<String, String> arguments = new HashMap<>();
    for (String word : facts.getOrDefault(ARGUMENTS, "").split(";")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        arguments.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return new CniAttachment(
        facts.getOrDefault("container", ""),
        facts.getOrDefault("namespace", ""),
        facts.getOrDefault("interface", ""),
        arguments,
        CniConfiguration.json(facts.getOrDefault(RUNTIME, "{}")));
  }

  private static JoinAnswer answer(Holding holding) {
    CniAttachment attachment = attachment(holding);
    JsonNode result = CniConfiguration.json(holding.facts().getOrDefault(RESULT, "{}"));
    return new CniResult(result, attachment.interfaceName())
        .answer(CniPorts.shown(attachment.runtime().path(PORT_MAPPINGS)));
  }

  @Override
  public void leave(NetworkRecord network, String endpointId) {
    endpoint(network, endpointId).ifPresent(this::giveBack);
  }

  @Override
  public void giveBack(Holding holding) {
    @Nullable String result = holding.facts().get(RESULT);
    chain.delete(
        CniConfiguration.parse(holding.facts().getOrDefault(CONFIG, ""), holding.networkId()),
        attachment(holding),
        result == null ? null : CniConfiguration.json(result));
    holdings.remove(holding);
  }

  @Override
  public void check(Holding holding) {
    CniConfiguration configuration =
        CniConfiguration.parse(holding.facts().getOrDefault(CONFIG, ""), holding.networkId());
    @Nullable String result = holding.facts().get(RESULT);
    if (result == null || !configuration.canBeChecked()) {
      return;
    }
    try {
      chain.check(configuration, attachment(holding), CniConfiguration.json(result));
    } catch (EngineException changed) {
      LOG.log(
          System.Logger.Level.INFO,
          "container {0} on {1} is not as it was attached: {2}",
          holding.facts().getOrDefault("container", ""),
          configuration.name(),
          changed.text());
    }
  }
}
