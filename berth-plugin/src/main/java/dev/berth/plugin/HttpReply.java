package dev.berth.plugin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One answer of an HTTP/1.1 server that closes the connection afterwards.
 *
 * @param status the status code
 * @param body the whole body
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a>
 */
record HttpReply(int status, String body) {
  private static final int LINE_LIMIT = 8 * 1024;
  private static final int HEADERS_LIMIT = 100;
  private static final int BODY_LIMIT = 16 * 1024 * 1024;

  static HttpReply read(InputStream in) throws IOException {
    int status = status(line(in));
    Map<String, String> headers = headers(in);
    byte[] body;
    if (headers.getOrDefault("transfer-encoding", "").toLowerCase(Locale.ROOT).equals("chunked")) {
      body = chunks(in);
    } else if (headers.containsKey("content-length")) {
      body = exactly(in, number(headers.getOrDefault("content-length", ""), 10));
    } else {
      body = in.readNBytes(BODY_LIMIT);
    }
    return new HttpReply(status, new String(body, StandardCharsets.UTF_8));
  }

  private static int status(String line) throws IOException {
    String[] parts = line.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.")) {
      throw new IOException("not an HTTP answer");
    }
    return number(parts[1], 10);
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    for (int count = 0; count <= HEADERS_LIMIT; count++) {
      String line = line(in);
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    throw new IOException("too many headers");
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = number(line(in).split(";", 2)[0].strip(), 16);
      if (size == 0) {
        return body.toByteArray();
      }
      if (body.size() + size > BODY_LIMIT) {
        throw new IOException("answer too long");
      }
      body.write(exactly(in, size));
      line(in);
    }
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    if (length > BODY_LIMIT) {
      throw new IOException("answer too long");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("unexpected EOF");
    }
    return bytes;
  }

  private static int number(String text, int radix) throws IOException {
    try {
      int number = Integer.parseInt(text, radix);
      if (number < 0) {
        throw new IOException("not an HTTP answer: " + text);
      }
      return number;
    } catch (NumberFormatException e) {
      throw new IOException("not an HTTP answer: " + text, e);
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < LINE_LIMIT) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("unexpected EOF");
      }
      if (next == '\n') {
        return line.toString().stripTrailing();
      }
      line.append((char) next);
    }
    throw new IOException("line too long");
  }
}
