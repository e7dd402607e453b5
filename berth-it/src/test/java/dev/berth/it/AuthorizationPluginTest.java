package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.testing.PluginServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An authorization plugin between the real client and the engine. */
@Tag("blackbox")
class AuthorizationPluginTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HOST = "tcp://127.0.0.1:23761";

  private static EngineUnderTest engine;
  private static PluginServer plugin;
  private static Path configuration;
  private static Certificates certificates;
  private static String[] flags;

  private static volatile String denied = "nothing";

  @BeforeAll
  static void start() throws IOException {
    engine = EngineUnderTest.prepare();
    Path sockets = Files.createDirectories(engine.folder().resolve("plugins"));
    engine
        .onHost(
            "sh",
            "-c",
            "mount -t tmpfs tmpfs /run && mkdir -p /run/docker/plugins && mount --bind "
                + sockets
                + " /run/docker/plugins")
        .run()
        .ok();
    plugin = PluginServer.start(sockets.resolve("keeper.sock"), AuthorizationPluginTest::answer);
    certificates = Certificates.in(engine.folder().resolve("certificates"));
    certificates.signed("client", "alice", "ca", "clientAuth");
    configuration = engine.folder().resolve("daemon.json");
    Files.writeString(configuration, "{\"authorization-plugins\": [\"keeper\"]}");
    List<String> all =
        new ArrayList<>(List.of("--config-file", configuration.toString(), "--host", HOST));
    all.addAll(Arrays.asList(certificates.serverFlags()));
    flags = all.toArray(String[]::new);
    engine.useFlags(flags);
    engine.startEngine();
    engine.withBusybox();
  }

  @AfterAll
  static void stop() throws IOException {
    denied = "nothing";
    engine.close();
    plugin.close();
  }

  @BeforeEach
  void allowAll() {
    denied = "nothing";
  }

  /** Denies what names the forbidden word, in its address or its body. */
  private static String answer(String method, String request) {
    if (method.equals("Plugin.Activate")) {
      return "{\"Implements\":[\"authz\"]}";
    }
    JsonNode asked = read(request);
    boolean refuse =
        method.equals("AuthZPlugin.AuthZReq")
            && (asked.path("RequestUri").asText() + body(asked)).contains(denied);
    return refuse ? "{\"Allow\":false,\"Msg\":\"no " + denied + "\"}" : "{\"Allow\":true}";
  }

  private static JsonNode read(String request) {
    try {
      return JSON.readTree(request);
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  private static String body(JsonNode request) {
    try {
      byte[] bytes = request.path("RequestBody").binaryValue();
      return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  @Test
  void letsPassWhatItAllows() {
    assertThat(
            engine
                .docker("run", "--rm", "-i", "--network", "none", "busybox", "cat")
                .input("allowed")
                .run()
                .ok()
                .line())
        .isEqualTo("allowed");
    assertThat(
            engine.docker("info", "--format", "{{json .Plugins.Authorization}}").run().ok().line())
        .isEqualTo("[\"keeper\"]");
  }

  @Test
  void deniesInDockersWordsAndBeforeAnythingHappens() {
    denied = "\"Privileged\":true";
    Command.Result result =
        engine.docker("run", "--privileged", "--name", "kept", "busybox", "true").run();
    assertThat(result.exitCode()).isEqualTo(125);
    assertThat(result.errors())
        .contains("Error response from daemon: authorization denied by plugin keeper: no ");
    assertThat(engine.docker("ps", "-aq", "--filter", "name=kept").run().ok().line()).isEmpty();
    engine.docker("run", "--rm", "--network", "none", "busybox", "true").run().ok();
  }

  @Test
  void seesWhoAsks() throws IOException {
    engine
        .onHost(
            "docker",
            "--host",
            HOST,
            "--tlsverify",
            "--tlscacert",
            certificates.file("ca.pem").toString(),
            "--tlscert",
            certificates.file("client.pem").toString(),
            "--tlskey",
            certificates.file("client-key.pem").toString(),
            "volume",
            "ls")
        .run()
        .ok();
    JsonNode asked =
        plugin.calls().stream()
            .filter(call -> call.method().equals("AuthZPlugin.AuthZReq"))
            .map(call -> read(call.request()))
            .filter(request -> request.path("RequestUri").asText().endsWith("/volumes"))
            .filter(request -> request.has("User"))
            .findFirst()
            .orElseThrow();
    assertThat(asked.path("User").asText()).isEqualTo("alice");
    assertThat(asked.path("UserAuthNMethod").asText()).isEqualTo("TLS");
    String shown =
        new String(
            asked.path("RequestPeerCertificates").path(0).binaryValue(), StandardCharsets.UTF_8);
    assertThat(shown.strip())
        .isEqualTo(pemOf(Files.readString(certificates.file("client.pem"))).strip());
  }

  private static String pemOf(String text) {
    return text.substring(text.indexOf("-----BEGIN"));
  }

  @Test
  void aReloadChangesWhoIsAskedAndABadOneChangesNothing() throws IOException {
    try {
      reload("{\"authorization-plugins\": [\"absent\"]}");
      Eventually.holds(
          "the reload is refused",
          () ->
              engine
                  .logText()
                  .contains(
                      "failed to validate authorization plugin: plugin \\\"absent\\\" not found"));
      denied = "/volumes";
      assertThat(engine.docker("volume", "ls").run().errors()).contains("denied by plugin keeper");
      reload("{}");
      Eventually.holds(
          "nobody is asked", () -> engine.docker("volume", "ls").run().exitCode() == 0);
    } finally {
      reload("{\"authorization-plugins\": [\"keeper\"]}");
      denied = "nothing";
      Eventually.equal(
          "[\"keeper\"]",
          () -> engine.docker("info", "--format", "{{json .Plugins.Authorization}}").run().line());
    }
  }

  private static void reload(String json) throws IOException {
    Files.writeString(configuration, json);
    Command.of("kill", "-HUP", Long.toString(engine.enginePid())).run().ok();
  }

  @Test
  void noEngineStartsWithoutItsPlugin() {
    engine.stopEngine();
    try {
      engine.useFlags("--config-file", "/dev/null", "--authorization-plugin", "absent");
      Command.Result refused = Command.of(engine.engineCommand()).run();
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.errors())
          .contains("failed to validate authorization plugin: plugin \"absent\" not found");
    } finally {
      engine.useFlags(flags);
      engine.startEngine();
    }
  }
}
