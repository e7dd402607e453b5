package dev.berth.server;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads JSON bodies with dockerd's checks and dockerd's words for what is wrong with them. Unknown
 * fields are passed over, as dockerd does, because clients newer than the engine send them.
 */
final class JsonBody {
  static final int MAX_BYTES = 4 * 1024 * 1024;

  private JsonBody() {}

  static <T> T read(Exchange exchange, Class<T> type) throws IOException {
    String contentType = exchange.header("Content-Type");
    if (!exchange.bodyIsEmpty() || !contentType.isEmpty()) {
      requireJson(contentType);
    }
    if (exchange.bodyIsEmpty()) {
      return parse("{}".getBytes(StandardCharsets.UTF_8), type);
    }
    byte[] bytes = exchange.body().readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw EngineException.invalid(
          "the body of the request is larger than " + MAX_BYTES + " bytes");
    }
    return parse(bytes, type);
  }

  private static void requireJson(String contentType) {
    if (contentType.isBlank()) {
      throw EngineException.invalid(
          "malformed Content-Type header (" + contentType + "): mime: no media type");
    }
    int end = contentType.indexOf(';');
    String mediaType =
        (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    if (!mediaType.equals("application/json")) {
      throw EngineException.invalid(
          "unsupported Content-Type header (" + contentType + "): must be 'application/json'");
    }
  }

  /**
   * Reads one value.
   *
   * @throws EngineException of kind INVALID with dockerd's words
   */
  static <T> T parse(byte[] bytes, Class<T> type) {
    JsonSyntax.check(bytes);
    try {
      T value = Json.MAPPER.readValue(bytes, type);
      return value == null ? Json.MAPPER.readValue("{}", type) : value;
    } catch (MismatchedInputException mismatch) {
      throw new EngineException(
          ErrorKind.INVALID, "invalid JSON: " + words(bytes, type, mismatch), mismatch);
    } catch (JsonMappingException mismatch) {
      throw new EngineException(
          ErrorKind.INVALID,
          "invalid JSON: json: cannot unmarshal number into Go struct field "
              + type.getSimpleName()
              + "."
              + path(mismatch)
              + " of type int64",
          mismatch);
    } catch (IOException unreadable) {
      throw new EngineException(
          ErrorKind.INVALID, "invalid JSON: the body cannot be read", unreadable);
    }
  }

  private static String words(byte[] bytes, Class<?> type, MismatchedInputException mismatch) {
    String field = path(mismatch);
    String place =
        field.isEmpty() ? "Go value" : "Go struct field " + type.getSimpleName() + "." + field;
    Class<?> wanted = mismatch.getTargetType() == null ? type : mismatch.getTargetType();
    return "json: cannot unmarshal "
        + found(bytes, mismatch)
        + " into "
        + place
        + " of type "
        + goType(wanted);
  }

  private static String path(JsonMappingException mismatch) {
    return mismatch.getPath().stream()
        .filter(step -> step.getFieldName() != null)
        .map(JsonMappingException.Reference::getFieldName)
        .collect(Collectors.joining("."));
  }

  private static String found(byte[] bytes, JsonMappingException mismatch) {
    try {
      JsonNode node = Json.MAPPER.readTree(bytes);
      for (JsonMappingException.Reference step : mismatch.getPath()) {
        JsonNode below =
            step.getFieldName() != null
                ? field(node, step.getFieldName())
                : node.get(step.getIndex());
        if (below == null) {
          break;
        }
        node = below;
      }
      return switch (node.getNodeType()) {
        case STRING, BINARY -> "string";
        case NUMBER -> "number" + (node.isIntegralNumber() ? "" : " " + node.asText());
        case BOOLEAN -> "bool";
        case ARRAY -> "array";
        case OBJECT, POJO -> "object";
        case NULL, MISSING -> "null";
      };
    } catch (IOException unreadable) {
      return "value";
    }
  }

  private static JsonNode field(JsonNode node, String name) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (entry.getKey().equalsIgnoreCase(name)) {
        return entry.getValue();
      }
    }
    return node.path(name);
  }

  private static String goType(Class<?> type) {
    if (type == String.class) {
      return "string";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "bool";
    }
    if (type == int.class || type == Integer.class) {
      return "int";
    }
    if (type == long.class || type == Long.class) {
      return "int64";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "[]string";
    }
    return Map.class.isAssignableFrom(type) ? "map[string]string" : type.getSimpleName();
  }
}
