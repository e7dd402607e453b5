package dev.berth.network.firewall;

import java.net.Inet6Address;
import java.net.InetAddress;

/** The two address families; each has its own tables in the kernel. */
public enum IpFamily {
  /** IPv4. */
  IPV4,
  /** IPv6. */
  IPV6;

  /** The family of an address. */
  public static IpFamily of(InetAddress address) {
    return address instanceof Inet6Address ? IPV6 : IPV4;
  }
}
