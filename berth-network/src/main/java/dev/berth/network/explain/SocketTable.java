package dev.berth.network.explain;

import dev.berth.network.explain.NamespaceView.Listener;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.firewall.Protocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads {@code /proc/net/tcp} and its siblings.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_net.5.html">proc_pid_net(5)</a>
 */
final class SocketTable {
  private static final String LISTENING = "0A";
  private static final String UNCONNECTED = "07";
  private static final int WORD_BYTES = 4;

  private SocketTable() {}

  /** The sockets that wait: those of TCP that listen, those of UDP that are not connected. */
  static List<Listener> read(Protocol protocol, String text) {
    String waiting = protocol == Protocol.TCP ? LISTENING : UNCONNECTED;
    List<Listener> listeners = new ArrayList<>();
    for (String line : text.split("\n")) {
      String[] words = line.strip().split("\\s+");
      if (words.length > 3 && words[3].equals(waiting)) {
        int colon = words[1].indexOf(':');
        listeners.add(
            new Listener(
                protocol,
                address(words[1].substring(0, colon)),
                HexFormat.fromHexDigits(words[1].substring(colon + 1))));
      }
    }
    return listeners;
  }

  /** Words of four bytes, each as this machine has it, which is the least significant first. */
  private static InetAddress address(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    byte[] turned = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      int word = i / WORD_BYTES * WORD_BYTES;
      turned[word + WORD_BYTES - 1 - i % WORD_BYTES] = bytes[i];
    }
    return Addresses.of(turned);
  }
}
