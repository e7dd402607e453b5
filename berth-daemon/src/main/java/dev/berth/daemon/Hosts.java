package dev.berth.daemon;

import dev.berth.core.EngineException;
import dev.berth.server.Listener;
import dev.berth.server.TlsSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the API is served: what {@code --host} and the flags of TLS mean.
 *
 * @param listeners that this process opens
 * @param activated what stands behind {@code fd://}, for each such host
 * @param tls of TCP sockets; null where they are not encrypted
 * @param plainWanted whether encryption or its client certificates were switched off on purpose
 */
record Hosts(
    List<Listener> listeners,
    List<String> activated,
    @Nullable TlsSettings tls,
    boolean plainWanted) {
  private static final int MAXIMUM_PORT = 65535;
  private static final String DEFAULT_NAME = "localhost";
  private static final String DEFAULT_PORT = "2375";
  private static final String DEFAULT_TLS_HOST = "tcp://localhost:2376";
  private static final String USUAL_GROUP = "docker";
  private static final String ATTACK_SURFACE =
      "\n         Access to the remote API is equivalent to root access on the host. Refer"
          + "\n         to the 'Docker daemon attack surface' section in the documentation for"
          + "\n         more information: https://docs.docker.com/go/attack-surface/";

  /**
   * Reads them.
   *
   * @param environment of the process, which names the folder of certificates
   * @throws EngineException INVALID, in dockerd's words, that names the host
   */
  static Hosts of(Settings settings, Map<String, String> environment) {
    TlsSettings tls = TlsConfiguration.of(settings, environment);
    List<Listener> listeners = new ArrayList<>();
    List<String> activated = new ArrayList<>();
    for (String host : hosts(settings, tls)) {
      if (host.startsWith("fd://")) {
        activated.add(host.substring("fd://".length()));
      } else {
        listeners.add(listener(host, group(settings), tls));
      }
    }
    boolean plainWanted =
        settings.isSet(Setting.TLS) && !settings.flag(Setting.TLS, true)
            || settings.isSet(Setting.TLSVERIFY) && !settings.flag(Setting.TLSVERIFY, true);
    return new Hosts(List.copyOf(listeners), List.copyOf(activated), tls, plainWanted);
  }

  private static List<String> hosts(Settings settings, @Nullable TlsSettings tls) {
    List<String> hosts =
        settings.list(Setting.HOST).stream()
            .map(String::strip)
            .filter(host -> !host.isEmpty())
            .toList();
    String usual = tls == null ? DaemonConfiguration.DEFAULT_HOST : DEFAULT_TLS_HOST;
    return hosts.isEmpty() ? List.of(usual) : hosts;
  }

  private static Listener.SocketGroup group(Settings settings) {
    String name = settings.text(Setting.GROUP, USUAL_GROUP);
    return new Listener.SocketGroup(name, !name.equals(USUAL_GROUP));
  }

  private static Listener listener(
      String host, Listener.SocketGroup group, @Nullable TlsSettings tls) {
    int scheme = host.indexOf("://");
    String protocol = scheme < 0 ? "tcp" : host.substring(0, scheme);
    String address = scheme < 0 ? host : host.substring(scheme + "://".length());
    return switch (protocol) {
      case "unix" -> new Listener.Unix(socketPath(host, address), group);
      case "tcp" -> new Listener.Tcp(tcpAddress(host, address), tls);
      default -> throw invalid(host, "unsupported proto '" + protocol + "'");
    };
  }

  private static Path socketPath(String host, String address) {
    if (address.contains("://")) {
      throw invalid(host, "invalid unix address: " + address);
    }
    String usual = DaemonConfiguration.DEFAULT_HOST.substring("unix://".length());
    return Path.of(address.isEmpty() ? usual : address);
  }

  private static InetSocketAddress tcpAddress(String host, String address) {
    if (address.contains("/")) {
      throw invalid(host, "should not contain a path element");
    }
    int bracket = address.lastIndexOf(']');
    int colon = address.lastIndexOf(':');
    boolean withPort = colon > bracket;
    String port = withPort ? address.substring(colon + 1) : DEFAULT_PORT;
    if (!port.matches("[0-9]{1,5}")
        || Integer.parseInt(port) == 0
        || Integer.parseInt(port) > MAXIMUM_PORT) {
      throw invalid(host, "invalid port: " + port);
    }
    String name = (withPort ? address.substring(0, colon) : address).replaceAll("^\\[|]$", "");
    return new InetSocketAddress(name.isEmpty() ? DEFAULT_NAME : name, Integer.parseInt(port));
  }

  private static EngineException invalid(String host, String reason) {
    return EngineException.invalid(
        ("invalid argument \"%s\" for \"-H, --host\" flag: invalid bind address (%s): %s")
            .formatted(host, host, reason));
  }

  /** Passes if the files of TLS can be used; before anything is opened. */
  void check() {
    if (tls != null) {
      tls.check();
    }
  }

  /** All of them, with what the service manager has opened. */
  List<Listener> open(ActivatedSockets sockets) {
    List<Listener> all = new ArrayList<>(listeners);
    activated.forEach(which -> all.addAll(sockets.listeners(which, tls)));
    return all;
  }

  /** What the log says about TCP sockets that anybody may use. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Listener.Tcp open : unprotected()) {
      warnings.add(
          "Binding to IP address without --tlsverify is insecure and gives root access on this"
              + " machine to everyone who has access to your network. host="
              + open);
      warnings.add(
          "Binding to an IP address, even on localhost, can also give access to scripts run in a"
              + " browser. Be safe out there! host="
              + open);
      if (!plainWanted && !isLoopback(open)) {
        warnings.add(
            "Please consider generating tls certificates with client validation to prevent"
                + " exposing unauthenticated root access to your network; --tls=false or"
                + " --tlsverify=false says that it is meant so. host="
                + open);
      }
    }
    return warnings;
  }

  /** The same for {@code info}. */
  List<String> accessWarnings() {
    return unprotected().stream()
        .map(open -> {
          String address = open.address().getHostString() + ":" + open.address().getPort();
          return open.tls() == null
              ? "API is accessible on http://" + address + " without encryption."
              : "API is accessible on https://" + address + " without TLS client verification.";
        })
        .map(text -> "[DEPRECATION NOTICE]: " + text + ATTACK_SURFACE)
        .toList();
  }

  private List<Listener.Tcp> unprotected() {
    return listeners.stream()
        .filter(Listener.Tcp.class::isInstance)
        .map(Listener.Tcp.class::cast)
        .filter(open -> open.tls() == null || !open.tls().verifyClients())
        .toList();
  }

  private static boolean isLoopback(Listener.Tcp open) {
    return open.address().getAddress() != null
        && open.address().getAddress().isLoopbackAddress();
  }
}
