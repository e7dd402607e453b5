package dev.berth.image.registry;

import dev.berth.image.RegistrySettings;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * Where a registry is reached.
 *
 * @param host its name in references
 * @param address host and port to connect to
 * @param insecure whether plain HTTP, or a certificate that nobody vouches for, will do
 */
record RegistryEndpoint(String host, String address, boolean insecure) {
  private static final String DOCKER_HUB = "docker.io";
  private static final String DOCKER_HUB_ADDRESS = "registry-1.docker.io";

  static RegistryEndpoint of(String domain, RegistrySettings settings) {
    String address = domain.equals(DOCKER_HUB) ? DOCKER_HUB_ADDRESS : domain;
    return new RegistryEndpoint(domain, address, isInsecure(domain, settings));
  }

  URI base(boolean tls) {
    return URI.create((tls ? "https://" : "http://") + address + "/v2/");
  }

  private static boolean isInsecure(String domain, RegistrySettings settings) {
    String name = withoutPort(domain);
    if (name.equals("localhost") || name.equals("::1") || name.matches("127(\\.[0-9]{1,3}){3}")) {
      return true;
    }
    for (String entry : settings.insecureRegistries()) {
      if (entry.equals(domain) || entry.equals(name) || contains(entry, name)) {
        return true;
      }
    }
    return false;
  }

  private static String withoutPort(String domain) {
    if (domain.startsWith("[")) {
      return domain.substring(1, Math.max(1, domain.indexOf(']')));
    }
    int colon = domain.indexOf(':');
    return colon < 0 ? domain : domain.substring(0, colon);
  }

  /** Whether a block such as {@code 10.0.0.0/8} holds a literal address; names are not resolved. */
  private static boolean contains(String block, String name) {
    int slash = block.indexOf('/');
    boolean literal = name.matches("[0-9.]+") || name.indexOf(':') >= 0;
    if (slash < 0 || !literal || !block.substring(slash + 1).matches("[0-9]{1,3}")) {
      return false;
    }
    try {
      byte[] network = InetAddress.getByName(block.substring(0, slash)).getAddress();
      byte[] address = InetAddress.getByName(name).getAddress();
      int shift = network.length * 8 - Integer.parseInt(block.substring(slash + 1));
      return network.length == address.length
          && shift >= 0
          && new BigInteger(1, network)
              .shiftRight(shift)
              .equals(new BigInteger(1, address).shiftRight(shift));
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
