package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;

/**
 * The user's credentials for registries, in the file that {@code docker login} keeps, so that both
 * clients see the same: {@code config.json} in {@code DOCKER_CONFIG} or {@code ~/.docker}.
 */
final class Credentials {
  /** The key of the public registry in that file. */
  static final String PUBLIC_REGISTRY = "https://index.docker.io/v1/";

  private final Path file;

  private Credentials(Path file) {
    this.file = file;
  }

  static Credentials ofUser() {
    String folder =
        System.getenv().getOrDefault("DOCKER_CONFIG", System.getProperty("user.home") + "/.docker");
    return new Credentials(Path.of(folder, "config.json"));
  }

  /**
   * The header in which the API reads the credentials for an image's registry; none where unknown.
   */
  Map<String, String> headerFor(String image) {
    String registry = registryOf(image);
    String encoded = read().path("auths").path(registry).path("auth").asText();
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
    ObjectNode config = read();
    String pair = user + ":" + password;
    config
        .withObject("/auths")
        .putObject(registry)
        .put("auth", Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    write(config);
  }

  /** Forgets credentials; tells whether there were any. */
  boolean forget(String registry) {
    ObjectNode config = read();
    boolean known = config.path("auths").has(registry);
    if (known) {
      ((ObjectNode) config.get("auths")).remove(registry);
      write(config);
    }
    return known;
  }

  private ObjectNode read() {
    if (!Files.isReadable(file)) {
      return Json.MAPPER.createObjectNode();
    }
    try {
      return Json.MAPPER.readTree(Files.readString(file)) instanceof ObjectNode object
          ? object
          : Json.MAPPER.createObjectNode();
    } catch (IOException unreadable) {
      throw new CliException(1, "cannot read the credentials in " + file + ": " + unreadable);
    }
  }

  /** Replaces the file in one step, so that a crash leaves the old one or the new one. */
  private void write(ObjectNode config) {
    try {
      Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
      Path fresh =
          Files.createTempFile(
              folder,
              "config",
              ".json",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(fresh, Base.pretty(config) + "\n");
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new CliException(1, "cannot keep the credentials in " + file + ": " + failure);
    }
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
    int slash = image.indexOf('/');
    String first = slash < 0 ? "" : image.substring(0, slash);
    boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
    return named ? first : PUBLIC_REGISTRY;
  }
}
