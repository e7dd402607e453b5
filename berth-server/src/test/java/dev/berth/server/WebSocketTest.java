package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wire of a websocket, byte by byte. Source: RFC 6455. */
class WebSocketTest {
  private static final int TEXT = 0x81;
  private static final int BINARY = 0x82;
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;
  private static final int PONG = 0x8a;
  private static final byte[] NORMAL = {0x03, (byte) 0xe8};

  @TempDir Path directory;
  private Path socket;
  private ApiServer server;

  @BeforeEach
  void start() {
    socket = directory.resolve("api.sock");
    server = new ApiServer(new Router(List.of(Route.get("/echo", WebSocketTest::echo))), "test");
    server.start(List.of(new Listener.Unix(socket, "")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Sends back what comes, until the client leaves or says bye. */
  private static void echo(Exchange exchange) throws IOException {
    WebSocketHandshake handshake = WebSocketHandshake.of(exchange);
    try (RawStream raw = exchange.hijack(handshake, exchange.version().atLeast(28))) {
      byte[] buffer = new byte[1024];
      for (int count = raw.input().read(buffer); count >= 0; count = raw.input().read(buffer)) {
        if (new String(buffer, 0, count, StandardCharsets.UTF_8).equals("bye")) {
          break;
        }
        raw.output().write(buffer, 0, count);
      }
      raw.output().close();
    }
  }

  private RawClient open(String path, String headers) throws IOException {
    return new RawClient(socket)
        .send(
            "GET "
                + path
                + " HTTP/1.1\r\nHost: t\r\nUpgrade: websocket\r\n"
                + "Connection: keep-alive, Upgrade\r\n"
                + headers
                + "\r\n");
  }

  private static String key(String version) {
    return "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: "
        + version
        + "\r\n";
  }

  /** As clients must, masked. */
  private static byte[] frame(int kind, byte[] payload) {
    byte[] mask = {1, 2, 3, 4};
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(kind);
    frame.write(0x80 | payload.length);
    frame.writeBytes(mask);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ mask[i % mask.length]);
    }
    return frame.toByteArray();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void carriesBytesBothWays() throws IOException {
    try (RawClient client = open("/echo", key("13"))) {
      assertThat(client.head())
          .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
          .contains("Upgrade: websocket\r\nConnection: Upgrade\r\n")
          .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
          .doesNotContain("Sec-WebSocket-Protocol");
      client.send(frame(BINARY, text("hi")));
      assertThat(client.octets(4)).containsExactly(BINARY, 2, (int) 'h', (int) 'i');
      client.send(frame(TEXT, text("yo")));
      assertThat(client.octets(4)).containsExactly(BINARY, 2, (int) 'y', (int) 'o');
      client.send(frame(PING, text("?")));
      assertThat(client.octets(3)).containsExactly(PONG, 1, (int) '?');
    }
  }

  @Test
  void sendsTextToOldClients() throws IOException {
    try (RawClient client = open("/v1.27/echo", key("13"))) {
      client.head();
      client.send(frame(BINARY, text("hi")));
      assertThat(client.octets(4)).containsExactly(TEXT, 2, (int) 'h', (int) 'i');
    }
  }

  @Test
  void confirmsThatTheClientCloses() throws IOException {
    try (RawClient client = open("/echo", key("13"))) {
      client.head();
      client.send(frame(CLOSE, NORMAL));
      assertThat(client.octets(5)).containsExactly(CLOSE, 2, 0x03, 0xe8);
    }
  }

  @Test
  void closesByItselfAndWaitsForNobodyLong() throws IOException {
    try (RawClient client = open("/echo", key("13"))) {
      client.head();
      client.send(frame(BINARY, text("bye")));
      assertThat(client.octets(5)).containsExactly(CLOSE, 2, 0x03, 0xe8);
    }
  }

  @Test
  void takesMessagesInPieces() throws IOException {
    try (RawClient client = open("/echo", key("13"))) {
      client.head();
      client.send(frame(0x02, text("a")));
      client.send(frame(0x80, text("b")));
      assertThat(client.octets(6)).containsExactly(BINARY, 1, (int) 'a', BINARY, 1, (int) 'b');
    }
  }

  @Test
  void endsAConnectionThatBreaksTheRules() throws IOException {
    try (RawClient client = open("/echo", key("13"))) {
      client.head();
      client.send(new byte[] {(byte) BINARY, 1, 'x'});
      assertThat(client.octets(1)).containsExactly(CLOSE);
    }
  }

  @Test
  void takesTheOneProtocolThatIsOffered() throws IOException {
    try (RawClient client = open("/echo", key("13") + "Sec-WebSocket-Protocol: tty\r\n")) {
      assertThat(client.head()).contains("Sec-WebSocket-Protocol: tty\r\n");
    }
  }

  @Test
  void refusesWhatAsksForNoWebSocket() throws IOException {
    try (RawClient client = new RawClient(socket)) {
      assertThat(client.request("GET /echo").answer())
          .startsWith("HTTP/1.1 400 ")
          .contains("the request asks for no websocket");
    }
    try (RawClient client = open("/echo", key("8"))) {
      assertThat(client.answer())
          .startsWith("HTTP/1.1 400 ")
          .containsIgnoringCase("sec-websocket-version: 13\r\n")
          .contains("unsupported websocket version");
    }
    try (RawClient client = open("/echo", "Sec-WebSocket-Version: 13\r\n")) {
      assertThat(client.answer()).contains("malformed Sec-WebSocket-Key header ()");
    }
  }
}
