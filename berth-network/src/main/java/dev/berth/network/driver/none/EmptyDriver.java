package dev.berth.network.driver.none;

import dev.berth.core.EngineException;
import dev.berth.network.EndpointAddresses;
import dev.berth.network.EndpointRequest;
import dev.berth.network.JoinAnswer;
import dev.berth.network.JoinRequest;
import dev.berth.network.NetworkDriver;
import dev.berth.network.NetworkPlan;
import dev.berth.network.NetworkRecord;
import java.util.List;
import java.util.Map;

/**
 * A network that is only a name: {@code null}, where a container has nothing but loopback, and
 * {@code host}, where it shares the engine's namespace.
 */
public final class EmptyDriver implements NetworkDriver {
  private final String name;

  /**
   * @param name {@code null} or {@code host}
   */
  public EmptyDriver(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Capability capability() {
    return new Capability("local", false, false);
  }

  @Override
  public boolean wantsGateway(NetworkRecord network, boolean ipv6) {
    return false;
  }

  @Override
  public NetworkPlan plan(NetworkRecord network, List<NetworkRecord> others) {
    if (!others.isEmpty() && !network.spec().flags().configOnly()) {
      throw EngineException.forbidden("only one instance of \"" + name + "\" network is allowed");
    }
    return NetworkPlan.outsideTheKernel(network);
  }

  @Override
  public Map<String, String> createNetwork(NetworkPlan plan) {
    return Map.of();
  }

  @Override
  public void restoreNetwork(NetworkPlan plan) {
    // There is nothing to make whole.
  }

  @Override
  public void deleteNetwork(NetworkRecord network) {
    // There is nothing to delete.
  }

  @Override
  public EndpointAddresses createEndpoint(EndpointRequest request) {
    return request.addresses();
  }

  @Override
  public void deleteEndpoint(NetworkRecord network, String endpointId) {
    // There is nothing to delete.
  }

  @Override
  public JoinAnswer join(JoinRequest request) {
    return JoinAnswer.NOTHING;
  }

  @Override
  public void leave(NetworkRecord network, String endpointId) {
    // There is nothing to leave.
  }
}
