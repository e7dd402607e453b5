package dev.berth.network.firewall;

import dev.berth.linux.LinuxException;
import dev.berth.linux.NetfilterSocket;
import org.jspecify.annotations.Nullable;

/**
 * Tells the engine's own changes of the kernel's rules from those of others, by the number which
 * the kernel raises with every transaction. Asking for it costs a few microseconds. Not safe for
 * use by several threads.
 */
final class RulesetGeneration implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RulesetGeneration.class.getName());

  private final HostNamespace host;
  private @Nullable NetfilterSocket socket;
  private int settled;
  private boolean known;
  private boolean unavailable;

  RulesetGeneration(HostNamespace host) {
    this.host = host;
  }

  /**
   * Runs transactions of the engine. If nobody else was at work before or meanwhile, the result is
   * taken as settled.
   *
   * @param most how many transactions it may be at most
   */
  void during(int most, Runnable transactions) {
    int before = current();
    transactions.run();
    int after = current();
    if (known && before == settled && after - before <= most) {
      settled = after;
    }
  }

  /** What is in the kernel now has been compared or written as a whole. */
  void settle() {
    settled = current();
    known = true;
  }

  /** What is in the kernel is in doubt. */
  void doubt() {
    settled--;
  }

  /** Whether others have changed rules since; never when the kernel does not tell. */
  boolean disturbed() {
    return known && current() != settled;
  }

  /** The number at present; always 0 when the kernel does not tell. */
  int current() {
    if (unavailable) {
      return 0;
    }
    try {
      if (socket == null) {
        socket = host.call(NetfilterSocket::open);
      }
      return socket.generation();
    } catch (LinuxException e) {
      unavailable = true;
      LOG.log(
          System.Logger.Level.INFO, "foreign changes of rules go unnoticed: {0}", e.getMessage());
      return 0;
    }
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.close();
      socket = null;
    }
    unavailable = true;
  }
}
