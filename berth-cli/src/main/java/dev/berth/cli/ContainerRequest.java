package dev.berth.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /containers/create} while the options of {@code run} and {@code create}
 * fill it: what the user did not set is not sent, so that the engine's defaults hold.
 */
final class ContainerRequest {
  private final ObjectNode config = Json.MAPPER.createObjectNode();
  private final ObjectNode host = config.putObject("HostConfig");
  private final ObjectNode endpoints =
      config.putObject("NetworkingConfig").putObject("EndpointsConfig");

  ObjectNode config() {
    return config;
  }

  ObjectNode host() {
    return host;
  }

  ObjectNode endpoints() {
    return endpoints;
  }

  static void put(ObjectNode node, String field, @Nullable String value) {
    if (value != null) {
      node.put(field, value);
    }
  }

  static void put(ObjectNode node, String field, @Nullable Integer value) {
    if (value != null) {
      node.put(field, value);
    }
  }

  static void put(ObjectNode node, String field, @Nullable Boolean value) {
    if (value != null) {
      node.put(field, value);
    }
  }

  static void putBytes(ObjectNode node, String field, @Nullable String value, String option) {
    if (value == null) {
      return;
    }
    try {
      node.put(field, value.equals("-1") ? -1 : Units.bytes(value));
    } catch (CliException invalid) {
      throw UsageException.value(value, option, invalid.text());
    }
  }

  static void putNanoseconds(ObjectNode node, String field, @Nullable String value) {
    if (value != null) {
      node.put(field, Units.nanoseconds(value));
    }
  }

  static void put(ObjectNode node, String field, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = node.putArray(field);
      values.forEach(array::add);
    }
  }

  /** {@code key=value} texts as an object; one without an equals sign has an empty value. */
  static void putMap(ObjectNode node, String field, List<String> pairs) {
    if (!pairs.isEmpty()) {
      ObjectNode object = node.putObject(field);
      for (String pair : pairs) {
        int equals = pair.indexOf('=');
        if (equals < 0) {
          object.put(pair, "");
        } else {
          object.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
      }
    }
  }
}
