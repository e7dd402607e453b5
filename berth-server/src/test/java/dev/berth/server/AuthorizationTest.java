package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.api.IdResponse;
import dev.berth.api.NetworkCreateRequest;
import dev.berth.core.EngineException;
import dev.berth.plugin.PluginDirectory;
import dev.berth.plugin.PluginPatience;
import dev.berth.plugin.Plugins;
import dev.berth.testing.PluginServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What plugins see of a request and its answer, and that nothing passes without their word. */
@Timeout(60)
class AuthorizationTest {
  private static final String ALLOW = "{\"Allow\":true}";

  @TempDir Path folder;
  private PluginServer first;
  private PluginServer second;
  private ApiServer server;
  private Authorization authorization;
  private Path socket;
  private final AtomicInteger served = new AtomicInteger();
  private volatile String verdict = ALLOW;
  private volatile String answerVerdict = ALLOW;

  @BeforeEach
  void start() throws IOException {
    first = PluginServer.start(folder.resolve("first.sock"), this::answer);
    second = PluginServer.start(folder.resolve("second.sock"), AuthorizationTest::allow);
    Duration seconds = Duration.ofSeconds(3);
    authorization =
        new Authorization(
            new Plugins(
                new PluginDirectory(List.of(folder), List.of()),
                new PluginPatience(seconds, seconds, Duration.ofMillis(200))),
            Duration.ofSeconds(1));
    authorization.use(List.of("first", "second", "first"));
    socket = folder.resolve("api.sock");
    server =
        new ApiServer(
            new Router(
                List.of(
                    Route.get("/_ping", exchange -> exchange.replyText(200, "OK")),
                    Route.post("/things/create", this::create),
                    Route.post("/auth", this::create),
                    Route.post("/upload", AuthorizationTest::upload),
                    Route.get("/stream", AuthorizationTest::stream),
                    Route.get("/missing", AuthorizationTest::missing),
                    Route.post("/echo", AuthorizationTest::echo))),
            "test",
            authorization);
    server.start(List.of(new Listener.Unix(socket, Listener.SocketGroup.NONE)));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    first.close();
    second.close();
  }

  private static String allow(String method, String request) {
    return method.equals("Plugin.Activate") ? "{\"Implements\":[\"authz\"]}" : ALLOW;
  }

  private String answer(String method, String request) {
    return switch (method) {
      case "AuthZPlugin.AuthZReq" -> verdict;
      case "AuthZPlugin.AuthZRes" -> answerVerdict;
      default -> allow(method, request);
    };
  }

  private void create(Exchange exchange) throws IOException {
    NetworkCreateRequest request = exchange.json(NetworkCreateRequest.class);
    served.incrementAndGet();
    exchange.reply(201, new IdResponse(request.name()));
  }

  private static void upload(Exchange exchange) throws IOException {
    exchange.replyText(200, Integer.toString(exchange.body().readAllBytes().length));
  }

  private static void stream(Exchange exchange) throws IOException {
    exchange.stream(200, "application/json").write("{}".getBytes(StandardCharsets.UTF_8));
  }

  private static void missing(Exchange exchange) {
    throw EngineException.notFound("No such thing: x");
  }

  private static void echo(Exchange exchange) throws IOException {
    try (RawStream raw = exchange.hijack("application/vnd.docker.raw-stream")) {
      raw.input().transferTo(raw.output());
    }
  }

  private String send(String head, String body) throws IOException {
    try (RawClient client = new RawClient(socket)) {
      return client.send(head + "\r\nConnection: close\r\n\r\n" + body).rest();
    }
  }

  private String post(String path, String json) throws IOException {
    return send(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length(),
        json);
  }

  private static JsonNode seen(PluginServer plugin, String method) throws IOException {
    String request =
        plugin.calls().stream()
            .filter(call -> call.method().equals("AuthZPlugin." + method))
            .findFirst()
            .orElseThrow()
            .request();
    return Json.MAPPER.readTree(request);
  }

  private static String text(JsonNode request, String field) throws IOException {
    return new String(request.path(field).binaryValue(), StandardCharsets.UTF_8);
  }

