package dev.berth.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.api.ApiJson;
import java.util.Arrays;

/** Writes API records. */
final class Json {
  /** The server's mapper. */
  static final JsonMapper MAPPER = ApiJson.mapper();

  private Json() {}

  /** One value with a line feed behind it, as Go's encoder writes it. */
  static byte[] line(Object value) {
    try {
      byte[] bytes = MAPPER.writeValueAsBytes(value);
      byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
      line[bytes.length] = '\n';
      return line;
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("an API record cannot be written", impossible);
    }
  }
}
