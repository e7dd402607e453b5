package dev.berth.network.firewall;

import dev.berth.core.EngineException;
import dev.berth.linux.Capture;
import dev.berth.linux.Conntrack;
import dev.berth.linux.Fd;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Namespaces;
import dev.berth.linux.Nftables;
import dev.berth.linux.SpawnRequest;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The network namespace that plays the host: the engine's own, or in tests a fresh one. Safe for
 * use by several threads.
 */
public final class HostNamespace {
  private static final Path NETWORK_SETTINGS = Path.of("/proc/sys/net");

  private final @Nullable Fd namespace;

  private HostNamespace(@Nullable Fd namespace) {
    this.namespace = namespace;
  }

  /** The namespace that the engine itself runs in. */
  public static HostNamespace own() {
    return new HostNamespace(null);
  }

  /** Another namespace; the descriptor stays the caller's and has to stay open. */
  public static HostNamespace of(Fd namespace) {
    return new HostNamespace(namespace);
  }

  /** Whether it is the namespace that the engine itself runs in. */
  boolean isOwn() {
    return namespace == null;
  }

  /** Runs a body where sockets it opens belong to the host. The body must not start threads. */
  public <T extends @Nullable Object> T call(Callable<T> body) {
    if (namespace != null) {
      return Namespaces.inNetwork(namespace, body);
    }
    try {
      return body.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The nftables library, working on the host. */
  public Nftables openNftables() {
    return namespace == null ? Nftables.open() : Nftables.in(namespace);
  }

  /**
   * Makes the kernel forget UDP traffic, so that packets which go on meet the rules of now.
   *
   * @param container traffic to this address is forgotten
   * @param hostPorts and traffic to these ports
   */
  public void forgetUdp(InetAddress container, List<Integer> hostPorts) {
    boolean ipv6 = container instanceof Inet6Address;
    call(() -> {
      Conntrack.forgetUdpTo(container);
      hostPorts.forEach(port -> Conntrack.forgetUdpPort(ipv6, port));
      return true;
    });
  }

  /** Starts a restore command on the host. */
  RestoreProcess startRestore(List<String> command, String input) {
    return RestoreProcess.start(request(command), input);
  }

  private SpawnRequest request(List<String> command) {
    SpawnRequest request = SpawnRequest.of(command);
    return namespace == null ? request : request.withNamespaces(List.of(namespace));
  }

  /** Runs a short command on the host. */
  public Capture.Result run(List<String> command, String input) {
    try {
      return Capture.run(
          request(command), input.getBytes(StandardCharsets.UTF_8), Capture.Limits.DEFAULT);
    } catch (LinuxException e) {
      throw EngineException.internal("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Sets a kernel variable below {@code net}, if it exists.
   *
   * @param name for instance {@code ipv4/conf/docker0/route_localnet}
   * @return whether it exists
   */
  boolean setVariable(String name, String value) {
    return call(() -> {
      Path file = NETWORK_SETTINGS.resolve(name);
      if (!Files.exists(file)) {
        return false;
      }
      try {
        Files.writeString(file, value);
        return true;
      } catch (IOException e) {
        throw EngineException.internal("cannot set " + name + " to " + value, e);
      }
    });
  }
}
