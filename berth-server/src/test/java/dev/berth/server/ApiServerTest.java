package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.api.IdResponse;
import dev.berth.api.NetworkCreateRequest;
import dev.berth.core.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ApiServerTest {
  private static final String UPGRADE =
      " HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}";

  @TempDir Path directory;
  private Path socket;
  private ApiServer server;
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final AtomicLong uploaded = new AtomicLong();

  @BeforeEach
  void start() {
    socket = directory.resolve("api.sock");
    server =
        new ApiServer(
            new Router(
                List.of(
                    Route.get("/_ping", exchange -> exchange.replyText(200, "OK")),
                    Route.get("/things/{name}/json", this::show),
                    Route.post("/things/create", this::create),
                    Route.post("/upload", this::upload),
                    Route.post("/ignore", exchange -> exchange.reply(204)),
                    Route.get("/stream", this::stream),
                    Route.get("/flood", this::flood),
                    Route.get("/wait", this::waitForEver),
                    Route.post("/echo", this::echo),
                    Route.get("/broken", exchange -> failUnexpectedly()),
                    Route.get("/half", this::failHalfWay),
                    Route.get("/new", exchange -> exchange.reply(204)).from(45))),
            "test");
    server.start(List.of(new Listener.Unix(socket, "")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void show(Exchange exchange) throws IOException {
    exchange.reply(200, new IdResponse(exchange.name() + " " + exchange.version()));
  }

  private void create(Exchange exchange) throws IOException {
    exchange.reply(201, new IdResponse(exchange.json(NetworkCreateRequest.class).name()));
  }

  private void upload(Exchange exchange) throws IOException {
    InputStream body = exchange.body();
    byte[] buffer = new byte[8192];
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      uploaded.addAndGet(count);
    }
    exchange.reply(200, new IdResponse(Long.toString(uploaded.get())));
  }

  private void stream(Exchange exchange) throws IOException {
    OutputStream out = exchange.stream(200, "application/json");
    out.write("{\"a\":1}\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
    out.write("{\"b\":2}\n".getBytes(StandardCharsets.UTF_8));
  }

  private void flood(Exchange exchange) throws IOException {
    OutputStream out = exchange.stream(200, "text/plain");
    byte[] piece = new byte[64 * 1024];
    for (int i = 0; i < 1024; i++) {
      out.write(piece);
      uploaded.addAndGet(piece.length);
    }
  }

  private void waitForEver(Exchange exchange) throws IOException, InterruptedException {
    OutputStream out = exchange.stream(200, "application/json");
    out.flush();
    try (Disconnect.Registration _ = exchange.interruptWhenClientGone()) {
      new CountDownLatch(1).await();
    } finally {
      cancelled.countDown();
    }
  }

  private void echo(Exchange exchange) throws IOException {
    try (RawStream raw = exchange.hijack("application/vnd.docker.multiplexed-stream")) {
      raw.input().transferTo(raw.output());
      raw.output().write("end".getBytes(StandardCharsets.UTF_8));
      raw.output().close();
    }
  }

  private static void failUnexpectedly() {
    throw new IllegalStateException("secret detail");
  }

  private void failHalfWay(Exchange exchange) throws IOException {
    exchange.stream(200, "text/plain").flush();
    throw EngineException.conflict("too late");
  }

  private RawClient client() throws IOException {
    return new RawClient(socket);
  }

  @Test
  void answersWithTheCommonHeaders() throws IOException {
    try (RawClient client = client()) {
      String answer = client.request("GET /_ping").answer();

      assertThat(answer)
          .startsWith("HTTP/1.1 200 OK\r\n")
          .containsIgnoringCase("Api-Version: 1.51\r\n")
          .containsIgnoringCase("Docker-Experimental: false\r\n")
          .containsIgnoringCase("Ostype: linux\r\n")
          .containsIgnoringCase("Server: Berth/test (linux)\r\n")
          .endsWith("\r\n\r\nOK");
    }
  }

  @Test
  void negotiatesTheVersionByPath() throws IOException {
    try (RawClient client = client()) {
      assertThat(client.request("GET /v1.40/things/a/json").answer())
          .endsWith("{\"Id\":\"a 1.40\"}\n");
      assertThat(client.request("GET /things/a/json").answer()).endsWith("{\"Id\":\"a 1.51\"}\n");
      assertThat(client.request("GET /v1.99/_ping").answer())
          .startsWith("HTTP/1.1 400 ")
          .endsWith(
              "{\"message\":\"client version 1.99 is too new. Maximum supported API version is 1.51\"}\n");
      assertThat(client.request("GET /v1.23/_ping").answer())
          .startsWith("HTTP/1.1 400 ")
          .containsIgnoringCase("content-type: text/plain; charset=utf-8\r\n")
          .endsWith(
              "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your"
                  + " client to a newer version\n");
      assertThat(client.request("GET /v2/_ping").answer())
          .endsWith(
              "{\"message\":\"client version 2 is too new. Maximum supported API version is 1.51\"}\n");
      assertThat(client.request("GET /v1.44/new").answer()).startsWith("HTTP/1.1 204 ");
      assertThat(client.request("GET /v1.45/new").answer()).startsWith("HTTP/1.1 204 ");
    }
  }

  @Test
  void refusesUnknownPathsAndMethods() throws IOException {
    try (RawClient client = client()) {
      for (String line :
          List.of(
              "GET /nothing", "DELETE /_ping", "GET /v1.51/nothing", "GET /v1.x/_ping", "GET /")) {
        assertThat(client.request(line).answer())
            .startsWith("HTTP/1.1 404 ")
            .endsWith("{\"message\":\"page not found\"}\n");
      }
    }
  }

  @Test
  void answersToOptionsOfAnyPath() throws IOException {
    try (RawClient client = client()) {
      assertThat(client.request("OPTIONS /v1.30/what/ever").answer())
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("content-length: 0\r\n");
      assertThat(client.request("OPTIONS /v1.23/what/ever").answer()).startsWith("HTTP/1.1 400 ");
      assertThat(client.request("GET /_ping").answer()).endsWith("OK");
    }
  }

  @Test
  void goesOnAfterRefusals() throws IOException {
    try (RawClient client = client()) {
      client.request("HEAD /nothing");
      assertThat(client.head()).startsWith("HTTP/1.1 404 ");
      assertThat(client.post("/things/create", "application/json", "{\"a\":1} x").answer())
          .contains("unexpected content after JSON");
      assertThat(client.post("/things/create", "application/json", "{\"a\":").answer())
          .contains("invalid JSON: unexpected EOF");
      assertThat(client.post("/things/create", "text/plain", "").answer())
          .contains("unsupported Content-Type header (text/plain): must be 'application/json'");
      assertThat(client.post("/things/create", "", "{}").answer())
          .contains("malformed Content-Type header (): mime: no media type");
      assertThat(client.request("GET /_ping").answer()).endsWith("OK");
    }
  }

  @Test
  void takesNamesWithSlashesAndEscapes() throws IOException {
    try (RawClient client = client()) {
      assertThat(client.request("GET /things/a/b%20c:1/json").answer())
          .endsWith("{\"Id\":\"a/b c:1 1.51\"}\n");
      assertThat(client.request("GET /things/a%2Fb+c/json").answer())
          .endsWith("{\"Id\":\"a/b+c 1.51\"}\n");
    }
  }

  @Test
  void readsJsonAndRefusesWhatIsNone() throws IOException {
    try (RawClient client = client()) {
      assertThat(client.post("/things/create", "application/json", "{\"Name\":\"n\"}").answer())
          .startsWith("HTTP/1.1 201 ")
          .endsWith("{\"Id\":\"n\"}\n");
      assertThat(client.post("/things/create", "application/json", "notjson").answer())
          .startsWith("HTTP/1.1 400 ")
          .endsWith(
              "{\"message\":\"invalid JSON: invalid character 'o' in literal null (expecting 'u')\"}\n");
      assertThat(
              client.post("/things/create", "application/json", "{\"Internal\":\"yes\"}").answer())
          .startsWith("HTTP/1.1 400 ")
          .contains(
              "cannot unmarshal string into Go struct field NetworkCreateRequest.Internal of type bool");
      assertThat(client.post("/things/create", "text/plain", "{}").answer())
          .startsWith("HTTP/1.1 400 ")
          .contains("unsupported Content-Type header (text/plain): must be 'application/json'");
    }
  }

  @Test
  void refusesABodyOverTheLimitAndCloses() throws IOException {
    try (RawClient client = client()) {
      String huge = "{\"Name\":\"" + "x".repeat(JsonBody.MAX_BYTES + 2_000_000) + "\"}";
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.post("/things/create", "application/json", huge);
                } catch (IOException closedEarly) {
                  // The server may close before all was sent.
                }
              });
      assertThat(client.answer())
          .startsWith("HTTP/1.1 400 ")
          .contains("the body of the request is larger than 4194304 bytes");
      sender.interrupt();
    }
  }

  @Test
  void answersAClientThatSendsAllBeforeItReadsAndThenCloses() throws IOException {
    try (RawClient client = client()) {
      String huge = "{\"Name\":\"" + "x".repeat(2 * JsonBody.MAX_BYTES) + "\"}";
      client.send(
          "POST /things/create HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Type:"
              + " application/json\r\nContent-Length: "
              + huge.length()
              + "\r\n\r\n");
      client.send(huge);

      assertThat(client.rest()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void keepsAConnectionAndServesPipelinedRequestsInOrder() throws IOException {
    try (RawClient client = client()) {
      client.send(
          "GET /things/1/json HTTP/1.1\r\nHost: t\r\n\r\n"
              + "POST /ignore HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc"
              + "GET /things/2/json HTTP/1.1\r\nHost: t\r\n\r\n");

      assertThat(client.answer()).endsWith("{\"Id\":\"1 1.51\"}\n");
      assertThat(client.answer()).startsWith("HTTP/1.1 204 ");
      assertThat(client.answer()).endsWith("{\"Id\":\"2 1.51\"}\n");
    }
  }

  @Test
  void servesAClientThatHalfClosesAfterItsRequests() throws IOException {
    try (RawClient client = client()) {
      client.send("GET /things/1/json HTTP/1.1\r\n\r\nGET /things/2/json HTTP/1.1\r\n\r\n");
      client.halfClose();

      assertThat(client.rest()).contains("{\"Id\":\"1 1.51\"}").contains("{\"Id\":\"2 1.51\"}");
    }
  }

  @Test
  void closesWhenAsked() throws IOException {
    try (RawClient client = client()) {
      client.send("GET /_ping HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
      assertThat(client.rest()).containsIgnoringCase("connection: close\r\n").endsWith("OK");
    }
    try (RawClient client = client()) {
      client.send("GET /stream HTTP/1.0\r\n\r\n");
      assertThat(client.rest())
          .doesNotContainIgnoringCase("chunked")
          .endsWith("\r\n\r\n{\"a\":1}\n{\"b\":2}\n");
    }
  }

  @Test
  void streamsInChunksAtEachFlush() throws IOException {
    try (RawClient client = client()) {
      assertThat(client.request("GET /stream").head())
          .containsIgnoringCase("transfer-encoding: chunked\r\n");
      assertThat(client.until("0\r\n\r\n"))
          .isEqualTo("8\r\n{\"a\":1}\n\r\n8\r\n{\"b\":2}\n\r\n0\r\n\r\n");
      assertThat(client.request("GET /_ping").answer()).endsWith("OK");
    }
  }

  @Test
  void takesAChunkedUpload() throws IOException {
    try (RawClient client = client()) {
      client.send(
          "POST /upload HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
      assertThat(client.answer()).endsWith("{\"Id\":\"11\"}\n");
    }
  }

  @Test
  void asksForTheBodyOnlyWhenItIsRead() throws IOException {
    String expect = " HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
    try (RawClient client = client()) {
      client.send("POST /upload" + expect);
      assertThat(client.head()).startsWith("HTTP/1.1 100 Continue");
      assertThat(client.send("body").answer()).endsWith("{\"Id\":\"4\"}\n");
    }
    try (RawClient client = client()) {
      client.send("POST /nothing" + expect);
      assertThat(client.rest())
          .startsWith("HTTP/1.1 404 ")
          .containsIgnoringCase("connection: close");
    }
  }

  @Test
  void turnsIntoARawStreamAndHalfClosesBothWays() throws IOException {
    try (RawClient client = client()) {
      client.send("POST /echo" + UPGRADE);
      assertThat(client.head())
          .startsWith("HTTP/1.1 101 UPGRADED\r\n")
          .contains("Content-Type: application/vnd.docker.multiplexed-stream\r\n")
          .contains("Connection: Upgrade\r\nUpgrade: tcp\r\n");
      assertThat(client.send("hello").bytes(5)).isEqualTo("hello");
      client.halfClose();
      assertThat(client.rest()).isEqualTo("end");
    }
  }

  @Test
  void takesRawBytesThatCameWithTheRequest() throws IOException {
    try (RawClient client = client()) {
      client.send("POST /echo" + UPGRADE + "GET / not http\r\n\r\n");
      client.halfClose();
      assertThat(client.head()).startsWith("HTTP/1.1 101 ");
      assertThat(client.rest()).isEqualTo("GET / not http\r\n\r\nend");
    }
  }

  @Test
  void givesTheOldRawStreamToClientsThatDoNotUpgrade() throws IOException {
    try (RawClient client = client()) {
      client.send("POST /echo HTTP/1.1\r\nHost: t\r\n\r\nabc");
      client.halfClose();
      assertThat(client.head())
          .startsWith("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n");
      assertThat(client.rest()).isEqualTo("abcend");
    }
  }

  @Test
  void cancelsAHandlerWhoseClientLeft() throws Exception {
    try (RawClient client = client()) {
      client.request("GET /wait").head();
    }
    assertThat(cancelled.await(90, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void holdsAHandlerBackWhileTheClientDoesNotRead() throws Exception {
    try (RawClient client = client()) {
      client.request("GET /flood").head();
      long before = -1;
      for (long now = uploaded.get(); now != before; now = uploaded.get()) {
        before = now;
        Thread.sleep(200);
      }
      assertThat(before).isLessThan(8L * 1024 * 1024);
      assertThat(client.bytes(64 * 1024 * 1024)).hasSize(64 * 1024 * 1024);
      assertThat(uploaded.get()).isEqualTo(64L * 1024 * 1024);
    }
  }

  @Test
  void tellsNothingOfAnUnexpectedFailure() throws IOException {
    try (RawClient client = client()) {
      assertThat(client.request("GET /broken").answer())
          .startsWith("HTTP/1.1 500 ")
          .contains("{\"message\":")
          .doesNotContain("secret");
    }
  }

  @Test
  void cutsAnAnswerOffThatFailsHalfWay() throws IOException {
    try (RawClient client = client()) {
      assertThat(client.request("GET /half").rest()).doesNotContain("0\r\n\r\n");
    }
  }

  @Test
  void refusesWhatIsNoHttp() throws IOException {
    try (RawClient client = client()) {
      assertThat(client.send("\u0001\u0002 nonsense\r\n\r\n").rest()).startsWith("HTTP/1.1 400 ");
    }
    try (RawClient client = client()) {
      client.send("GET /_ping HTTP/1.1\r\nX: " + "y".repeat(300_000) + "\r\n\r\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 431 ");
    }
    try (RawClient client = client()) {
      client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 ").doesNotContain(" 200 ");
    }
    try (RawClient client = client()) {
      client.send(
          "POST /upload HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello");
      assertThat(client.rest()).doesNotContain(" 200 ");
    }
  }

  @Test
  void protectsItsSocketAndRemovesItAtTheEnd() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
    server.close();
    assertThat(socket).doesNotExist();
  }

  @Test
  void replacesADeadSocketButNotALiveOne() throws IOException {
    try (ApiServer second = new ApiServer(new Router(List.of()), "test")) {
      assertThatThrownBy(() -> second.start(List.of(new Listener.Unix(socket, ""))))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("another process serves it");
    }
    assertThat(socket).exists();
    Path dead = directory.resolve("dead.sock");
    try (var leftOver =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      leftOver.bind(java.net.UnixDomainSocketAddress.of(dead));
    }
    try (ApiServer third = new ApiServer(new Router(List.of()), "test")) {
      third.start(List.of(new Listener.Unix(dead, "")));
      try (RawClient client = new RawClient(dead)) {
        assertThat(client.request("GET /_ping").answer()).startsWith("HTTP/1.1 404 ");
      }
    }
  }
}
