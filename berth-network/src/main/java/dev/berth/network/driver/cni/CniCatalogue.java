package dev.berth.network.driver.cni;

import dev.berth.core.EngineException;
import dev.berth.network.CniPaths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The configurations and plugins that are installed; looked at anew each time. */
final class CniCatalogue {
  private static final List<String> ENDINGS = List.of(".conflist", ".conf", ".json");
  private static final int LIMIT_BYTES = 1024 * 1024;

  private final CniPaths paths;

  CniCatalogue(CniPaths paths) {
    this.paths = paths;
  }

  List<Path> programs() {
    return paths.programs();
  }

  /**
   * The configuration of a name, or of a file of that name.
   *
   * @throws EngineException NOT_FOUND that names those there are
   */
  CniConfiguration find(String name) {
    Set<String> names = new TreeSet<>();
    for (Path file : files()) {
      String fileName = String.valueOf(file.getFileName());
      String stem = fileName.substring(0, fileName.lastIndexOf('.'));
      try {
        CniConfiguration configuration = CniConfiguration.parse(text(file), stem);
        if (List.of(configuration.name(), fileName, stem).contains(name)) {
          return configuration;
        }
        names.add(configuration.name());
      } catch (EngineException unreadable) {
        if (List.of(fileName, stem).contains(name)) {
          throw EngineException.invalid(file + ": " + unreadable.text());
        }
      }
    }
    throw EngineException.notFound(
        ("CNI configuration \"%s\" not found in %s (there are: %s);"
                + " name one with -o conflist=NAME or give one with -o config=JSON")
            .formatted(name, paths.configurations(), String.join(", ", names)));
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Path folder : paths.configurations()) {
      try (Stream<Path> entries = Files.list(folder)) {
        entries
            .filter(file -> ENDINGS.stream().anyMatch(file.toString()::endsWith))
            .filter(Files::isRegularFile)
            .sorted()
            .forEach(files::add);
      } catch (IOException missing) {
        // a folder that is missing holds nothing
      }
    }
    return files;
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > LIMIT_BYTES) {
        throw EngineException.invalid(file + " is too large for a CNI configuration");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw EngineException.invalid(file + " cannot be read");
    }
  }

  /**
   * The program of a plugin.
   *
   * @throws EngineException NOT_FOUND
   */
  Path program(String type) {
    for (Path folder : paths.programs()) {
      Path program = folder.resolve(type);
      if (Files.isExecutable(program) && Files.isRegularFile(program)) {
        return program;
      }
    }
    throw EngineException.notFound(
        "failed to find plugin \"" + type + "\" in path " + paths.programs());
  }
}
