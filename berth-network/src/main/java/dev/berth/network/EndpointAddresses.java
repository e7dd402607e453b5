package dev.berth.network;

import dev.berth.network.link.InterfaceAddress;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of an endpoint.
 *
 * @param macAddress or empty
 * @param ipv4 or null
 * @param ipv6 or null
 */
public record EndpointAddresses(
    String macAddress, @Nullable InterfaceAddress ipv4, @Nullable InterfaceAddress ipv6) {}
