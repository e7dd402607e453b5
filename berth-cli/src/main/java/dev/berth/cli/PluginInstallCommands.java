package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that move managed plugins between the engine and registries. */
final class PluginInstallCommands {
  private PluginInstallCommands() {}

  /** What installing and upgrading share: the user agrees to what the plugin may do. */
  abstract static class Fetching extends Base {
    @Option(names = "--grant-all-permissions", description = "Do not ask whether it may")
    boolean grantAll;

    /** Asks the registry what the plugin wants and the user whether it may. */
    JsonNode agreed(String remote) throws IOException {
      JsonNode wanted;
      try (HttpExchange exchange =
          engine()
              .open(
                  "GET",
                  "/plugins/privileges" + Query.none().with("remote", remote),
                  null,
                  Credentials.ofUser().headerFor(remote))) {
        wanted = Json.MAPPER.readTree(exchange.body());
      }
      if (!grantAll && !wanted.isEmpty()) {
        out().println("Plugin \"" + remote + "\" is requesting the following privileges:");
        for (JsonNode privilege : wanted) {
          out()
              .println(
                  " - " + privilege.path("Name").asText() + ": " + privilege.path("Value"));
        }
        Confirm.orEnd(false, "Do you grant the above permissions?");
      }
      return wanted;
    }

    /** Fetches a plugin and shows how far it is. */
    void fetch(String path, String remote, JsonNode agreed) throws IOException {
      try (HttpExchange exchange =
          engine().open("POST", path, agreed, Credentials.ofUser().headerFor(remote))) {
        Images.progress(exchange.body(), false, out());
      }
    }
  }

  /** Installs a plugin. */
  @Command(
      name = "install",
      customSynopsis = "[OPTIONS] PLUGIN [KEY=VALUE...]",
      description = "Install a plugin.")
  static final class Install extends Fetching {
    @Option(names = "--alias", description = "Name of the plugin on this machine")
    @Nullable String alias;

    @Option(names = "--disable", description = "Do not enable it")
    boolean disable;

    @Parameters(index = "0", paramLabel = "PLUGIN")
    String plugin = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE")
    List<String> settings = List.of();

    @Override
    public Integer call() throws IOException {
      String name = alias == null ? plugin : alias;
      Query query = Query.none().with("remote", plugin).with("name", name);
      fetch("/plugins/pull" + query, plugin, agreed(plugin));
      if (!settings.isEmpty()) {
        ArrayNode body = Json.MAPPER.createArrayNode();
        settings.forEach(body::add);
        engine().post(PluginCommands.path(name, "set"), Query.none(), body);
      }
      if (!disable) {
        engine().post(PluginCommands.path(name, "enable"), Query.none().with("timeout", 30), null);
      }
      out().println("Installed plugin " + name);
      return 0;
    }
  }

  /** Replaces a plugin by another version of it. */
  @Command(name = "upgrade", description = "Upgrade an existing plugin.")
  static final class Upgrade extends Fetching {
    @Option(names = "--skip-remote-check", description = "Take one of another name as well")
    boolean skipRemoteCheck;

    @Parameters(index = "0", paramLabel = "PLUGIN")
    String plugin = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "REMOTE")
    @Nullable String remote;

    @Override
    public Integer call() throws IOException {
      JsonNode found = engine().get(PluginCommands.path(plugin, "json"));
      if (found.path("Enabled").asBoolean()) {
        throw new CliException(1, "the plugin must be disabled before upgrading");
      }
      String reference = found.path("PluginReference").asText();
      String from = remote == null ? reference : remote;
      if (!skipRemoteCheck
          && !ImageNames.repository(from).equals(ImageNames.repository(reference))) {
        throw new CliException(
            1, "\"" + from + "\" is another plugin than \"" + reference + "\": --skip-remote-check");
      }
      Query query = Query.none().with("remote", from);
      fetch(PluginCommands.path(plugin, "upgrade") + query, from, agreed(from));
      out().println("Upgraded plugin " + plugin + " to " + from);
      return 0;
    }
  }

  /** Sends a plugin to a registry. */
  @Command(name = "push", description = "Push a plugin to a registry.")
  static final class Push extends Base {
    @Parameters(index = "0", paramLabel = "PLUGIN[:TAG]")
    String plugin = "";

    @Override
    public Integer call() throws IOException {
      Map<String, String> headers = Credentials.ofUser().headerFor(plugin);
      try (HttpExchange exchange =
          engine().open("POST", PluginCommands.path(plugin, "push"), null, headers)) {
        Images.progress(exchange.body(), false, out());
      }
      return 0;
    }
  }
}
