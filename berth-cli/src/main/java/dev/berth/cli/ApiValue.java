package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.berth.template.NilPointer;
import dev.berth.template.Structure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of the engine's answer as templates see it: with the fields of its type, or, where that is
 * not known, as plain lists and maps.
 *
 * @param type its name in {@link ApiShapes}
 */
record ApiValue(String type, JsonNode node) implements Structure {

  /** The answer with the fields of a type. */
  static Structure of(String type, JsonNode node) {
    return new ApiValue(type, node);
  }

  /** The answer as it is. */
  static @Nullable Object raw(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        node.properties().forEach(entry -> map.put(entry.getKey(), raw(entry.getValue())));
        yield map;
      }
      case ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        node.forEach(item -> list.add(raw(item)));
        yield list;
      }
      case STRING -> node.asText();
      case BOOLEAN -> node.asBoolean();
      case NUMBER ->
          node.isIntegralNumber() ? (Object) node.asLong() : (Object) node.asDouble();
      default -> null;
    };
  }

  private static @Nullable Object typed(String type, JsonNode node) {
    boolean none = node.isMissingNode() || node.isNull();
    if (type.startsWith("[]")) {
      return none ? NilPointer.SLICE : list(type.substring(2), node);
    }
    if (type.startsWith("{}")) {
      return none ? NilPointer.MAP : map(type.substring(2), node);
    }
    if (type.startsWith("*")) {
      String to = type.substring(1);
      return none ? new NilPointer(to) : typed(to, node);
    }
    return switch (type) {
      case "s" -> node.asText("");
      case "i" -> node.asLong();
      case "b" -> node.asBoolean();
      case "f" -> node.asDouble();
      case "any" -> raw(node);
      default -> new ApiValue(type, none ? MissingNode.getInstance() : node);
    };
  }

  private static List<@Nullable Object> list(String type, JsonNode node) {
    List<@Nullable Object> list = new ArrayList<>();
    node.forEach(item -> list.add(typed(type, item)));
    return list;
  }

  private static Map<String, @Nullable Object> map(String type, JsonNode node) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    node.properties().forEach(entry -> map.put(entry.getKey(), typed(type, entry.getValue())));
    return map;
  }

  @Override
  public boolean has(String name) {
    return ApiShapes.fields(type).containsKey(name);
  }

  @Override
  public @Nullable Object field(String name, List<@Nullable Object> arguments) {
    if (!arguments.isEmpty()) {
      throw new IllegalArgumentException(
          name + " has arguments but cannot be invoked as function");
    }
    ApiShapes.Field field = ApiShapes.fields(type).get(name);
    return field == null ? null : typed(field.type(), node.path(field.key()));
  }

  @Override
  public List<@Nullable Object> values() {
    List<@Nullable Object> values = new ArrayList<>();
    ApiShapes.fields(type).values().forEach(field ->
        values.add(typed(field.type(), node.path(field.key()))));
    return values;
  }

  @Override
  public String json() {
    return node.isMissingNode() ? "{}" : node.toString();
  }
}
