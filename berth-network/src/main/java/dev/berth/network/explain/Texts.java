package dev.berth.network.explain;

import dev.berth.network.firewall.Addresses;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;

/** How things are written in reports. */
final class Texts {
  private Texts() {}

  static String of(InetAddress address) {
    return Addresses.text(address);
  }

  static String of(List<InetAddress> addresses) {
    return addresses.stream().map(Addresses::text).collect(Collectors.joining(", "));
  }

  static String of(NamespaceView.Listener socket) {
    return Addresses.hostText(socket.address()) + ":" + socket.port();
  }

  static String names(List<NetworkFacts> networks) {
    return networks.stream().map(NetworkFacts::name).collect(Collectors.joining(", "));
  }

  static String of(Aim aim) {
    return aim.port() == 0
        ? of(aim.address())
        : Addresses.hostText(aim.address()) + ":" + aim.port();
  }
}
