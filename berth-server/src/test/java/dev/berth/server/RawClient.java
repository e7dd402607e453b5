package dev.berth.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Speaks bytes to a unix socket, so that tests see exactly what is on the wire. */
final class RawClient implements AutoCloseable {
  private final SocketChannel channel;

  RawClient(Path socket) throws IOException {
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  RawClient send(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    return this;
  }

  /** A request without a body. */
  RawClient request(String line) throws IOException {
    return send(line + " HTTP/1.1\r\nHost: test\r\n\r\n");
  }

  RawClient post(String path, String contentType, String body) throws IOException {
    return send(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: test\r\nContent-Type: "
            + contentType
            + "\r\nContent-Length: "
            + body.getBytes(StandardCharsets.UTF_8).length
            + "\r\n\r\n"
            + body);
  }

  void halfClose() throws IOException {
    channel.shutdownOutput();
  }

  /** The head of the next answer, with its empty line. */
  String head() throws IOException {
    return until("\r\n\r\n");
  }

  /** Everything up to and with the text; less when the server ends before. */
  String until(String end) throws IOException {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (!seen.toString(StandardCharsets.UTF_8).endsWith(end) && channel.read(one.clear()) > 0) {
      seen.write(one.get(0));
    }
    return seen.toString(StandardCharsets.UTF_8);
  }

  /** So many bytes. */
  String bytes(int count) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(count);
    while (all.hasRemaining() && channel.read(all) >= 0) {}
    return new String(all.array(), 0, all.position(), StandardCharsets.UTF_8);
  }

  /** So many bytes as numbers from 0 to 255; fewer when the server ends before. */
  List<Integer> octets(int count) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(count);
    while (all.hasRemaining() && channel.read(all) >= 0) {}
    List<Integer> octets = new ArrayList<>();
    for (int i = 0; i < all.position(); i++) {
      octets.add(all.get(i) & 0xff);
    }
    return octets;
  }

  /** The whole answer with a Content-Length: its head and its body. */
  String answer() throws IOException {
    String head = head();
    int at = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
    if (at < 0) {
      return head;
    }
    int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
    return head + bytes(length);
  }

  /** Everything until the server closes its side. */
  String rest() throws IOException {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(8192);
    while (channel.read(buffer.clear()) >= 0) {
      seen.write(buffer.array(), 0, buffer.position());
    }
    return seen.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
