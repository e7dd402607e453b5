package dev.berth.network.driver.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A container's place in a CNI network, in the words of the specification.
 *
 * @param containerId unique among those on the network
 * @param namespace the path of its network namespace
 * @param interfaceName the interface inside
 * @param arguments further words for plugins, of which they may understand none
 * @param runtime settings that the engine knows, by the capability that takes them
 */
record CniAttachment(
    String containerId,
    String namespace,
    String interfaceName,
    Map<String, String> arguments,
    JsonNode runtime) {
  CniAttachment {
    arguments = Map.copyOf(arguments);
  }

  /** The variables of a call. */
  Map<String, String> environment(String command, String programs) {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("IgnoreUnknown", "1");
    words.putAll(arguments);
    return Map.of(
        "CNI_COMMAND", command,
        "CNI_CONTAINERID", containerId,
        "CNI_NETNS", namespace,
        "CNI_IFNAME", interfaceName,
        "CNI_ARGS",
            words.entrySet().stream()
                .map(word -> word.getKey() + "=" + word.getValue())
                .collect(Collectors.joining(";")),
        "CNI_PATH", programs);
  }

  /** Gives a plugin what of the run-time settings it takes. */
  void fill(ObjectNode plugin) {
    ObjectNode taken = plugin.objectNode();
    runtime
        .properties()
        .forEach(setting -> {
          if (plugin.path("capabilities").path(setting.getKey()).asBoolean()) {
            taken.set(setting.getKey(), setting.getValue());
          }
        });
    if (!taken.isEmpty()) {
      plugin.set("runtimeConfig", taken);
    }
  }
}
