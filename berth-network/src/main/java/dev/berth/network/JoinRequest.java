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
 */
public record JoinRequest(
    NetworkRecord network,
    String endpointId,
    EndpointAddresses addresses,
    Path sandboxKey,
    Map<String, String> options) {
  /** Copies the options. */
  public JoinRequest {
    options = Map.copyOf(options);
  }
}
