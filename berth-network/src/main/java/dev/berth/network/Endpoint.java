package dev.berth.network;

import dev.berth.network.ipam.IpText;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * An endpoint of an open sandbox.
 *
 * @param network the network
 * @param status its addresses and names
 * @param join how it appears inside
 */
record Endpoint(NetworkEntry network, EndpointStatus status, JoinAnswer join) {
  /** Its addresses, IPv4 first. */
  List<InetAddress> addresses() {
    return Stream.of(status.ipv4(), status.ipv6())
        .flatMap(address -> IpText.parse(address.address()).stream())
        .toList();
  }

  /** The way out for one family; without an address of that family there is none. */
  JoinAnswer.Exit exit(boolean six) {
    boolean present = six ? status.ipv6().present() : status.ipv4().present();
    if (!present) {
      return JoinAnswer.Exit.NONE;
    }
    return six ? join.ipv6() : join.ipv4();
  }

  /** The same with other names. */
  Endpoint withDnsNames(List<String> names) {
    return new Endpoint(network, status.withDnsNames(names), join);
  }

  /** The same with the MAC address that its interface has. */
  Endpoint withMacAddress(String macAddress) {
    return new Endpoint(network, status.withMacAddress(macAddress), join);
  }

  /** What the network shows of it. */
  NetworkStatus.Attachment attachment(String containerName) {
    return new NetworkStatus.Attachment(
        containerName,
        status.id(),
        status.macAddress(),
        status.ipv4().cidr(),
        status.ipv6().cidr());
  }
}
