package dev.berth.server;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.api.AuthConfig;
import dev.berth.image.Reference;
import dev.berth.image.RegistryCredentials;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Who a client is at several registries: the header {@code X-Registry-Config}. */
final class RegistryAccounts {
  private static final TypeReference<Map<String, AuthConfig>> BY_ADDRESS = new TypeReference<>() {};
  private static final String HUB = "docker.io";

  private final Map<String, RegistryCredentials> byHost = new HashMap<>();

  private RegistryAccounts() {}

  /** Those of the header's value; what cannot be read counts as none, as in dockerd. */
  static RegistryAccounts of(String header) {
    RegistryAccounts accounts = new RegistryAccounts();
    if (header.isEmpty()) {
      return accounts;
    }
    try {
      byte[] json = Base64.getUrlDecoder().decode(header.replace('+', '-').replace('/', '_'));
      Json.MAPPER
          .readValue(json, BY_ADDRESS)
          .forEach((address, account) ->
              accounts.byHost.put(host(address), RegistryRoutes.credentials(account)));
    } catch (IllegalArgumentException | IOException unreadable) {
      return new RegistryAccounts();
    }
    return accounts;
  }

  private static String host(String address) {
    String host =
        address.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "").replaceFirst("/.*", "");
    return host.equals("index.docker.io") || host.equals("registry-1.docker.io") ? HUB : host;
  }

  /** Who it is at the registry of an image. */
  RegistryCredentials at(Reference reference) {
    return byHost.getOrDefault(host(reference.domain()), RegistryCredentials.ANONYMOUS);
  }
}
