package dev.berth.network.explain;

import dev.berth.network.firewall.Protocol;

/**
 * What is asked: can one place reach the other.
 *
 * @param from who connects, as it was written
 * @param to to whom, as it was written
 * @param port to which port; 0 where packets in general are meant
 * @param protocol by which protocol
 */
public record Question(String from, String to, int port, Protocol protocol) {
  /** The word for the host itself. */
  public static final String HOST = "host";

  /** The word for another machine. */
  public static final String OUTSIDE = "outside";

  /** Whether a port was named. */
  public boolean hasPort() {
    return port > 0;
  }

  /** {@code 80/tcp}, or {@code any port}. */
  public String portText() {
    return hasPort() ? port + "/" + protocol.text() : "any port";
  }
}
