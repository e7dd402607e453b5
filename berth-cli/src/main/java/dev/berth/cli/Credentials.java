package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** The user's credentials for registries, in the file that {@code docker login} keeps. */
final class Credentials {
  /** The key of the public registry in that file. */
  static final String PUBLIC_REGISTRY = "https://index.docker.io/v1/";

  private final UserConfiguration configuration;

  private Credentials(UserConfiguration configuration) {
    this.configuration = configuration;
  }

  static Credentials ofUser() {
    return new Credentials(UserConfiguration.ofUser());
  }

  /**
   * The header in which the API reads the credentials for an image's registry; none where unknown.
   */
  Map<String, String> headerFor(String image) {
    String registry = registryOf(image);
    String encoded = configuration.read().path("auths").path(registry).path("auth").asText();
    String[] pair = decoded(encoded).split(":", 2);
    if (pair.length < 2) {
      return Map.of();
    }
    JsonNode body = body(registry, pair[0], pair[1]);
    return Map.of(
        "X-Registry-Auth",
        Base64.getUrlEncoder().encodeToString(body.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** What the API takes as credentials. */
  static ObjectNode body(String registry, String user, String password) {
    return Json.MAPPER
        .createObjectNode()
        .put("username", user)
        .put("password", password)
        .put("serveraddress", registry);
  }

  /** Keeps credentials, readable by the user alone. */
  void keep(String registry, String user, String password) {
    ObjectNode config = configuration.read();
    String pair = user + ":" + password;
    config
        .withObject("/auths")
        .putObject(registry)
        .put("auth", Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    configuration.write(config);
  }

  /** Forgets credentials; tells whether there were any. */
  boolean forget(String registry) {
    ObjectNode config = configuration.read();
    boolean known = config.path("auths").has(registry);
    if (known) {
      ((ObjectNode) config.get("auths")).remove(registry);
      configuration.write(config);
    }
    return known;
  }

  private static String decoded(String encoded) {
    try {
      return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException damaged) {
      return "";
    }
  }

  /** The key of the registry that an image's name begins with. */
  static String registryOf(String image) {
    return ImageNames.registry(image).orElse(PUBLIC_REGISTRY);
  }

  /** All credentials, as the API takes them for a build: by registry. */
  ObjectNode all() {
    ObjectNode all = Json.MAPPER.createObjectNode();
    for (Map.Entry<String, JsonNode> entry : configuration.read().path("auths").properties()) {
      String[] pair = decoded(entry.getValue().path("auth").asText()).split(":", 2);
      if (pair.length == 2) {
        all.set(entry.getKey(), body(entry.getKey(), pair[0], pair[1]));
      }
    }
    return all;
  }
}
