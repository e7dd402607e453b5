package dev.berth.network;

import dev.berth.core.EngineException;
import java.util.List;
import java.util.Map;

/**
 * A kind of network. Its methods map one to one to those of Docker's remote driver protocol, so
 * that a plugin is one more implementation. Address management, names, rules and ports are not its
 * business, except that it tells as data what they need to know.
 *
 * <p>Calls for one network are made one at a time, calls for different networks at once. Every
 * method that takes something away is idempotent and never needs the namespace to exist.
 */
public interface NetworkDriver {
  /** The name by which users ask for it. */
  String name();

  /** What it can do. */
  Capability capability();

  /**
   * Whether the network needs an address for a gateway where the user names none.
   *
   * @throws EngineException with Docker's text for what is wrong with the options
   */
  boolean wantsGateway(NetworkRecord network, boolean ipv6);

  /**
   * Reads the options and says what the network is to look like; touches nothing. Called when a
   * network is created and again at every start of the engine.
   *
   * @param network the network, complete but for the driver's state
   * @param others the other networks of this driver
   * @throws EngineException with Docker's text for what is wrong with the options
   */
  NetworkPlan plan(NetworkRecord network, List<NetworkRecord> others);

  /**
   * Makes the network.
   *
   * @return what to remember of it, as {@link NetworkRecord#driverState}
   */
  Map<String, String> createNetwork(NetworkPlan plan);

  /** Makes whole what a restart of the machine has taken from an existing network. */
  void restoreNetwork(NetworkPlan plan);

  /** Deletes the network; the kernel's own work may go on after this returns. */
  void deleteNetwork(NetworkRecord network);

  /**
   * Makes an endpoint.
   *
   * @return the interface's addresses, which a driver may choose where the request names none
   */
  EndpointAddresses createEndpoint(EndpointRequest request);

  /** Deletes an endpoint. */
  void deleteEndpoint(NetworkRecord network, String endpointId);

  /** Says how an endpoint appears inside a container's namespace. */
  JoinAnswer join(JoinRequest request);

  /** An endpoint has left its container's namespace. */
  void leave(NetworkRecord network, String endpointId);

  /**
   * What a driver can do.
   *
   * @param scope {@code local} or {@code global}
   * @param addresses whether its endpoints have addresses
   * @param dns whether the embedded name server answers on its networks
   */
  record Capability(String scope, boolean addresses, boolean dns) {}
}
