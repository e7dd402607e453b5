package dev.berth.network;

import java.util.Map;

/**
 * An endpoint to be made.
 *
 * @param network the network
 * @param endpointId 64 hexadecimal digits
 * @param addresses those that were chosen or asked for; the MAC address may be empty
 * @param options the driver's endpoint options
 */
public record EndpointRequest(
    NetworkRecord network,
    String endpointId,
    EndpointAddresses addresses,
    Map<String, String> options) {
  /** Copies the options. */
  public EndpointRequest {
    options = Map.copyOf(options);
  }
}
