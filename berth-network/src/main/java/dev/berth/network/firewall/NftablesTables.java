package dev.berth.network.firewall;

import dev.berth.linux.Errno;
import dev.berth.linux.LinuxException;
import dev.berth.linux.NetfilterBatch;
import dev.berth.linux.NetfilterSocket;
import java.util.List;

/** Takes the tables of the nftables backend away without loading the library that made them. */
final class NftablesTables {
  /** How many tables there can be. */
  static final int MOST = 2 + 3 * NftablesInput.MOST_TABLES;

  private static final List<Integer> INPUT_FAMILIES =
      List.of(NetfilterBatch.FAMILY_IP, NetfilterBatch.FAMILY_IP6, NetfilterBatch.FAMILY_INET);

  private NftablesTables() {}

  /** Removes the tables of all families that the engine writes rules for. */
  static void remove(HostNamespace host, FirewallState state) {
    try (NetfilterSocket socket = host.call(NetfilterSocket::open)) {
      for (IpFamily family : IpFamily.values()) {
        if (state.settings().enabled(family)) {
          remove(socket, family(family), NftablesRules.TABLE);
        }
      }
    }
  }

  /** Removes what an engine has left that obeyed the host's input rules. */
  static void removeInput(HostNamespace host) {
    try (NetfilterSocket socket = host.call(NetfilterSocket::open)) {
      for (int i = 0; i < NftablesInput.MOST_TABLES; i++) {
        for (int family : INPUT_FAMILIES) {
          remove(socket, family, NftablesInput.TABLE + i);
        }
      }
    }
  }

  private static int family(IpFamily family) {
    return family == IpFamily.IPV4 ? NetfilterBatch.FAMILY_IP : NetfilterBatch.FAMILY_IP6;
  }

  private static void remove(NetfilterSocket socket, int family, String table) {
    try {
      socket.commit(new NetfilterBatch().deleteTable(family, table));
    } catch (LinuxException failure) {
      if (!failure.is(Errno.ENOENT) && !failure.is(Errno.EOPNOTSUPP)) {
        throw failure;
      }
    }
  }
}
