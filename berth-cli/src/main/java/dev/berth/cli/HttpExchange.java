package dev.berth.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One request and its answer over a connection of its own (RFC 9112). The JDK's client knows
 * neither Unix sockets nor an upgrade to a raw stream, and a larger library would cost more
 * start-up time than the whole command.
 */
final class HttpExchange implements AutoCloseable {
  private static final int MAXIMUM_HEADER_BYTES = 64 * 1024;
  private static final int NO_CONTENT = 204;

  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;
  private int status;
  private Map<String, String> headers = Map.of();

  HttpExchange(SocketChannel channel) {
    this.channel = channel;
    this.in = new BufferedInputStream(Channels.newInputStream(channel), 32 * 1024);
    this.out = Channels.newOutputStream(channel);
  }

  /** Sends the request line and headers; the body, if any, follows through {@link #sendBody}. */
  void sendHead(String method, String path, Map<String, String> fields) throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: berth\r\n");
    head.append("User-Agent: Berth-Client/0.1\r\n");
    fields.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes of a body whose length the head announced. */
  void sendBody(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /** Sends a body of unknown length in chunks. */
  void sendChunked(InputStream body) throws IOException {
    byte[] buffer = new byte[32 * 1024];
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      if (count > 0) {
        out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(buffer, 0, count);
        out.write('\r');
        out.write('\n');
      }
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads the answer up to its body; interim answers are passed over, an upgrade is not one. */
  void readHead() throws IOException {
    do {
      String line = readLine();
      if (!line.startsWith("HTTP/1.1 ") || line.length() < 12) {
        throw new IOException("the engine did not answer in HTTP/1.1: \"" + line + "\"");
      }
      status = Integer.parseInt(line.substring(9, 12));
      Map<String, String> fields = new LinkedHashMap<>();
      for (String field = readLine(); !field.isEmpty(); field = readLine()) {
        int colon = field.indexOf(':');
        if (colon > 0) {
          fields.put(
              field.substring(0, colon).toLowerCase(Locale.ROOT),
              field.substring(colon + 1).strip());
        }
      }
      headers = fields;
    } while (status == 100);
  }

  int status() {
    return status;
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** The body; for an upgraded connection, all that comes. */
  InputStream body() {
    if (status == NO_CONTENT) {
      return InputStream.nullInputStream();
    }
    if (header("transfer-encoding").equalsIgnoreCase("chunked")) {
      return new ChunkedInput(in);
    }
    String length = header("content-length");
    return length.isEmpty() ? in : new BoundedInput(in, Long.parseLong(length));
  }

  /** The raw way to the other side of an upgraded connection. */
  OutputStream raw() {
    return out;
  }

  /** Tells the other side that nothing more will be sent. */
  void endOutput() throws IOException {
    channel.shutdownOutput();
  }

  private String readLine() throws IOException {
    return readLine(in);
  }

  static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(64);
    int c = in.read();
    if (c < 0) {
      throw new IOException("the engine closed the connection");
    }
    for (; c != '\n' && c >= 0; c = in.read()) {
      if (c != '\r') {
        line.write(c);
      }
      if (line.size() > MAXIMUM_HEADER_BYTES) {
        throw new IOException("a header line of the engine's answer is too long");
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException ignored) {
      // The command is over; there is nobody to tell.
    }
  }

  /** A body of known length. */
  private static final class BoundedInput extends InputStream {
    private final InputStream from;
    private long left;

    BoundedInput(InputStream from, long length) {
      this.from = from;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return -1;
      }
      left--;
      return from.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = from.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(count, 0);
      return count;
    }
  }

  /** A body in chunks (RFC 9112 section 7.1). */
  private static final class ChunkedInput extends InputStream {
    private final InputStream from;
    private long left;
    private boolean ended;

    ChunkedInput(InputStream from) {
      this.from = from;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0 && !nextChunk()) {
        return -1;
      }
      int count = from.read(bytes, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new IOException("the engine closed the connection in the middle of an answer");
      }
      left -= count;
      if (left == 0) {
        readLine(from);
      }
      return count;
    }

    private boolean nextChunk() throws IOException {
      if (ended) {
        return false;
      }
      String size = readLine(from);
      int semicolon = size.indexOf(';');
      left = Long.parseLong((semicolon < 0 ? size : size.substring(0, semicolon)).strip(), 16);
      ended = left == 0;
      return !ended;
    }
  }
}
