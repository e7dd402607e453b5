package dev.berth.network.dns;

import dev.berth.network.firewall.Addresses;
import java.net.InetAddress;

/**
 * A name server that questions are passed on to.
 *
 * @param address its address
 * @param fromHost whether it is asked from the host's network namespace, as a server on the host's
 *     loopback must be, instead of the container's
 */
public record Upstream(InetAddress address, boolean fromHost) {

  /** As {@code resolv.conf} comments show it. */
  @Override
  public String toString() {
    return fromHost ? "host(" + Addresses.text(address) + ")" : Addresses.text(address);
  }
}