  @Test
  void eachPluginSeesTheRequestAndTheAnswer() throws IOException {
    String answer =
        send(
            "POST /v1.41/things/%63reate?x=%31 HTTP/1.1\r\nHost: t\r\nuser-agent: me\r\n"
                + "X-Registry-Auth: secret\r\ncontent-type: application/json; charset=utf-8\r\n"
                + "Content-Length: 12",
            "{\"Name\":\"n\"}");
    assertThat(answer).startsWith("HTTP/1.1 201").contains("{\"Id\":\"n\"}");
    for (PluginServer plugin : List.of(first, second)) {
      assertThat(plugin.methods())
          .containsExactly("Plugin.Activate", "AuthZPlugin.AuthZReq", "AuthZPlugin.AuthZRes");
      JsonNode request = seen(plugin, "AuthZReq");
      assertThat(request.path("RequestMethod").asText()).isEqualTo("POST");
      assertThat(request.path("RequestUri").asText()).isEqualTo("/v1.41/things/create?x=%31");
      assertThat(text(request, "RequestBody"))
          .isEqualTo("{\"Name\":\"n\"}");
      JsonNode headers = request.path("RequestHeaders");
      assertThat(headers.path("User-Agent").asText()).isEqualTo("me");
      assertThat(headers.has("X-Registry-Auth")).isFalse();
      assertThat(request.has("User")).isFalse();
      JsonNode result = seen(plugin, "AuthZRes");
      assertThat(result.path("ResponseStatusCode").asInt()).isEqualTo(201);
      assertThat(text(result, "ResponseBody"))
          .contains("{\"Id\":\"n\"}");
      assertThat(result.path("ResponseHeaders").path("Content-Type").asText())
          .isEqualTo("application/json");
    }
  }

  @Test
  void aDenialIsAnsweredInsteadAndTheHandlerIsNotReached() throws IOException {
    verdict = "{\"Allow\":false,\"Msg\":\"not today\"}";
    assertThat(post("/things/create", "{}"))
        .startsWith("HTTP/1.1 403")
        .contains("{\"message\":\"authorization denied by plugin first: not today\"}");
    assertThat(served).hasValue(0);
    assertThat(second.methods()).doesNotContain("AuthZPlugin.AuthZReq");
    assertThat(first.methods()).doesNotContain("AuthZPlugin.AuthZRes");
  }

  @Test
  void aDeniedAnswerIsKeptBack() throws IOException {
    answerVerdict = "{\"Allow\":false,\"Msg\":\"too much\"}";
    for (String path : List.of("/_ping", "/stream", "/missing")) {
      assertThat(send("GET " + path + " HTTP/1.1\r\nHost: t", ""))
          .startsWith("HTTP/1.1 403")
          .contains("authorization denied by plugin first: too much");
    }
    assertThat(
            send(
                "POST /echo HTTP/1.1\r\nHost: t\r\nUpgrade: tcp\r\nContent-Length: 0", ""))
        .startsWith("HTTP/1.1 403");
  }

  @Test
  void whateverKeepsAPluginFromAnsweringDenies() throws IOException {
    verdict = "{\"Err\":\"database down\"}";
    assertThat(post("/things/create", "{}"))
        .startsWith("HTTP/1.1 500")
        .contains("plugin first failed with error: AuthZPlugin.AuthZReq: database down");
    verdict = "nonsense";
    assertThat(post("/things/create", "{}")).startsWith("HTTP/1.1 500");
    verdict = "{}";
    assertThat(post("/things/create", "{}")).startsWith("HTTP/1.1 403");
    verdict = ALLOW;
    second.hang("AuthZPlugin.AuthZReq");
    assertThat(post("/things/create", "{}"))
        .startsWith("HTTP/1.1 500")
        .contains("plugin second failed with error:")
        .contains("no answer within 1 seconds");
    second.close();
    assertThat(post("/things/create", "{}"))
        .startsWith("HTTP/1.1 500")
        .contains("plugin second failed with error: plugin \\\"second\\\" not found");
    assertThat(served).hasValue(0);
  }

  @Test
  void seesAChunkedBodyAsTheHandlerDoes() throws IOException {
    String answer =
        send(
            "POST /things/create HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked",
            "8\r\n{\"Name\":\r\n4\r\n\"n\"}\r\n0\r\n\r\n");
    assertThat(answer).contains("{\"Id\":\"n\"}");
    assertThat(text(seen(first, "AuthZReq"), "RequestBody"))
        .isEqualTo("{\"Name\":\"n\"}");
  }

