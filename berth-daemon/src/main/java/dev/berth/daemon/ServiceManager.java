package dev.berth.daemon;

import dev.berth.linux.LinuxException;
import dev.berth.linux.UnixSockets;
import java.util.Map;

/**
 * Tells whoever started this process how far it is. Nobody hears it where {@code NOTIFY_SOCKET}
 * names nobody; what cannot be told is not worth an error.
 *
 * @param address the value of {@code NOTIFY_SOCKET}; empty where nobody listens
 * @see <a href="https://man7.org/linux/man-pages/man3/sd_notify.3.html">sd_notify(3)</a>
 */
record ServiceManager(String address) {
  private static final System.Logger LOG = System.getLogger(ServiceManager.class.getName());
  private static final int NANOSECONDS_PER_MICROSECOND = 1000;

  static ServiceManager of(Map<String, String> environment) {
    String address = environment.getOrDefault("NOTIFY_SOCKET", "");
    boolean understood = address.startsWith("/") || address.startsWith("@");
    return new ServiceManager(understood ? address : "");
  }

  /** The API is served. */
  void ready() {
    tell("READY=1\nMAINPID=" + ProcessHandle.current().pid());
  }

  /** The configuration is being read again; {@link #ready} follows. The clock is the monotonic. */
  void reloading() {
    tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / NANOSECONDS_PER_MICROSECOND);
  }

  /** The end has begun. */
  void stopping() {
    tell("STOPPING=1");
  }

  private void tell(String state) {
    if (address.isEmpty()) {
      return;
    }
    try {
      UnixSockets.notifyServiceManager(address, state);
    } catch (LinuxException unheard) {
      LOG.log(System.Logger.Level.DEBUG, "the service manager was not told: " + state, unheard);
    }
  }
}
