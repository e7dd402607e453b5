package dev.berth.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.core.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads {@code daemon.json} into the same shape that the command line has. */
final class ConfigurationFile {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;

  ConfigurationFile(Path file) {
    this.file = file;
  }

  /**
   * What the file sets; nothing when it does not exist and need not.
   *
   * @param required whether the user named the file, so that it has to exist
   * @throws EngineException of kind INVALID that names the file, the directive and the reason
   */
  Map<Setting, List<String>> read(boolean required) {
    if (!required && !Files.exists(file)) {
      return new EnumMap<>(Setting.class);
    }
    JsonNode tree = parse();
    if (!tree.isObject()) {
      throw complaint("the file must hold one JSON object");
    }
    refuseUnknown(tree);
    Map<Setting, List<String>> values = new EnumMap<>(Setting.class);
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      Setting setting = Setting.ofKey(entry.getKey()).orElseThrow();
      values.put(setting, valuesOf(setting, entry.getValue()));
    }
    return values;
  }

  private JsonNode parse() {
    try {
      String text = Files.readString(file);
      return text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text);
    } catch (JsonProcessingException malformed) {
      throw complaint(
          "it is not valid JSON at line "
              + malformed.getLocation().getLineNr()
              + ": "
              + malformed.getOriginalMessage());
    } catch (IOException unreadable) {
      throw complaint("open " + file + ": " + reason(unreadable));
    }
  }

  private void refuseUnknown(JsonNode tree) {
    List<String> unknown = new ArrayList<>();
    tree.fieldNames()
        .forEachRemaining(key -> {
          if (Setting.ofKey(key).isEmpty()) {
            unknown.add(key);
          }
        });
    if (!unknown.isEmpty()) {
      throw complaint(
          "the following directives don't match any configuration option: "
              + String.join(", ", unknown));
    }
  }

  private List<String> valuesOf(Setting setting, JsonNode node) {
    List<String> values = new ArrayList<>();
    switch (setting.form()) {
      case FLAG -> values.add(scalar(setting, node, node.isBoolean(), "a boolean"));
      case NUMBER -> values.add(scalar(setting, node, node.isIntegralNumber(), "a whole number"));
      case TEXT -> values.add(scalar(setting, node, node.isTextual(), "a string"));
      case LIST -> {
        expect(setting, node.isArray(), "an array");
        node.forEach(element -> values.add(listElement(setting, element)));
      }
      case MAP -> {
        expect(setting, node.isObject(), "an object");
        node.properties().forEach(field -> values.add(mapEntry(field)));
      }
    }
    return values;
  }

  private String scalar(Setting setting, JsonNode node, boolean fits, String wanted) {
    expect(setting, fits, wanted);
    return node.asText();
  }

  /** Address pools are objects in the file and {@code base=…,size=…} on the command line. */
  private String listElement(Setting setting, JsonNode element) {
    if (setting == Setting.DEFAULT_ADDRESS_POOL) {
      expect(setting, element.isObject(), "an array of objects");
      return "base=" + element.path("base").asText() + ",size=" + element.path("size").asText();
    }
    expect(setting, element.isTextual(), "an array of strings");
    return element.asText();
  }

  /** Nested objects, as of runtimes and ulimits, are kept as JSON behind the equals sign. */
  private static String mapEntry(Map.Entry<String, JsonNode> field) {
    JsonNode value = field.getValue();
    return field.getKey() + "=" + (value.isValueNode() ? value.asText() : value.toString());
  }

  private void expect(Setting setting, boolean fits, String wanted) {
    if (!fits) {
      throw complaint("\"" + setting.key() + "\" must be " + wanted);
    }
  }

  private static String reason(IOException failure) {
    return failure instanceof java.nio.file.NoSuchFileException
        ? "no such file or directory"
        : String.valueOf(failure.getMessage());
  }

  private EngineException complaint(String reason) {
    return EngineException.invalid(
        "unable to configure the Docker daemon with file " + file + ": " + reason);
  }
}
