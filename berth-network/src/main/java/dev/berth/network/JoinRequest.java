package dev.berth.network;

import java.nio.file.Path;
import java.util.Map;

/**
 * An endpoint that is to appear inside a namespace.
 *
 * @param network the network
 * @param endpointId the endpoint's id
 * @param addresses the endpoint's addresses
 * @param sandboxKey the pinned namespace
 * @param options the driver's endpoint options
 * @param owner whose it is
 * @param freeName a name that no interface in the namespace has, for drivers that make the
 *     interface there themselves
 */
public record JoinRequest(
    NetworkRecord network,
    String endpointId,
    EndpointAddresses addresses,
    Path sandboxKey,
    Map<String, String> options,
    EndpointOwner owner,
    String freeName) {
  /** Copies the options. */
  public JoinRequest {
    options = Map.copyOf(options);
  }

  /** Of nobody in particular. */
  public JoinRequest(
      NetworkRecord network,
      String endpointId,
      EndpointAddresses addresses,
      Path sandboxKey,
      Map<String, String> options) {
    this(network, endpointId, addresses, sandboxKey, options, EndpointOwner.NONE, "eth0");
  }
}
