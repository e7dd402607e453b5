package dev.berth.network.ipam;

import dev.berth.core.EngineException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Where the endpoints of one network get their addresses. Safe for use by any thread. */
public interface AddressSource {
  /** Nobody gives addresses: the network's driver does, or nobody needs any. */
  AddressSource NONE =
      new AddressSource() {
        @Override
        public Optional<NetworkAddresses.Allocation> request(boolean ipv6, String macAddress) {
          return Optional.empty();
        }

        @Override
        public Optional<NetworkAddresses.Allocation> request(
            InetAddress address, String macAddress) {
          return Optional.empty();
        }

        @Override
        public void retake(InetAddress address) {}

        @Override
        public void free(InetAddress address) {}
      };

  /** Whether it wants to know for which station an address is. */
  default boolean needsMacAddress() {
    return false;
  }

  /**
   * Hands out an address nobody asked for; nothing where this network's endpoints have none.
   *
   * @throws EngineException where none is left
   */
  Optional<NetworkAddresses.Allocation> request(boolean ipv6, String macAddress);

  /**
   * Hands out an address that was asked for.
   *
   * @throws EngineException where it is in use or in no subnet
   */
  Optional<NetworkAddresses.Allocation> request(InetAddress address, String macAddress);

  /** After a restart: an endpoint still has this address. */
  void retake(InetAddress address);

  /** After a restart, once all addresses in use were retaken; may wait for somebody. */
  default void resume() {}

  /** Takes an address back; one that is not in use is passed over. */
  void free(InetAddress address);

  /** Keeps an address from being handed out by chance, as far as that can be had. */
  default void setApart(InetAddress address) {}

  /** The opposite of {@link #setApart}. */
  default void letGo(InetAddress address) {}

  /** How full each subnet is, as far as that is known. */
  default List<NetworkAddresses.Usage> usage() {
    return List.of();
  }

  /** The network is gone: gives all of it back. */
  default void release() {}
}
