package dev.berth.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Calls a plugin: one POST with JSON a connection. A call that takes too long is given up and its
 * connection closed. Safe for use by any thread.
 *
 * @see <a href="https://docs.docker.com/engine/extend/plugin_api/">plugin protocol</a>
 */
final class PluginClient {
  private static final String MEDIA_TYPE = "application/vnd.docker.plugins.v1.2+json";
  private static final int OK = 200;
  private static final int UNKNOWN = 404;
  private static final int ERROR_LIMIT = 1000;

  private final String plugin;
  private final PluginAddress address;
  private final ObjectMapper json = new ObjectMapper();

  /** Nobody listens at the plugin's address. */
  static final class Unreachable extends IOException {
    private static final long serialVersionUID = 1L;

    Unreachable(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  PluginClient(String plugin, PluginAddress address) {
    this.plugin = plugin;
    this.address = address;
  }

  ObjectNode request() {
    return json.createObjectNode();
  }

  /**
   * Calls a method.
   *
   * @param method for instance {@code VolumeDriver.Create}
   * @throws EngineException INTERNAL {@code METHOD: reason}, also when the plugin does not answer
   */
  JsonNode call(String method, ObjectNode request, Duration patience) {
    return read(method, send(method, request, patience));
  }

  /** The same for a method that a plugin need not know; empty where it does not. */
  Optional<JsonNode> callIfKnown(String method, ObjectNode request, Duration patience) {
    HttpReply reply = send(method, request, patience);
    return reply.status() == UNKNOWN ? Optional.empty() : Optional.of(read(method, reply));
  }

  private HttpReply send(String method, ObjectNode request, Duration patience) {
    AtomicReference<@Nullable SocketChannel> connection = new AtomicReference<>();
    CompletableFuture<HttpReply> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("plugin-" + plugin)
        .start(() -> {
          try {
            answer.complete(exchange(method, request.toString(), connection));
          } catch (IOException | RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw unavailable(method, String.valueOf(cause(e).getMessage()), cause(e));
    } catch (TimeoutException e) {
      close(connection.get());
      throw unavailable(method, "no answer within " + patience.toSeconds() + " seconds", e);
    } catch (InterruptedException e) {
      close(connection.get());
      Thread.currentThread().interrupt();
      throw unavailable(method, "interrupted", e);
    }
  }

  private static Throwable cause(ExecutionException e) {
    Throwable cause = e.getCause();
    return cause == null ? e : cause;
  }

  private EngineException unavailable(String method, String reason, Throwable cause) {
    return EngineException.internal(method + ": plugin " + plugin + ": " + reason, cause);
  }

  private HttpReply exchange(
      String method, String body, AtomicReference<@Nullable SocketChannel> connection)
      throws IOException {
    try (SocketChannel channel = connect()) {
      connection.set(channel);
      byte[] content = body.getBytes(StandardCharsets.UTF_8);
      String head =
          "POST /"
              + method
              + " HTTP/1.1\r\nHost: plugin\r\nUser-Agent: berth\r\nAccept: "
              + MEDIA_TYPE
              + "\r\nContent-Type: application/json\r\nContent-Length: "
              + content.length
              + "\r\nConnection: close\r\n\r\n";
      OutputStream out = Channels.newOutputStream(channel);
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.write(content);
      out.flush();
      return HttpReply.read(new BufferedInputStream(Channels.newInputStream(channel)));
    }
  }

  private SocketChannel connect() throws Unreachable {
    try {
      return address.connect();
    } catch (IOException e) {
      throw new Unreachable(e);
    }
  }

  private static void close(@Nullable SocketChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // it is given up anyway
    }
  }

  private JsonNode read(String method, HttpReply reply) {
    JsonNode answer = parsed(reply.body());
    String error = answer == null ? "" : error(answer);
    if (reply.status() != OK && error.isEmpty()) {
      String text = reply.body().strip();
      error = text.isEmpty() ? "status " + reply.status() : shortened(text);
    }
    if (!error.isEmpty()) {
      throw EngineException.internal(method + ": " + error, null);
    }
    if (answer == null) {
      throw EngineException.internal(
          method + ": plugin " + plugin + ": the answer is not JSON", null);
    }
    return answer;
  }

  /** Address managers call the field otherwise than all others. */
  private static String error(JsonNode answer) {
    String error = answer.path("Err").asText("");
    return error.isEmpty() ? answer.path("Error").asText("") : error;
  }

  private static String shortened(String text) {
    return text.length() <= ERROR_LIMIT ? text : text.substring(0, ERROR_LIMIT);
  }

  private @Nullable JsonNode parsed(String body) {
    try {
      return json.readTree(body.isBlank() ? "{}" : body);
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
