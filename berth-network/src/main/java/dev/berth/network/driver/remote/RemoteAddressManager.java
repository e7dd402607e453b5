package dev.berth.network.driver.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import dev.berth.core.UndoStack;
import dev.berth.network.AddressManager;
import dev.berth.network.AddressPlan;
import dev.berth.network.Holding;
import dev.berth.network.Holdings;
import dev.berth.network.IpamSpec;
import dev.berth.network.NetworkDriver;
import dev.berth.network.NetworkRecord;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.ipam.AddressSource;
import dev.berth.network.ipam.Cidr;
import dev.berth.network.ipam.NetworkAddresses;
import dev.berth.plugin.Plugin;
import dev.berth.plugin.Plugins;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that a plugin manages. Each pool and address that it has given is on record until it
 * was given back: an address that is asked for by name from before the question, whatever the
 * plugin chooses in one transaction right after its answer.
 *
 * @see <a href="https://github.com/moby/moby/blob/v28.5.2/libnetwork/docs/ipam.md">remote IPAM</a>
 */
public final class RemoteAddressManager implements AddressManager {
  /** The interface that address managers offer. */
  public static final String INTERFACE = "IpamDriver";

  private static final System.Logger LOG = System.getLogger(RemoteAddressManager.class.getName());

  /** Stands for an IPv6 subnet of the plugin's choice, as an empty text does for an IPv4 one. */
  private static final String AUTOMATIC_IPV6 = "::";

  private static final String GATEWAY = "com.docker.network.gateway";

  private final String name;
  private final RemoteCalls calls;
  private final Holdings holdings;
  private final AtomicLong questions = new AtomicLong();
  private volatile @Nullable Known known;

  /**
   * What it said about itself.
   *
   * @param plugin who said it
   * @param wantsMac whether it must know stations
   * @param wantsReplay whether it must be asked again after a restart of the engine
   * @param localSpace where local networks have their addresses
   * @param globalSpace where those of a cluster have them
   */
  record Known(
      Plugin plugin,
      boolean wantsMac,
      boolean wantsReplay,
      String localSpace,
      String globalSpace) {}

  /**
   * @param name the plugin's name
   * @param plugins where it is found
   * @param holdings keeps on record what it gave
   */
  public RemoteAddressManager(String name, Plugins plugins, Holdings holdings) {
    this.name = name;
    this.calls = new RemoteCalls(INTERFACE, name, plugins);
    this.holdings = holdings;
  }

  /** The plugin's own words; it need not know the question for capabilities. */
  Known introduced() {
    Plugin plugin = calls.plugin();
    Known before = known;
    if (before != null && before.plugin() == plugin) {
      return before;
    }
    JsonNode capabilities = capabilities();
    JsonNode spaces = calls.ask("GetDefaultAddressSpaces", RemoteCalls.request());
    Known now =
        new Known(
            plugin,
            capabilities.path("RequiresMACAddress").asBoolean(),
            capabilities.path("RequiresRequestReplay").asBoolean(),
            spaces.path("LocalDefaultAddressSpace").asText(""),
            spaces.path("GlobalDefaultAddressSpace").asText(""));
    known = now;
    return now;
  }

  private JsonNode capabilities() {
    try {
      return calls
          .askIfKnown("GetCapabilities", RemoteCalls.request())
          .orElseGet(RemoteCalls::request);
    } catch (EngineException failure) {
      if (!RemoteCalls.isRefusal(failure)) {
        throw failure;
      }
      LOG.log(System.Logger.Level.DEBUG, "plugin {0} has no capabilities", name);
      return RemoteCalls.request();
    }
  }

  @Override
  public AddressPlan request(NetworkRecord network, NetworkDriver driver) {
    introduced();
    List<NetworkRecord.Pool> pools = new ArrayList<>();
    List<RemoteAddresses.Pool> given = new ArrayList<>();
    try (UndoStack undo = new UndoStack("subnets of " + network.name())) {
      for (boolean six : new boolean[] {false, true}) {
        if (six ? network.ipv6() : network.ipv4()) {
          for (IpamSpec.Config config : configs(network, six)) {
            RemoteAddresses.Pool pool = pool(network, config, given.size(), undo);
            given.add(pool);
            pools.add(filled(network, config, pool, driver, undo));
          }
        }
      }
      undo.commit();
    }
    return new AddressPlan(pools, new RemoteAddresses(this, network, given, false));
  }