  @Test
  void aBodyTooLargeToBeShownIsRefused() throws IOException {
    String huge = "{\"Name\":\"" + "x".repeat(4 * 1024 * 1024) + "\"}";
    assertThat(post("/things/create", huge))
        .startsWith("HTTP/1.1 500")
        .contains(
            "request body too large for authorization plugin: size exceeds 4194304 bytes");
    assertThat(served).hasValue(0);
    assertThat(first.methods()).doesNotContain("AuthZPlugin.AuthZReq");
  }

  /** What a handler would not read as JSON is not shown, and what is not shown is not read so. */
  @Test
  void aBodyOfAnotherTypeIsNotReadAsJson() throws IOException {
    assertThat(
            send(
                "POST /things/create HTTP/1.1\r\nHost: t\r\nContent-Type: text/plain\r\n"
                    + "Content-Length: 12",
                "{\"Name\":\"n\"}"))
        .startsWith("HTTP/1.1 400");
    assertThat(seen(first, "AuthZReq").has("RequestBody")).isFalse();
    assertThat(served).hasValue(0);
  }

  /** Two types: the one that the handler obeys decides, for the plugin as well. */
  @Test
  void theFirstOfTwoHeadersCountsForBoth() throws IOException {
    String answer =
        send(
            "POST /things/create HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
                + "Content-Type: text/plain\r\nContent-Length: 12",
            "{\"Name\":\"n\"}");
    assertThat(answer).startsWith("HTTP/1.1 201");
    JsonNode request = seen(first, "AuthZReq");
    assertThat(request.has("RequestBody")).isTrue();
    assertThat(request.path("RequestHeaders").path("Content-Type").asText())
        .isEqualTo("application/json");
  }

  @Test
  void credentialsAreNotShown() throws IOException {
    assertThat(post("/v1.44/auth", "{\"Name\":\"n\"}")).startsWith("HTTP/1.1 201");
    assertThat(seen(first, "AuthZReq").has("RequestBody")).isFalse();
    assertThat(seen(first, "AuthZRes").has("ResponseBody")).isFalse();
  }

  @Test
  void archivesPassUnseenAndWhole() throws IOException {
    String body = "x".repeat(6_000_000);
    assertThat(
            send(
                "POST /upload HTTP/1.1\r\nHost: t\r\nContent-Type: application/x-tar\r\n"
                    + "Content-Length: "
                    + body.length(),
                body))
        .endsWith("6000000");
    assertThat(seen(first, "AuthZReq").has("RequestBody")).isFalse();
  }

  @Test
  void aTakenOverConnectionWasAllowedBefore() throws IOException {
    try (RawClient client = new RawClient(socket)) {
      client.send(
          "POST /echo HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
              + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}raw bytes");
      client.halfClose();
      assertThat(client.rest())
          .startsWith("HTTP/1.1 101")
          .endsWith("\r\n\r\nraw bytes");
    }
    assertThat(text(seen(first, "AuthZReq"), "RequestBody"))
        .isEqualTo("{}");
    assertThat(seen(first, "AuthZRes").path("ResponseStatusCode").asInt()).isEqualTo(101);
  }

  @Test
  void refusesPluginsThatAreNone() throws IOException {
    assertThatThrownBy(() -> authorization.use(List.of("absent")))
        .hasMessage("failed to validate authorization plugin: plugin \"absent\" not found");
    try (PluginServer other =
        PluginServer.start(
            folder.resolve("other.sock"),
            (method, request) -> "{\"Implements\":[\"VolumeDriver\"]}")) {
      assertThatThrownBy(() -> authorization.use(List.of("other")))
          .hasMessage(
              "failed to validate authorization plugin: plugin \"other\" does not implement authz");
      assertThat(other.methods()).containsExactly("Plugin.Activate");
    }
    assertThat(authorization.names()).containsExactly("first", "second");
  }

  @Test
  void asksOneThatWasSwitchedOffNoMore() throws IOException {
    authorization.forget("first");
    authorization.forget("second:latest");
    assertThat(authorization.names()).isEmpty();
    assertThat(post("/things/create", "{}")).startsWith("HTTP/1.1 201");
    assertThat(first.methods()).doesNotContain("AuthZPlugin.AuthZReq");
  }
}
