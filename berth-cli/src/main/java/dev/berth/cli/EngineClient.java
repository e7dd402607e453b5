package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the commands ask of the engine: the Engine API and nothing else. */
final class EngineClient {
  /** The version of the API that the commands speak. */
  static final String API_VERSION = "1.51";

  private static final String VERSION = "/v" + API_VERSION;

  private final EngineAddress address;

  EngineClient(EngineAddress address) {
    this.address = address;
  }

  /** A connection on which nothing was said yet. */
  SocketChannel dial() {
    return address.connect();
  }

  JsonNode get(String path, Query query) {
    return json("GET", path + query, null);
  }

  JsonNode get(String path) {
    return get(path, Query.none());
  }

  JsonNode post(String path, Query query, @Nullable JsonNode body) {
    return json("POST", path + query, body);
  }

  JsonNode post(String path) {
    return post(path, Query.none(), null);
  }

  JsonNode delete(String path, Query query) {
    return json("DELETE", path + query, null);
  }

  /**
   * Sends a request and reads its answer as one JSON document; null JSON where there is no body.
   */
  private JsonNode json(String method, String path, @Nullable JsonNode body) {
    try (HttpExchange exchange = open(method, path, body, Map.of())) {
      byte[] bytes = exchange.body().readAllBytes();
      return bytes.length == 0 ? Json.MAPPER.nullNode() : Json.MAPPER.readTree(bytes);
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  /** Sends a request whose answer goes on; the caller closes it. */
  HttpExchange open(
      String method, String path, @Nullable JsonNode body, Map<String, String> headers) {
    byte[] bytes = body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
    Map<String, String> fields = new LinkedHashMap<>(headers);
    if (body != null) {
      fields.put("Content-Type", "application/json");
    }
    if (!method.equals("GET") || bytes.length > 0) {
      fields.put("Content-Length", Integer.toString(bytes.length));
    }
    HttpExchange exchange = new HttpExchange(address.connect());
    try {
      exchange.sendHead(method, VERSION + path, fields);
      exchange.sendBody(bytes);
      return answered(exchange);
    } catch (IOException failure) {
      exchange.close();
      throw broken(failure);
    }
  }

  /** Sends a stream as the body, as for an archive. */
  HttpExchange upload(String path, InputStream body) {
    return upload("POST", path, body, Map.of());
  }

  /** Sends a stream as the body of a request with further headers. */
  HttpExchange upload(
      String method, String path, InputStream body, Map<String, String> headers) {
    HttpExchange exchange = new HttpExchange(address.connect());
    Map<String, String> fields = new LinkedHashMap<>(headers);
    fields.put("Content-Type", "application/x-tar");
    fields.put("Transfer-Encoding", "chunked");
    try {
      exchange.sendHead(method, VERSION + path, fields);
      try {
        exchange.sendChunked(body);
      } catch (IOException refusedEarly) {
        // The engine may answer before it has read everything; its answer says why.
      }
      return answered(exchange);
    } catch (IOException failure) {
      exchange.close();
      throw broken(failure);
    }
  }

  /** Turns the connection into a two-way stream, as attach and exec do. */
  HttpExchange hijack(String path, @Nullable JsonNode body) {
    return open("POST", path, body, Map.of("Connection", "Upgrade", "Upgrade", "tcp"));
  }

  private static HttpExchange answered(HttpExchange exchange) throws IOException {
    exchange.readHead();
    if (exchange.status() >= 400 || exchange.status() == 304) {
      try (exchange) {
        byte[] bytes = exchange.status() == 304 ? new byte[0] : exchange.body().readAllBytes();
        throw new ApiException(exchange.status(), messageOf(bytes));
      }
    }
    return exchange;
  }

  private static String messageOf(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    try {
      return text.startsWith("{") ? Json.MAPPER.readTree(text).path("message").asText(text) : text;
    } catch (IOException notJson) {
      return text;
    }
  }

  private CliException broken(IOException failure) {
    return new CliException(
        1, "the connection to the engine at " + address.text() + " broke: " + failure.getMessage());
  }
}