  private static List<IpamSpec.Config> configs(NetworkRecord network, boolean six) {
    List<IpamSpec.Config> wanted =
        network.ipam().configs().stream()
            .filter(config -> config.subnet().contains(":") == six)
            .toList();
    if (!wanted.isEmpty()) {
      return wanted;
    }
    return List.of(new IpamSpec.Config(six ? AUTOMATIC_IPV6 : "", "", "", Map.of()));
  }

  private RemoteAddresses.Pool pool(
      NetworkRecord network, IpamSpec.Config config, int number, UndoStack undo) {
    boolean six = config.subnet().contains(":");
    boolean automatic = config.subnet().isEmpty() || config.subnet().equals(AUTOMATIC_IPV6);
    String subnet = automatic ? "" : config.subnet();
    JsonNode answer = requestPool(network, subnet, config.ipRange(), six);
    String id = answer.path("PoolID").asText("");
    Holding holding =
        new Holding(
            Holding.Kind.POOL,
            name,
            network.id(),
            id,
            Map.of(
                "number", Integer.toString(number),
                "subnet", answer.path("Pool").asText(""),
                "range", config.ipRange(),
                "gateway", answer.path("Data").path(GATEWAY).asText("")));
    holdings.put(holding);
    undo.push("release a pool", () -> giveBack(holding));
    return new RemoteAddresses.Pool(id, block(answer.path("Pool").asText("")), holding.facts());
  }

  private static Cidr block(String text) {
    return Cidr.parse(text)
        .map(Cidr.Written::block)
        .orElseThrow(() -> EngineException.internal("remote: invalid pool: " + text, null));
  }

  /** Asks for a subnet, or once more for one that was given. */
  JsonNode requestPool(NetworkRecord network, String subnet, String range, boolean six) {
    Known now = introduced();
    ObjectNode body = RemoteCalls.request();
    body.put(
        "AddressSpace", network.scope().equals("global") ? now.globalSpace() : now.localSpace());
    body.put("Pool", subnet).put("SubPool", range);
    ObjectNode options = body.putObject("Options");
    Map<String, String> given = network.ipam().options();
    if (given != null) {
      given.forEach(options::put);
    }
    return calls.change("RequestPool", body.put("V6", six));
  }

  private NetworkRecord.Pool filled(
      NetworkRecord network,
      IpamSpec.Config config,
      RemoteAddresses.Pool pool,
      NetworkDriver driver,
      UndoStack undo) {
    String gateway = gateway(network, config, pool, driver, undo);
    for (Map.Entry<String, String> auxiliary : config.auxiliaryAddresses().entrySet()) {
      String pair = auxiliary.getKey() + ":" + auxiliary.getValue();
      fixed(network, pool, auxiliary.getValue(), "secondary ip address (" + pair + ")", undo);
    }
    boolean automatic = config.subnet().isEmpty() || config.subnet().equals(AUTOMATIC_IPV6);
    return new NetworkRecord.Pool(
        pool.subnet().toString(),
        config.ipRange(),
        gateway,
        config.auxiliaryAddresses(),
        automatic);
  }

  private String gateway(
      NetworkRecord network,
      IpamSpec.Config config,
      RemoteAddresses.Pool pool,
      NetworkDriver driver,
      UndoStack undo) {
    String brought = pool.facts().getOrDefault("gateway", "");
    if (config.gateway().isEmpty() && !brought.isEmpty()) {
      return brought.split("/", 2)[0];
    }
    if (config.gateway().isEmpty() && !driver.wantsGateway(network, pool.subnet().ipv6())) {
      return "";
    }
    return fixed(network, pool, config.gateway(), "gateway (" + config.gateway() + ")", undo);
  }

  /** An address that is the network's own as long as it exists. */
  private String fixed(
      NetworkRecord network,
      RemoteAddresses.Pool pool,
      String wanted,
      String what,
      UndoStack undo) {
    Map<String, String> options =
        what.startsWith("gateway") ? Map.of("RequestAddressType", GATEWAY) : Map.of();
    try {
      InetAddress address = requestAddress(network, pool, wanted, options, true).address();
      undo.push("release " + what, () -> free(network.id(), pool.id(), address));
      return Addresses.text(address);
    } catch (EngineException failure) {
      throw EngineException.internal("failed to allocate " + what + ": " + failure.text(), failure);
    }
  }

