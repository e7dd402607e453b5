package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on managed plugins that are there. */
final class PluginCommands {
  private PluginCommands() {}

  static String path(String plugin, String action) {
    return "/plugins/" + Query.path(plugin) + "/" + action;
  }

  /** Makes a plugin of a folder. */
  @Command(
      name = "create",
      description = "Create a plugin from a rootfs and configuration.")
  static final class Create extends Base {
    @Option(names = "--compress", description = "Accepted; the engine keeps plugins as it does")
    boolean compress;

    @Parameters(index = "0", paramLabel = "PLUGIN")
    String plugin = "";

    @Parameters(index = "1", paramLabel = "PLUGIN-DATA-DIR")
    String folder = "";

    @Override
    public Integer call() throws IOException {
      Path root = Path.of(folder);
      if (!Files.isRegularFile(root.resolve("config.json"))) {
        throw new CliException(
            1, "open " + root.resolve("config.json") + ": no such file or directory");
      }
      Path packed = Files.createTempFile("berth-plugin", ".tar");
      try {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(packed));
            TarWriter tar = new TarWriter(out);
            Stream<Path> files = Files.walk(root)) {
          for (Path file : (Iterable<Path>) files::iterator) {
            String name = root.relativize(file).toString();
            if (!name.isEmpty()) {
              tar.add(name, file, true);
            }
          }
        }
        Query query = Query.none().with("name", plugin);
        try (InputStream content = Files.newInputStream(packed);
            HttpExchange _ =
                engine().upload("POST", "/plugins/create" + query, content, Map.of())) {
          out().println(plugin);
        }
      } finally {
        Files.deleteIfExists(packed);
      }
      return 0;
    }
  }

  /** Lists plugins. */
  @Command(name = "ls", aliases = "list", description = "List plugins.")
  static final class ListPlugins extends Base {
    @Mixin ListOptions list = new ListOptions();

    @Option(names = "--no-trunc", description = "Do not cut anything")
    boolean noTrunc;

    @Override
    public Integer call() {
      if (list.format == null && !list.quiet) {
        list.format = UserConfiguration.ofUser().setting("pluginsFormat");
      }
      List<JsonNode> plugins =
          Json.list(engine().get("/plugins", Query.none().withFilters(list.filter)));
      plugins.sort(NaturalOrder.by(plugin -> plugin.path("Name").asText()));
      String format = list.chosen(ObjectListings.PLUGINS, ObjectListings.PLUGINS_RAW, "{{.ID}}");
      ObjectListings.plugins(noTrunc).print(out(), format, plugins);
      return 0;
    }
  }

  /** Shows all that is known of plugins. */
  @Command(name = "inspect", description = "Display detailed information on one or more plugins.")
  static final class Inspect extends Base {
    @Mixin FormatOption format = new FormatOption();

    @Parameters(arity = "1..*", paramLabel = "PLUGIN")
    List<String> plugins = List.of();

    @Override
    public Integer call() {
      return new Inspection(format.format)
          .run(
              plugins,
              name -> new Inspection.Found("Plugin", engine().get(path(name, "json"))),
              out(),
              err());
    }
  }

  /** Starts a plugin. */
  @Command(name = "enable", description = "Enable a plugin.")
  static final class Enable extends Base {
    @Option(names = "--timeout", description = "Seconds to wait for its answer")
    int timeout = 30;

    @Parameters(index = "0", paramLabel = "PLUGIN")
    String plugin = "";

    @Override
    public Integer call() {
      engine().post(path(plugin, "enable"), Query.none().with("timeout", timeout), null);
      out().println(plugin);
      return 0;
    }
  }

  /** Stops a plugin. */
  @Command(name = "disable", description = "Disable a plugin.")
  static final class Disable extends Base {
    @Option(
        names = {"-f", "--force"},
        description = "Disable it even when it is used")
    boolean force;

    @Parameters(index = "0", paramLabel = "PLUGIN")
    String plugin = "";

    @Override
    public Integer call() {
      engine().post(path(plugin, "disable"), Query.none().with("force", force), null);
      out().println(plugin);
      return 0;
    }
  }

  /** Removes plugins. */
  @Command(name = "rm", aliases = "remove", description = "Remove one or more plugins.")
  static final class Remove extends Base {
    @Option(
        names = {"-f", "--force"},
        description = "Remove it even when it is enabled")
    boolean force;

    @Parameters(arity = "1..*", paramLabel = "PLUGIN")
    List<String> plugins = List.of();

    @Override
    public Integer call() {
      return forEach(
          plugins,
          name -> {
            engine().delete("/plugins/" + Query.path(name), Query.none().with("force", force));
            return name;
          });
    }
  }

  /** Changes the settings of a plugin. */
  @Command(name = "set", description = "Change settings for a plugin.")
  static final class Set extends Base {
    @Parameters(index = "0", paramLabel = "PLUGIN")
    String plugin = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY=VALUE")
    List<String> settings = List.of();

    @Override
    public Integer call() {
      ArrayNode body = Json.MAPPER.createArrayNode();
      settings.forEach(body::add);
      engine().post(path(plugin, "set"), Query.none(), body);
      return 0;
    }
  }
}
