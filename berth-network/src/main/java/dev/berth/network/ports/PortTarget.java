package dev.berth.network.ports;

import dev.berth.network.firewall.GatewayMode;
import dev.berth.network.firewall.NetworkFamily;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where one family's published ports of a container lead: its endpoint on the network that has its
 * default gateway.
 *
 * @param networkId the network
 * @param endpointId the container's endpoint there
 * @param address the container's address there
 * @param mode how that network meets the world; see {@link NetworkFamily}
 * @param defaultHostAddress what a request without host address means; null for all addresses
 */
public record PortTarget(
    String networkId,
    String endpointId,
    InetAddress address,
    GatewayMode mode,
    @Nullable InetAddress defaultHostAddress) {}
