package dev.berth.image.content;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads members of JSON documents that strangers wrote: absent and null are the same. */
public final class Json {
  private static final int DEEPEST = 64;
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .build();

  private Json() {}

  /**
   * Reads a document.
   *
   * @param what names it in the error
   * @throws EngineException of kind INVALID when it is not JSON
   */
  public static JsonNode parse(String text, String what) {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node == null || node.isMissingNode()) {
        throw EngineException.invalid("invalid " + what + ": unexpected end of JSON input");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new EngineException(
          dev.berth.core.ErrorKind.INVALID, "invalid " + what + ": " + e.getOriginalMessage(), e);
    }
  }

  /**
   * The text of a document's bytes, from which the same bytes can be made again.
   *
   * @throws EngineException of kind INVALID when they are not UTF-8
   */
  public static String text(byte[] bytes, String what) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new EngineException(
          dev.berth.core.ErrorKind.INVALID, "invalid " + what + ": not UTF-8", e);
    }
  }

  /** An empty object to fill. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Writes a document without spaces. */
  public static String write(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (IOException impossible) {
      throw new AssertionError("a tree can always be written", impossible);
    }
  }

  static String string(JsonNode node, String name) {
    JsonNode value = node.path(name);
    return value.isTextual() ? value.textValue() : "";
  }

  static @Nullable String stringOrNull(JsonNode node, String name) {
    String value = string(node, name);
    return value.isEmpty() ? null : value;
  }

  static List<String> strings(JsonNode node, String name) {
    List<String> values = new ArrayList<>();
    node.path(name).forEach(value -> values.add(value.asText()));
    return values;
  }

  static @Nullable List<String> stringsOrNull(JsonNode node, String name) {
    return node.path(name).isArray() ? strings(node, name) : null;
  }

  static Map<String, String> map(JsonNode node, String name) {
    Map<String, String> values = new LinkedHashMap<>();
    node.path(name)
        .properties()
        .forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
    return values;
  }

  static List<String> keys(JsonNode node, String name) {
    List<String> keys = new ArrayList<>();
    node.path(name).fieldNames().forEachRemaining(keys::add);
    return keys;
  }
}
