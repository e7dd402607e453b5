package dev.berth.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.core.EngineException;
import dev.berth.engine.Filters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the {@code filters} of a query: {@code {"key":["value"]}}, or the old form {@code
 * {"key":{"value":true}}}.
 */
final class FilterJson {
  private static final String INVALID = "invalid filter";

  private FilterJson() {}

  /**
   * The filters of a request.
   *
   * @throws EngineException of kind INVALID when they are neither form
   */
  static Filters of(Exchange exchange) {
    return parse(exchange.query().text("filters"));
  }

  static Filters parse(String text) {
    if (text.isEmpty()) {
      return Filters.NONE;
    }
    JsonNode tree = tree(text);
    if (tree.isNull()) {
      return Filters.NONE;
    }
    if (!tree.isObject()) {
      throw EngineException.invalid(INVALID);
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      values.put(entry.getKey(), values(entry.getValue()));
    }
    return new Filters(values);
  }

  private static JsonNode tree(String text) {
    try {
      JsonNode tree = Json.MAPPER.readTree(text);
      if (tree == null || tree.isMissingNode()) {
        throw EngineException.invalid(INVALID);
      }
      return tree;
    } catch (JsonProcessingException malformed) {
      throw EngineException.invalid(INVALID);
    }
  }

  private static List<String> values(JsonNode node) {
    List<String> values = new ArrayList<>();
    if (node.isArray()) {
      for (JsonNode element : node) {
        if (!element.isTextual()) {
          throw EngineException.invalid(INVALID);
        }
        values.add(element.textValue());
      }
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        if (!entry.getValue().isBoolean()) {
          throw EngineException.invalid(INVALID);
        }
        values.add(entry.getKey());
      }
    } else if (!node.isNull()) {
      throw EngineException.invalid(INVALID);
    }
    return values;
  }
}
