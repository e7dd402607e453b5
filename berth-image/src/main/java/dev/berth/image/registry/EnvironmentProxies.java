package dev.berth.image.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY, as dockerd reads them; loopback is never proxied. */
final class EnvironmentProxies extends ProxySelector {
  private static final int DEFAULT_PORT = 80;

  private final Map<String, String> environment;

  EnvironmentProxies(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public List<Proxy> select(URI uri) {
    String proxy = variable("https".equals(uri.getScheme()) ? "HTTPS_PROXY" : "HTTP_PROXY");
    String host = String.valueOf(uri.getHost());
    if (proxy.isEmpty() || isDirect(host)) {
      return List.of(Proxy.NO_PROXY);
    }
    URI address = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
    if (address.getHost() == null) {
      return List.of(Proxy.NO_PROXY);
    }
    int port = address.getPort() > 0 ? address.getPort() : DEFAULT_PORT;
    return List.of(
        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHost(), port)));
  }

  private boolean isDirect(String host) {
    if (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]")) {
      return true;
    }
    for (String entry : variable("NO_PROXY").split(",")) {
      String name = entry.strip();
      String suffix = name.startsWith(".") ? name : "." + name;
      boolean matches =
          name.equals("*") || host.equals(name) || (name.length() > 1 && host.endsWith(suffix));
      if (matches) {
        return true;
      }
    }
    return false;
  }

  private String variable(String name) {
    String lower = environment.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    return environment.getOrDefault(name, lower);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
}
