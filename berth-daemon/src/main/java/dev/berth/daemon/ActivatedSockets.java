package dev.berth.daemon;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.linux.LinuxException;
import dev.berth.linux.PassedSocket;
import dev.berth.server.Listener;
import dev.berth.server.TlsSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that the service manager opened for this process before it started it.
 *
 * @param descriptors their numbers
 * @see <a href="https://man7.org/linux/man-pages/man3/sd_listen_fds.3.html">sd_listen_fds(3)</a>
 */
record ActivatedSockets(List<Integer> descriptors) {
  private static final int FIRST = 3;
  private static final int MOST = 1000;

  /**
   * Reads the environment, whose words are for another process if {@code LISTEN_PID} says so.
   *
   * @param pid of this process
   */
  static ActivatedSockets of(Map<String, String> environment, long pid) {
    String count = environment.getOrDefault("LISTEN_FDS", "");
    boolean mine = environment.getOrDefault("LISTEN_PID", "").equals(Long.toString(pid));
    if (!mine || !count.matches("[0-9]{1,4}") || Integer.parseInt(count) > MOST) {
      return new ActivatedSockets(List.of());
    }
    return new ActivatedSockets(
        IntStream.range(FIRST, FIRST + Integer.parseInt(count)).boxed().toList());
  }

  /**
   * Those that a host {@code fd://WHICH} names.
   *
   * @param which a number, or empty or {@code *} for all
   * @throws EngineException INVALID, in dockerd's words
   */
  List<Listener> listeners(String which, @Nullable TlsSettings tls) {
    if (descriptors.isEmpty()) {
      throw EngineException.invalid(
          "failed to load listeners: no sockets found via socket activation: make sure the service"
              + " was started by systemd");
    }
    List<Listener> listeners = new ArrayList<>();
    for (int descriptor : chosen(which)) {
      listeners.add(listener(descriptor, tls));
    }
    return listeners;
  }

  private List<Integer> chosen(String which) {
    if (which.isEmpty() || which.equals("*")) {
      return descriptors;
    }
    if (!which.matches("[0-9]{1,6}")) {
      throw EngineException.invalid(
          "failed to load listeners: failed to parse systemd fd address: should be a number: "
              + which);
    }
    int descriptor = Integer.parseInt(which);
    if (!descriptors.contains(descriptor)) {
      throw EngineException.invalid(
          "failed to load listeners: too few socket activated files passed in by systemd");
    }
    return List.of(descriptor);
  }

  private static Listener listener(int descriptor, @Nullable TlsSettings tls) {
    try {
      PassedSocket socket = PassedSocket.take(descriptor);
      if (!socket.listening()) {
        throw unusable(descriptor, "the socket does not listen", null);
      }
      return new Listener.Inherited(descriptor, socket.local(), socket.local() ? null : tls);
    } catch (LinuxException notASocket) {
      throw unusable(descriptor, String.valueOf(notASocket.getMessage()), notASocket);
    }
  }

  private static EngineException unusable(
      int descriptor, String reason, @Nullable Throwable cause) {
    return new EngineException(
        ErrorKind.INVALID,
        "failed to load listeners: failed to listen on systemd activated file: fd "
            + descriptor
            + ": "
            + reason,
        cause);
  }
}
