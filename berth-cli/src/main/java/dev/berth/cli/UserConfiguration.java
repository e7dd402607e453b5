package dev.berth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What the user's Docker client keeps in {@code DOCKER_CONFIG} or {@code ~/.docker}, so that both
 * clients see the same: credentials, formats, and the contexts, which are only read here.
 */
final class UserConfiguration {
  private static @Nullable String chosen;

  private final Path folder;

  private UserConfiguration(Path folder) {
    this.folder = folder;
  }

  /** Takes this folder instead, for the rest of the process. */
  static void use(String folder) {
    chosen = folder;
  }

  static UserConfiguration ofUser() {
    String option = chosen;
    return new UserConfiguration(
        Path.of(
            option != null
                ? option
                : System.getenv()
                    .getOrDefault("DOCKER_CONFIG", System.getProperty("user.home") + "/.docker")));
  }

  Path folder() {
    return folder;
  }

  private Path file() {
    return folder.resolve("config.json");
  }

  /** The whole of {@code config.json}; nothing where there is none. */
  ObjectNode read() {
    Path file = file();
    if (!Files.isReadable(file)) {
      return Json.MAPPER.createObjectNode();
    }
    try {
      return Json.MAPPER.readTree(Files.readString(file)) instanceof ObjectNode object
          ? object
          : Json.MAPPER.createObjectNode();
    } catch (IOException unreadable) {
      throw new CliException(1, "cannot read " + file + ": " + unreadable.getMessage());
    }
  }

  /** A text of {@code config.json}, or null where it is not set. */
  @Nullable String setting(String name) {
    String text = read().path(name).asText();
    return text.isEmpty() ? null : text;
  }

  /** Replaces the file in one step, so that a crash leaves the old one or the new one. */
  void write(ObjectNode config) {
    Path file = file();
    try {
      Path made = Files.createDirectories(file.toAbsolutePath().getParent());
      Path fresh =
          Files.createTempFile(
              made,
              "config",
              ".json",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(fresh, Base.pretty(config) + "\n");
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new CliException(1, "cannot keep the credentials in " + file + ": " + failure);
    }
  }

  /**
   * Where the engine of a context is.
   *
   * @throws CliException when there is no such context
   */
  String contextHost(String context) {
    Path meta = folder.resolve("contexts/meta").resolve(digest(context)).resolve("meta.json");
    try {
      String host =
          Json.MAPPER
              .readTree(Files.readString(meta))
              .path("Endpoints")
              .path("docker")
              .path("Host")
              .asText();
      if (!host.isEmpty()) {
        return host;
      }
    } catch (IOException missing) {
      // Said below, in the words that Docker has for it.
    }
    throw new CliException(
        1,
        "Failed to initialize: unable to resolve docker endpoint: context \""
            + context
            + "\": context not found: open "
            + meta
            + ": no such file or directory");
  }

  private static String digest(String name) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(name.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
