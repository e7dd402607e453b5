package dev.berth.network.link;

import java.util.List;

/**
 * A container's network namespace, open. Used by one thread at a time. Closing it keeps the
 * namespace.
 */
public interface SandboxNamespace extends AutoCloseable {
  /**
   * Makes interfaces and routes: either all of it is there when this returns, or nothing of it.
   *
   * @return the interfaces' MAC addresses, in the order of the plans
   */
  List<String> add(List<InterfacePlan> interfaces, List<RoutePlan> routes);

  /**
   * Tells the neighbours of a veth pair's far end its addresses, as soon as frames get through to
   * them: an address may have been another's a moment ago, and what they remember of it would hold
   * for half a minute. Waits some milliseconds at most, and never fails.
   */
  void announce(String interfaceName, String hostName);

  /** Deletes an interface. Idempotent. */
  void remove(String interfaceName);

  /** Moves an interface that was moved in back to the host, under its name there. Idempotent. */
  void giveBack(String interfaceName, String hostName);

  /** Takes all addresses away, so that nothing answers for them while the namespace dies. */
  void silence();

  /** Replaces the default routes. */
  void replaceDefaultRoutes(List<RoutePlan> routes);

  /** Names of its interfaces. */
  List<String> interfaces();

  @Override
  void close();
}
