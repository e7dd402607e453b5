package dev.berth.network;

import java.util.List;
import java.util.Map;

/**
 * A driver whose networks and endpoints somebody outside the engine keeps: what it asked for is on
 * record in {@link Holdings}, and what a crash left is given back from there.
 */
public interface OutsideDriver extends NetworkDriver {
  /**
   * Asks whatever planning a new network needs to know; touches nothing. Called before {@link
   * #plan}, outside of all locks.
   *
   * @return the network with its scope and what is to be remembered
   * @throws dev.berth.core.EngineException NOT_FOUND where there is no such driver
   */
  NetworkRecord introduce(NetworkRecord network);

  @Override
  default NetworkPlan plan(NetworkRecord network, List<NetworkRecord> others) {
    return NetworkPlan.outsideTheKernel(network);
  }

  /** Whoever keeps its networks also makes them whole. */
  @Override
  default void restoreNetwork(NetworkPlan plan) {}

  /** What is told of an endpoint at work, as names and values. */
  default Map<String, String> endpointInfo(String networkId, String endpointId) {
    return Map.of();
  }

  /**
   * Gives something back that nothing here uses any more. Idempotent.
   *
   * @throws dev.berth.core.EngineException where nobody answers: it stays on record
   */
  void giveBack(Holding holding);

  /** After a start of the engine: looks whether an endpoint in use is as it was, and logs it. */
  default void check(Holding holding) {}

  /** Whether its networks may bring IPv6 addresses that were not asked for. */
  default boolean bringsIpv6() {
    return false;
  }
}
