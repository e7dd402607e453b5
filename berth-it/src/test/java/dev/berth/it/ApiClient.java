package dev.berth.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A plain HTTP/1.1 client over the engine's socket, for what the Docker client cannot be made to
 * send.
 */
final class ApiClient {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path socket;

  ApiClient(Path socket) {
    this.socket = socket;
  }

  /** An answer, read to its end. */
  record Answer(int status, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException malformed) {
        throw new AssertionError("not JSON: " + text(), malformed);
      }
    }

    /** The text of an error answer. */
    String message() {
      return json().path("message").asText();
    }
  }

  static boolean answers(Path socket) {
    try {
      return new ApiClient(socket).call("GET", "/_ping").status() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  Answer get(String path) {
    return call("GET", path);
  }

  Answer delete(String path) {
    return call("DELETE", path);
  }

  Answer call(String method, String path) {
    return call(method, path, Map.of(), new byte[0]);
  }

  Answer post(String path, String json) {
    return call(
        "POST",
        path,
        Map.of("Content-Type", "application/json"),
        json.getBytes(StandardCharsets.UTF_8));
  }

  Answer call(String method, String path, Map<String, String> headers, byte[] body) {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: docker\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body.length > 0 || !method.equals("GET")) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    head.append("Connection: close\r\n\r\n");
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      write(channel, head.toString().getBytes(StandardCharsets.ISO_8859_1));
      try {
        write(channel, body);
      } catch (IOException refusedEarly) {
        // The engine need not read a body that it refuses; its answer says why.
      }
      return read(Channels.newInputStream(channel), method.equals("HEAD"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static Answer read(InputStream in, boolean headOnly) throws IOException {
    String statusLine = readLine(in);
    if (!statusLine.startsWith("HTTP/1.1 ")) {
      throw new IOException("no HTTP answer: " + statusLine);
    }
    int status = Integer.parseInt(statusLine.substring(9, 12));
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Answer(status, headers, headOnly ? new byte[0] : readBody(in, headers));
  }

  private static byte[] readBody(InputStream in, Map<String, String> headers) throws IOException {
    if (!"chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      String length = headers.get("content-length");
      return length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String length = readLine(in).strip();
      if (length.isEmpty()) {
        throw new EOFException("the answer was broken off after " + body.size() + " bytes");
      }
      int size = Integer.parseInt(length, 16);
      body.write(in.readNBytes(size));
      readLine(in);
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
