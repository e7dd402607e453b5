package dev.berth.network;

import java.util.Map;

/**
 * An endpoint to be made.
 *
 * @param network the network
 * @param endpointId 64 hexadecimal digits
 * @param addresses those that were chosen or asked for; the MAC address may be empty
 * @param options the driver's endpoint options
 * @param owner whose it is
 */
public record EndpointRequest(
    NetworkRecord network,
    String endpointId,
    EndpointAddresses addresses,
    Map<String, String> options,
    EndpointOwner owner) {
  /** Copies the options. */
  public EndpointRequest {
    options = Map.copyOf(options);
  }

  /** Nobody's in particular. */
  public EndpointRequest(
      NetworkRecord network,
      String endpointId,
      EndpointAddresses addresses,
      Map<String, String> options) {
    this(network, endpointId, addresses, options, EndpointOwner.NONE);
  }
}
