package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** The stream of messages by which the engine tells of a long operation. */
final class ProgressMessages {
  private ProgressMessages() {}

  /**
   * Reads the stream to its end.
   *
   * @param each takes every message but an error
   * @throws CliException when the stream reports an error
   */
  static void read(InputStream stream, Consumer<JsonNode> each) throws IOException {
    try (MappingIterator<JsonNode> messages =
        Json.MAPPER.readerFor(JsonNode.class).readValues(stream)) {
      while (messages.hasNextValue()) {
        JsonNode message = messages.nextValue();
        if (message.has("error")) {
          throw new CliException(
              1, "Error response from daemon: " + message.path("error").asText());
        }
        each.accept(message);
      }
    }
  }
}
