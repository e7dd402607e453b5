package dev.berth.network.driver.ipvlan;

import dev.berth.core.EngineException;
import dev.berth.network.EndpointAddresses;
import dev.berth.network.EndpointRequest;
import dev.berth.network.JoinAnswer;
import dev.berth.network.JoinRequest;
import dev.berth.network.NetworkDriver;
import dev.berth.network.NetworkPlan;
import dev.berth.network.NetworkRecord;
import dev.berth.network.driver.parent.ParentChoice;
import dev.berth.network.driver.parent.ParentExits;
import dev.berth.network.driver.parent.ParentLinks;
import dev.berth.network.link.InterfaceAddress;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.link.LinkSource;
import dev.berth.network.link.LinkSource.IpvlanFlag;
import dev.berth.network.link.LinkSource.IpvlanMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Networks of ipvlan interfaces on a parent of the host. */
public final class IpvlanDriver implements NetworkDriver {
  private static final String NAME = "ipvlan";
  private static final String DUMMY_PREFIX = "di-";

  private final ParentLinks parents;

  /**
   * @param kernel makes the links
   */
  public IpvlanDriver(LinkKernel kernel) {
    this.parents = new ParentLinks(NAME, kernel);
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

  private static IpvlanMode mode(NetworkRecord network) {
    String mode = network.options().getOrDefault("ipvlan_mode", "");
    return switch (mode) {
      case "", "l2" -> IpvlanMode.L2;
      case "l3" -> IpvlanMode.L3;
      case "l3s" -> IpvlanMode.L3S;
      default ->
          throw EngineException.internal(
              "requested ipvlan mode '"
                  + mode
                  + "' is not valid, 'l2' mode is the ipvlan driver default",
              null);
    };
  }

  private static IpvlanFlag flag(NetworkRecord network) {
    String flag = network.options().getOrDefault("ipvlan_flag", "");
    return switch (flag) {
      case "", "bridge" -> IpvlanFlag.BRIDGE;
      case "private" -> IpvlanFlag.PRIVATE;
      case "vepa" -> IpvlanFlag.VEPA;
      default ->
          throw EngineException.internal(
              "requested ipvlan flag '"
                  + flag
                  + "' is not valid, 'bridge' is the ipvlan driver default",
              null);
    };
  }

  @Override
  public boolean wantsGateway(NetworkRecord network, boolean ipv6) {
    return mode(network) == IpvlanMode.L2 && !parent(network).internal(network);
  }

  @Override
  public NetworkPlan plan(NetworkRecord network, List<NetworkRecord> others) {
    ParentChoice parent = parent(network);
    mode(network);
    flag(network);
    ParentChoice.mtuBytes(network);
    for (NetworkRecord other : others) {
      if (parent(other).equals(parent)) {
        throw EngineException.internal(
            "network "
                + DUMMY_PREFIX
                + other.id().substring(0, 12)
                + " is already using parent interface "
                + parent.name(),
            null);
      }
    }
    return new NetworkPlan(network, List.of(), null);
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
    if (!request.addresses().macAddress().isEmpty()) {
      throw EngineException.internal(
          "ipvlan interfaces do not support custom mac address assignment", null);
    }
    return request.addresses();
  }

  @Override
  public void deleteEndpoint(NetworkRecord network, String endpointId) {
    // The interface is inside the container and goes with it.
  }

  @Override
  public JoinAnswer join(JoinRequest request) {
    NetworkRecord network = request.network();
    EndpointAddresses addresses = request.addresses();
    return new JoinAnswer(
        new LinkSource.Ipvlan(parent(network).name(), mode(network), flag(network)),
        "eth",
        ParentChoice.mtuBytes(network),
        exit(network, addresses.ipv4()),
        exit(network, addresses.ipv6()),
        List.of());
  }

  /** On layer 3 there are no neighbours to be a gateway: everything is on the link. */
  private static JoinAnswer.Exit exit(NetworkRecord network, @Nullable InterfaceAddress address) {
    if (address == null || parent(network).internal(network)) {
      return JoinAnswer.Exit.NONE;
    }
    return mode(network) == IpvlanMode.L2
        ? ParentExits.byGateway(network, address)
        : new JoinAnswer.Exit(null, true, null);
  }

  @Override
  public void leave(NetworkRecord network, String endpointId) {
    // Nothing but the interface was made.
  }
}
