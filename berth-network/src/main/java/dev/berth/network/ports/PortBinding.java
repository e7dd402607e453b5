package dev.berth.network.ports;

import dev.berth.network.firewall.Protocol;
import java.net.InetAddress;

/**
 * A published port as it came out; what {@code docker port} shows and what the store keeps.
 *
 * @param protocol the transport protocol
 * @param containerPort the port inside of the container
 * @param hostAddress the address on the host, 0.0.0.0 or :: for all
 * @param hostPort the port on the host; 0 where the network is routed and the port only opened
 * @param target the endpoint that it leads to
 */
public record PortBinding(
    Protocol protocol,
    int containerPort,
    InetAddress hostAddress,
    int hostPort,
    PortTarget target) {

  /** Whether the engine has to carry the bytes, as the families of both sides differ. */
  public boolean proxied() {
    return hostAddress.getClass() != target.address().getClass();
  }
}
