package dev.berth.network.driver.cni;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A CNI network configuration: a chain of plugins with their settings. A configuration of one
 * plugin is a chain of one.
 *
 * @param name the network's name, as plugins see it
 * @param version of the specification it is written for
 * @param disableCheck whether it must not be checked
 * @param plugins the settings of each, in order
 * @see <a href="https://www.cni.dev/docs/spec/">CNI specification</a>
 */
record CniConfiguration(
    String name, String version, boolean disableCheck, List<ObjectNode> plugins) {
  /** What a configuration is taken for that names no version. */
  private static final String OLDEST = "0.1.0";

  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
  private static final ObjectMapper JSON = new ObjectMapper();

  CniConfiguration {
    plugins = List.copyOf(plugins);
  }

  /**
   * Reads a configuration or a list of them.
   *
   * @param otherwise the name where it gives itself none
   * @throws EngineException INVALID
   */
  static CniConfiguration parse(String text, String otherwise) {
    JsonNode json = json(text);
    if (!json.isObject()) {
      throw EngineException.invalid("a CNI configuration is a JSON object");
    }
    List<ObjectNode> plugins = new ArrayList<>();
    if (json.has("plugins")) {
      json.path("plugins").forEach(plugin -> plugins.add(plugin(plugin)));
    } else {
      plugins.add(plugin(json));
    }
    if (plugins.isEmpty()) {
      throw EngineException.invalid("the CNI configuration names no plugin");
    }
    return new CniConfiguration(
        json.path("name").asText(otherwise),
        json.path("cniVersion").asText(OLDEST),
        json.path("disableCheck").asBoolean(),
        plugins);
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw EngineException.invalid("the CNI configuration is not JSON: " + e.getOriginalMessage());
    }
  }

  private static ObjectNode plugin(JsonNode json) {
    String type = json.path("type").asText("");
    if (!(json instanceof ObjectNode plugin) || !TYPE.matcher(type).matches()) {
      throw EngineException.invalid("the CNI configuration names no plugin by \"type\"");
    }
    return plugin;
  }

  /** The names of its plugins. */
  List<String> types() {
    return plugins.stream().map(plugin -> plugin.path("type").asText()).toList();
  }

  /** Whether its plugins can be asked if all is still well. */
  boolean canBeChecked() {
    return !disableCheck
        && !version.startsWith("0.1.")
        && !version.startsWith("0.2.")
        && !version.startsWith("0.3.");
  }

  /** Whether one of them takes a setting that the engine knows at run time. */
  boolean takes(String capability) {
    return plugins.stream()
        .anyMatch(plugin -> plugin.path("capabilities").path(capability).asBoolean());
  }

  /** As text, for the record. */
  String text() {
    ObjectNode list = JSON.createObjectNode().put("name", name).put("cniVersion", version);
    list.put("disableCheck", disableCheck).putArray("plugins").addAll(plugins);
    return list.toString();
  }
}
