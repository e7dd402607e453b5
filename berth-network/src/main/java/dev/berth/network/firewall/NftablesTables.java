package dev.berth.network.firewall;

import dev.berth.linux.Errno;
import dev.berth.linux.LinuxException;
import dev.berth.linux.NetfilterBatch;
import dev.berth.linux.NetfilterSocket;

/** Takes the tables of the nftables backend away without loading the library that made them. */
final class NftablesTables {
  private NftablesTables() {}

  /** Removes the tables of all families that the engine writes rules for. */
  static void remove(HostNamespace host, FirewallState state) {
    try (NetfilterSocket socket = host.call(NetfilterSocket::open)) {
      for (IpFamily family : IpFamily.values()) {
        if (state.settings().enabled(family)) {
          remove(socket, family);
        }
      }
    }
  }

  private static void remove(NetfilterSocket socket, IpFamily family) {
    int number =
        family == IpFamily.IPV4 ? NetfilterBatch.FAMILY_IP : NetfilterBatch.FAMILY_IP6;
    try {
      socket.commit(new NetfilterBatch().deleteTable(number, NftablesRules.TABLE));
    } catch (LinuxException failure) {
      if (!failure.is(Errno.ENOENT) && !failure.is(Errno.EOPNOTSUPP)) {
        throw failure;
      }
    }
  }
}
