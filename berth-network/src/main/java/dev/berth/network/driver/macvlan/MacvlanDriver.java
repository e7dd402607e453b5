package dev.berth.network.driver.macvlan;

import dev.berth.core.EngineException;
import dev.berth.network.EndpointAddresses;
import dev.berth.network.EndpointRequest;
import dev.berth.network.JoinAnswer;
import dev.berth.network.JoinRequest;
import dev.berth.network.MacAddresses;
import dev.berth.network.NetworkDriver;
import dev.berth.network.NetworkPlan;
import dev.berth.network.NetworkRecord;
import dev.berth.network.driver.parent.ParentChoice;
import dev.berth.network.driver.parent.ParentExits;
import dev.berth.network.driver.parent.ParentLinks;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.link.LinkSource;
import dev.berth.network.link.LinkSource.MacvlanMode;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Networks of macvlan interfaces on a parent of the host. */
public final class MacvlanDriver implements NetworkDriver {
  private static final String NAME = "macvlan";
  private static final String DUMMY_PREFIX = "dm-";

  private final ParentLinks parents;
  private final RandomGenerator random;

  /**
   * @param kernel makes the links
   * @param random chooses MAC addresses
   */
  public MacvlanDriver(LinkKernel kernel, RandomGenerator random) {
    this.parents = new ParentLinks(NAME, kernel);
    this.random = random;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Capability capability() {
    return new Capability("local", true, true);
  }

  private static ParentChoice parent(NetworkRecord network) {
    return ParentChoice.of(network, NAME, DUMMY_PREFIX);
  }

  private static MacvlanMode mode(NetworkRecord network) {
    String mode = network.options().getOrDefault("macvlan_mode", "");
    return switch (mode) {
      case "", "bridge" -> MacvlanMode.BRIDGE;
      case "private" -> MacvlanMode.PRIVATE;
      case "vepa" -> MacvlanMode.VEPA;
      case "passthru" -> MacvlanMode.PASSTHRU;
      default ->
          throw EngineException.internal(
              "requested macvlan mode '"
                  + mode
                  + "' is not valid, 'bridge' mode is the macvlan driver default",
              null);
    };
  }

  @Override
  public boolean wantsGateway(NetworkRecord network, boolean ipv6) {
    return !parent(network).internal(network);
  }

  @Override
  public NetworkPlan plan(NetworkRecord network, List<NetworkRecord> others) {
    ParentChoice parent = parent(network);
    MacvlanMode mode = mode(network);
    ParentChoice.mtuBytes(network);
    for (NetworkRecord other : others) {
      if (parent(other).equals(parent)) {
        refusePassthru(parent, mode, other);
      }
    }
    return new NetworkPlan(network, List.of(), null);
  }

  /** One network that takes its parent over cannot share it. */
  private static void refusePassthru(ParentChoice parent, MacvlanMode mode, NetworkRecord other) {
    if (mode == MacvlanMode.PASSTHRU) {
      throw EngineException.internal(
          "cannot use mode passthru, macvlan network "
              + other.id()
              + " is already using parent interface "
              + parent.name(),
          null);
    }
    if (mode(other) == MacvlanMode.PASSTHRU) {
      throw EngineException.internal(
          "macvlan network "
              + other.id()
              + " is already using parent interface "
              + parent.name()
              + " in mode passthru",
          null);
    }
  }

  @Override
  public Map<String, String> createNetwork(NetworkPlan plan) {
    return parents.acquire(plan.network(), parent(plan.network()));
  }

  @Override
  public void restoreNetwork(NetworkPlan plan) {
    parents.restore(plan.network(), parent(plan.network()));
  }

  @Override
  public void deleteNetwork(NetworkRecord network) {
    parents.release(network, parent(network));
  }

  @Override
  public EndpointAddresses createEndpoint(EndpointRequest request) {
    EndpointAddresses addresses = request.addresses();
    return addresses.macAddress().isEmpty()
        ? new EndpointAddresses(MacAddresses.random(random), addresses.ipv4(), addresses.ipv6())
        : addresses;
  }

  @Override
  public void deleteEndpoint(NetworkRecord network, String endpointId) {
    // The interface is inside the container and goes with it.
  }

  @Override
  public JoinAnswer join(JoinRequest request) {
    NetworkRecord network = request.network();
    ParentChoice parent = parent(network);
    boolean internal = parent.internal(network);
    EndpointAddresses addresses = request.addresses();
    return new JoinAnswer(
        new LinkSource.Macvlan(parent.name(), mode(network)),
        "eth",
        ParentChoice.mtuBytes(network),
        internal ? JoinAnswer.Exit.NONE : ParentExits.byGateway(network, addresses.ipv4()),
        internal ? JoinAnswer.Exit.NONE : ParentExits.byGateway(network, addresses.ipv6()),
        List.of());
  }

  @Override
  public void leave(NetworkRecord network, String endpointId) {
    // Nothing but the interface was made.
  }
}
