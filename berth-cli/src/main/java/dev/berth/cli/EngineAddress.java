package dev.berth.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the engine listens.
 *
 * @param text as the user wrote it, for messages
 * @param socket where to connect
 */
record EngineAddress(String text, SocketAddress socket) {
  static final String DEFAULT = "unix:///run/berth.sock";
  private static final int DEFAULT_PORT = 2375;

  /**
   * The address that was asked for: the option {@code --host} first, then {@code --context}, then
   * {@code BERTH_HOST}, {@code DOCKER_HOST}, {@code DOCKER_CONTEXT}, the context that the user's
   * Docker client uses, then the default.
   *
   * @throws CliException when it cannot be read
   */
  static EngineAddress choose(
      @Nullable String option, @Nullable String context, Map<String, String> environment) {
    if (option != null && context != null) {
      throw new CliException(
          1, "conflicting options: cannot specify both --host and --context");
    }
    if (option != null) {
      return parse(option);
    }
    if (context != null) {
      return ofContext(context);
    }
    for (String variable : List.of("BERTH_HOST", "DOCKER_HOST")) {
      String address = environment.getOrDefault(variable, "");
      if (!address.isEmpty()) {
        return parse(address);
      }
    }
    String named = environment.getOrDefault("DOCKER_CONTEXT", "");
    String current = named.isEmpty() ? UserConfiguration.ofUser().setting("currentContext") : named;
    return current == null ? parse(DEFAULT) : ofContext(current);
  }

  private static EngineAddress ofContext(String context) {
    return parse(
        context.equals("default") ? DEFAULT : UserConfiguration.ofUser().contextHost(context));
  }

  static EngineAddress parse(String text) {
    if (text.startsWith("unix://")) {
      return new EngineAddress(text, UnixDomainSocketAddress.of(text.substring(7)));
    }
    if (text.startsWith("tcp://")) {
      String rest = text.substring(6);
      int colon = rest.lastIndexOf(':');
      String host = colon < 0 ? rest : rest.substring(0, colon);
      int port = colon < 0 ? DEFAULT_PORT : port(text, rest.substring(colon + 1));
      return new EngineAddress(text, new InetSocketAddress(host, port));
    }
    throw new CliException(
        1,
        "Failed to initialize: unable to resolve docker endpoint: invalid bind address format: "
            + text
            + ": it must start with unix:// or tcp://");
  }

  private static int port(String text, String digits) {
    if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65535) {
      throw new CliException(1, "invalid port in docker host `" + text + "`");
    }
    return Integer.parseInt(digits);
  }

  SocketChannel connect() {
    try {
      SocketChannel channel =
          socket instanceof UnixDomainSocketAddress
              ? SocketChannel.open(StandardProtocolFamily.UNIX)
              : SocketChannel.open();
      channel.connect(socket);
      return channel;
    } catch (IOException | java.nio.channels.UnresolvedAddressException failure) {
      throw new CliException(
          1, "Cannot connect to the Berth engine at " + text + ". Is the engine running?");
    }
  }
}