  /**
   * Asks for an address and puts it on record.
   *
   * @param wanted or empty for any
   * @param fixed whether it is the network's own
   */
  NetworkAddresses.Allocation requestAddress(
      NetworkRecord network,
      RemoteAddresses.Pool pool,
      String wanted,
      Map<String, String> options,
      boolean fixed) {
    Holding asked = wanted.isEmpty() ? null : noteQuestion(network, pool, wanted);
    JsonNode answer;
    try {
      answer = askForAddress(pool.id(), wanted, options);
    } catch (EngineException failure) {
      if (asked != null && RemoteCalls.isRefusal(failure)) {
        holdings.remove(asked);
      }
      throw failure;
    }
    String text = answer.path("Address").asText("");
    Cidr.Written given =
        Cidr.parse(text)
            .orElseThrow(() -> EngineException.internal("remote: invalid address: " + text, null));
    Holding holding = address(network, pool, given.address(), fixed);
    if (asked == null) {
      holdings.put(holding);
    } else {
      holdings.replace(asked, holding);
    }
    int number = Integer.parseInt(pool.facts().getOrDefault("number", "0"));
    return new NetworkAddresses.Allocation(given.address(), given.block().prefixLength(), number);
  }

  private Holding address(
      NetworkRecord network, RemoteAddresses.Pool pool, InetAddress address, boolean fixed) {
    String text = Addresses.text(address);
    Map<String, String> facts = new HashMap<>();
    facts.put("pool", pool.id());
    facts.put("address", text);
    if (fixed) {
      facts.put("fixed", "");
    }
    return new Holding(Holding.Kind.ADDRESS, name, network.id(), pool.id() + " " + text, facts);
  }

  /** Each question has a record of its own: of two that want one address, one is refused. */
  private Holding noteQuestion(NetworkRecord network, RemoteAddresses.Pool pool, String wanted) {
    Map<String, String> facts = Map.of("pool", pool.id(), "address", wanted, Holding.ASKED, "");
    String id;
    do {
      id = pool.id() + " " + wanted + " " + questions.incrementAndGet();
    } while (holdings.find(Holding.Kind.ADDRESS, network.id(), id).isPresent());
    Holding asked = new Holding(Holding.Kind.ADDRESS, name, network.id(), id, facts);
    holdings.put(asked);
    return asked;
  }

  JsonNode askForAddress(String poolId, String wanted, Map<String, String> options) {
    ObjectNode body = RemoteCalls.request().put("PoolID", poolId).put("Address", wanted);
    ObjectNode sent = body.putObject("Options");
    options.forEach(sent::put);
    return calls.change("RequestAddress", body);
  }

  /** Gives an address back, if it was given. */
  void free(String networkId, String poolId, InetAddress address) {
    String id = poolId + " " + Addresses.text(address);
    holdings.find(Holding.Kind.ADDRESS, networkId, id).ifPresent(this::giveBack);
  }

  /** All that is on record of one network and was given by this one. */
  List<Holding> of(String networkId, Holding.Kind kind) {
    return holdings.all().stream()
        .filter(holding -> holding.kind() == kind && holding.networkId().equals(networkId))
        .filter(holding -> holding.holder().equals(name))
        .toList();
  }

  @Override
  public AddressSource restore(NetworkRecord network) {
    RemoteAddresses.@Nullable Pool[] pools = new RemoteAddresses.Pool[network.pools().size()];
    for (Holding holding : of(network.id(), Holding.Kind.POOL)) {
      int number = Integer.parseInt(holding.facts().getOrDefault("number", "0"));
      String subnet = holding.facts().getOrDefault("subnet", "");
      if (number < pools.length) {
        pools[number] = new RemoteAddresses.Pool(holding.id(), block(subnet), holding.facts());
      }
    }
    List<RemoteAddresses.Pool> found = new ArrayList<>();
    for (RemoteAddresses.@Nullable Pool pool : pools) {
      if (pool != null) {
        found.add(pool);
      }
    }
    return new RemoteAddresses(this, network, found, true);
  }

  @Override
  public void giveBack(Holding holding) {
    if (holding.kind() == Holding.Kind.POOL) {
      calls.giveBack("ReleasePool", RemoteCalls.request().put("PoolID", holding.id()));
    } else if (!wasRefused(holding)) {
      String address = holding.facts().getOrDefault("address", "");
      String pool = holding.facts().getOrDefault("pool", "");
      calls.giveBack(
          "ReleaseAddress", RemoteCalls.request().put("PoolID", pool).put("Address", address));
    }
    holdings.remove(holding);
  }

  /** Somebody else on the network has what an unanswered question was about. */
  private boolean wasRefused(Holding holding) {
    String had =
        holding.facts().getOrDefault("pool", "")
            + " "
            + holding.facts().getOrDefault("address", "");
    return holding.isOnlyAsked()
        && holdings.find(Holding.Kind.ADDRESS, holding.networkId(), had).isPresent();
  }
}
