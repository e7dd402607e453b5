package dev.berth.network.driver.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import dev.berth.plugin.Plugin;
import dev.berth.plugin.Plugins;
import java.util.Optional;

/** Calls one interface of a plugin by its name; the plugin may come and go in between. */
final class RemoteCalls {
  private static final System.Logger LOG = System.getLogger(RemoteCalls.class.getName());

  private final String interfaceName;
  private final String name;
  private final Plugins plugins;

  RemoteCalls(String interfaceName, String name, Plugins plugins) {
    this.interfaceName = interfaceName;
    this.name = name;
    this.plugins = plugins;
  }

  /** The plugin was there and said no. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private Refusal(EngineException answer) {
      super(answer);
    }
  }

  /** Whether a failure is the plugin's own answer, after which it holds nothing. */
  static boolean isRefusal(EngineException failure) {
    return failure.getCause() instanceof Refusal;
  }

  static ObjectNode request() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * The plugin as it is now.
   *
   * @throws EngineException NOT_FOUND where there is none
   */
  Plugin plugin() {
    Plugin plugin =
        plugins
            .find(interfaceName, name)
            .orElseThrow(() -> EngineException.notFound("plugin \"" + name + "\" not found"));
    plugin.require(interfaceName);
    return plugin;
  }

  /** Calls a method that makes something. */
  JsonNode change(String method, ObjectNode request) {
    return call(method, (plugin, full) -> plugin.change(full, request));
  }

  /** Calls any other method. */
  JsonNode ask(String method, ObjectNode request) {
    return call(method, (plugin, full) -> plugin.ask(full, request));
  }

  /** Calls a method that a plugin need not know. */
  Optional<JsonNode> askIfKnown(String method, ObjectNode request) {
    return call(method, (plugin, full) -> plugin.askIfKnown(full, request));
  }

  /**
   * Calls a method that gives something back. What the plugin says against it is only logged, since
   * it knows best what it has.
   *
   * @throws EngineException where it does not answer
   */
  void giveBack(String method, ObjectNode request) {
    try {
      ask(method, request);
    } catch (EngineException failure) {
      if (!isRefusal(failure)) {
        throw failure;
      }
      LOG.log(System.Logger.Level.WARNING, "plugin {0}: {1}: {2}", name, method, failure.text());
    }
  }

  private interface PluginCall<T> {
    T on(Plugin plugin, String method);
  }

  private <T> T call(String method, PluginCall<T> call) {
    Plugin plugin = plugin();
    String full = interfaceName + "." + method;
    try {
      return call.on(plugin, full);
    } catch (EngineException failure) {
      if (failure.getCause() != null) {
        throw failure;
      }
      String said = failure.text();
      String prefix = full + ": ";
      throw EngineException.internal(
          said.startsWith(prefix) ? "remote: " + said.substring(prefix.length()) : said,
          new Refusal(failure));
    }
  }
}
