package dev.berth.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.core.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds plugins: a socket {@code NAME.sock}, or a file {@code NAME.spec} with an address or {@code
 * NAME.json} with a description, each also in a folder of the plugin's name. Sockets win. Looked at
 * anew each time, so that plugins come and go without a restart.
 *
 * @param socketFolders where sockets are
 * @param specificationFolders where descriptions are
 */
public record PluginDirectory(List<Path> socketFolders, List<Path> specificationFolders)
    implements PluginSource {
  /** Where Docker looks. */
  public static final PluginDirectory STANDARD =
      new PluginDirectory(
          List.of(Path.of("/run/docker/plugins")),
          List.of(Path.of("/etc/docker/plugins"), Path.of("/usr/lib/docker/plugins")));

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");
  private static final int LIMIT_BYTES = 64 * 1024;

  /** Copies the lists. */
  public PluginDirectory {
    socketFolders = List.copyOf(socketFolders);
    specificationFolders = List.copyOf(specificationFolders);
  }

  @Override
  public Optional<PluginAddress> find(String interfaceName, String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    for (Path folder : socketFolders) {
      for (Path path : candidates(folder, name, ".sock")) {
        if (isSocket(path)) {
          return Optional.of(new PluginAddress.Local(path));
        }
      }
    }
    for (Path folder : specificationFolders) {
      for (Path path : candidates(folder, name, ".spec")) {
        if (Files.isRegularFile(path)) {
          return Optional.of(PluginAddress.parse(text(path).strip()));
        }
      }
      for (Path path : candidates(folder, name, ".json")) {
        if (Files.isRegularFile(path)) {
          return Optional.of(described(path));
        }
      }
    }
    return Optional.empty();
  }

  private static List<Path> candidates(Path folder, String name, String ending) {
    return List.of(folder.resolve(name + ending), folder.resolve(name).resolve(name + ending));
  }

  private static boolean isSocket(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isOther();
    } catch (IOException e) {
      return false;
    }
  }

  private static String text(Path path) {
    try {
      if (Files.size(path) > LIMIT_BYTES) {
        throw EngineException.internal(path + " is too large for a plugin's address", null);
      }
      return Files.readString(path, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw EngineException.internal(path + " cannot be read", e);
    }
  }

  private static PluginAddress described(Path path) {
    try {
      JsonNode json = new ObjectMapper().readTree(text(path));
      if (json.path("TLSConfig").path("CAFile").isTextual()
          || json.path("TLSConfig").path("CertFile").isTextual()) {
        throw EngineException.notImplemented(
            path + ": plugins with TLSConfig are not supported; use a socket or a plain address");
      }
      return PluginAddress.parse(json.path("Addr").asText(""));
    } catch (IOException e) {
      throw EngineException.internal(path + " is no plugin description", e);
    }
  }

  /** The names of everything that is there; what it offers, only asking it tells. */
  @Override
  public Set<String> names(String interfaceName) {
    Set<String> names = new TreeSet<>();
    socketFolders.forEach(folder -> addNames(folder, List.of(".sock"), names));
    specificationFolders.forEach(folder -> addNames(folder, List.of(".spec", ".json"), names));
    return names;
  }

  private static void addNames(Path folder, List<String> endings, Set<String> names) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String file = String.valueOf(entry.getFileName());
        for (String ending : endings) {
          if (file.endsWith(ending)) {
            names.add(file.substring(0, file.length() - ending.length()));
          } else if (Files.exists(entry.resolve(file + ending))) {
            names.add(file);
          }
        }
      }
    } catch (IOException e) {
      // a folder that is missing holds no plugins
    }
  }
}
