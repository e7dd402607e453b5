package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Transfers of images and the progress they report. */
final class Images {
  private Images() {}

  /** Pulls an image and shows the progress. */
  static void pull(
      EngineClient engine, String image, @Nullable String platform, boolean quiet, PrintStream to) {
    String reference = ImageNames.familiar(image);
    if (!image.contains("@") && ImageNames.tag(image).isEmpty()) {
      to.println("Using default tag: latest");
    }
    Query query =
        Query.none()
            .with("fromImage", ImageNames.repository(reference))
            .with("tag", ImageNames.tag(reference))
            .with("platform", platform);
    try (HttpExchange exchange =
        engine.open(
            "POST", "/images/create" + query, null, Credentials.ofUser().headerFor(image))) {
      progress(exchange.body(), quiet, to);
    } catch (IOException broken) {
      throw new CliException(1, "the pull broke: " + broken.getMessage());
    }
  }

  /** Pulls every tag of a repository. */
  static void pullAll(EngineClient engine, String image, boolean quiet, PrintStream to) {
    if (image.contains("@") || !ImageNames.tag(image).isEmpty()) {
      throw new CliException(1, "tag can't be used with --all-tags/-a");
    }
    Query query = Query.none().with("fromImage", image);
    try (HttpExchange exchange =
        engine.open(
            "POST", "/images/create" + query, null, Credentials.ofUser().headerFor(image))) {
      progress(exchange.body(), quiet, to);
    } catch (IOException broken) {
      throw new CliException(1, "the pull broke: " + broken.getMessage());
    }
  }

  /** {@code os/architecture[/variant]} as the JSON by which the API names a platform. */
  static @Nullable String platform(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    String[] parts = text.split("/", 3);
    var platform = Json.MAPPER.createObjectNode().put("os", parts[0]);
    if (parts.length > 1) {
      platform.put("architecture", parts[1]);
    }
    if (parts.length > 2) {
      platform.put("variant", parts[2]);
    }
    return platform.toString();
  }

  /**
   * Shows a stream of progress messages: each layer on its own line, rewritten in place on a
   * terminal, and only its last word elsewhere.
   *
   * @throws CliException when the stream reports an error
   */
  static void progress(InputStream stream, boolean quiet, PrintStream to) throws IOException {
    boolean terminal = Terminal.outputIsTerminal();
    Map<String, Integer> lines = new LinkedHashMap<>();
    Map<String, String> shown = new HashMap<>();
    Layers layers = new Layers(lines, shown);
    ProgressMessages.read(
        stream,
        message -> {
          if (!quiet) {
            show(message, terminal, layers, to);
          }
        });
  }

  private record Layers(Map<String, Integer> lines, Map<String, String> shown) {}

  private static void show(JsonNode message, boolean terminal, Layers layers, PrintStream to) {
    if (message.has("stream")) {
      to.print(message.path("stream").asText());
      to.flush();
      return;
    }
    String id = message.path("id").asText();
    String status = message.path("status").asText();
    String text = id.isEmpty() ? status : id + ": " + status;
    if (id.isEmpty() || !terminal) {
      if (!text.isEmpty() && !text.equals(layers.shown().put(id, text))) {
        to.println(text);
      }
      return;
    }
    String bar = message.path("progress").asText();
    Integer line = layers.lines().get(id);
    if (line == null) {
      layers.lines().put(id, layers.lines().size());
      to.println(text + " " + bar);
    } else {
      int up = layers.lines().size() - line;
      to.print("\033[" + up + "A\033[2K\r" + text + " " + bar + "\033[" + up + "B\r");
    }
    to.flush();
  }
}
