package dev.berth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpExchangeTest {
  @TempDir Path folder;

  /** What the client makes of an answer that a server sends as it is. */
  private String bodyOf(String answer) throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      SocketChannel client = SocketChannel.open(address);
      try (HttpExchange exchange = new HttpExchange(client);
          SocketChannel accepted = server.accept()) {
        accepted.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1)));
        accepted.shutdownOutput();
        exchange.sendHead("GET", "/", Map.of());
        exchange.readHead();
        return new String(exchange.body().readAllBytes(), StandardCharsets.ISO_8859_1);
      }
    }
  }

  @Test
  void readsABodyOfKnownLength() throws IOException {
    assertThat(bodyOf("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef")).isEqualTo("abc");
  }

  @Test
  void readsChunksBehindAnInterimAnswer() throws IOException {
    assertThat(
            bodyOf(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"))
        .isEqualTo("abcde");
  }

  @Test
  void waitsForNoBodyWhereThereIsNone() throws IOException {
    assertThat(bodyOf("HTTP/1.1 204 No Content\r\n\r\nof the next answer")).isEmpty();
  }

  @Test
  void readsARawStreamToItsEnd() throws IOException {
    assertThat(bodyOf("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\n\r\nanything"))
        .isEqualTo("anything");
  }
}
