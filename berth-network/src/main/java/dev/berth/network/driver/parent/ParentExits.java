package dev.berth.network.driver.parent;

import dev.berth.network.JoinAnswer;
import dev.berth.network.NetworkRecord;
import dev.berth.network.ipam.Cidr;
import dev.berth.network.ipam.IpText;
import dev.berth.network.link.InterfaceAddress;
import org.jspecify.annotations.Nullable;

/** The way out of networks whose gateway is a machine outside. */
public final class ParentExits {
  private ParentExits() {}

  /** By the gateway of the subnet that the address is of. */
  public static JoinAnswer.Exit byGateway(
      NetworkRecord network, @Nullable InterfaceAddress address) {
    if (address == null) {
      return JoinAnswer.Exit.NONE;
    }
    return network.pools().stream()
        .filter(pool -> Cidr.of(pool.subnet()).contains(address.address()))
        .flatMap(pool -> IpText.parse(pool.gateway()).stream())
        .findFirst()
        .map(gateway -> new JoinAnswer.Exit(gateway, false, null))
        .orElse(JoinAnswer.Exit.NONE);
  }
}
