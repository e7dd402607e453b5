package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** POST /build as libraries send it, clients that leave, contexts that set traps, and a crash. */
@Tag("blackbox")
class BuildApiTest {
  private static Scene scene;

  @BeforeAll
  static void start() {
    scene = Scene.open();
  }

  @AfterAll
  static void stop() {
    scene.close();
  }

  @AfterEach
  void clear() {
    scene.clear();
  }

  private static byte[] context(String dockerfile) throws IOException {
    Path folder = Files.createTempDirectory(scene.engine().folder(), "api-");
    Files.writeString(folder.resolve("Dockerfile"), dockerfile);
    return Command.of("tar", "-C", folder.toString(), "-c", ".").run().ok().output();
  }

  private static ApiClient.Answer build(String query, byte[] tar) {
    return scene
        .engine()
        .api()
        .call("POST", "/v1.51/build?" + query, Map.of("Content-Type", "application/x-tar"), tar);
  }

  private static boolean nothingOfBuildsIsLeft() {
    Path files = scene.engine().dataRoot().resolve("builds");
    String[] names = files.toFile().list();
    return (names == null || names.length == 0)
        && scene.get("/v1.51/containers/json?all=1").json().isEmpty();
  }

  @Test
  void streamsTheImageAndTheFailureAsJson() throws IOException {
    String labels = Scene.encoded("{\"a\":\"b\"}");
    String built = build("t=api:1&labels=" + labels, context("FROM busybox\nRUN echo hi\n")).text();
    String id = scene.get("/v1.51/images/api:1/json").json().path("Id").asText();
    assertThat(built)
        .contains("{\"stream\":\"hi\\n\"}", "{\"aux\":{\"ID\":\"" + id + "\"}}")
        .contains("{\"stream\":\"Successfully tagged api:1\\n\"}");
    String failed = build("forcerm=1", context("FROM busybox\nRUN exit 3\n")).text();
    assertThat(failed)
        .contains(
            "\"errorDetail\":{\"code\":3,\"message\":\"The command '/bin/sh -c exit 3' returned a"
                + " non-zero code: 3\"}");
  }

  @Test
  void refusesClearlyWhatItDoesNotOffer() throws IOException {
    byte[] tar = context("FROM busybox\n");
    assertThat(build("squash=1", tar).message())
        .isEqualTo("squash is only supported with experimental mode");
    assertThat(build("version=2", tar).status()).isEqualTo(501);
    assertThat(build("version=3", tar).message()).isEqualTo("invalid version \"3\"");
    assertThat(build("t=a@sha256:" + "0".repeat(64), tar).message())
        .isEqualTo("build tag cannot contain a digest");
    assertThat(build("buildargs=x", tar).message()).startsWith("error reading build args: ");
    assertThat(build("remote=" + Scene.encoded("https://host/x.git"), new byte[0]).status())
        .isEqualTo(501);
    assertThat(build("remote=nonsense", new byte[0]).message())
        .isEqualTo("remoteURL (nonsense) could not be recognized as URL");
    assertThat(build("dockerfile=other", tar).message())
        .isEqualTo("Cannot locate specified Dockerfile: other");
    assertThat(build("", "no archive at all".getBytes(StandardCharsets.UTF_8)).status())
        .isEqualTo(400);
    assertThat(scene.post("/v1.51/build/cancel", "").message()).isEqualTo("build ID not provided");
    assertThat(scene.post("/v1.51/build/cancel?id=none", "").status()).isEqualTo(200);
    assertThat(scene.post("/v1.51/build/prune", "").json().path("SpaceReclaimed").asLong())
        .isZero();
    assertThat(scene.post("/v1.51/session", "").message()).contains("BuildKit is not offered");
    assertThat(scene.post("/v1.51/grpc", "").message()).contains("BuildKit is not offered");
    assertThat(scene.get("/_ping").headers()).containsEntry("builder-version", "1");
    assertThat(nothingOfBuildsIsLeft()).isTrue();
  }

  @Test
  void keepsHostileContextsInside() throws IOException {
    Path folder = Files.createTempDirectory(scene.engine().folder(), "hostile-");
    Path outside = Files.writeString(scene.engine().folder().resolve("outside"), "host secret\n");
    Files.createSymbolicLink(folder.resolve("leak"), outside);
    Files.createSymbolicLink(folder.resolve("up"), Path.of("../../../../../../.."));
    Files.writeString(folder.resolve("trap"), "planted\n");
    byte[] tar;
    Files.writeString(folder.resolve("Dockerfile"), "FROM busybox\nCOPY leak /leak\n");
    tar = Command.of("tar", "-C", folder.toString(), "-c", ".").run().ok().output();
    assertThat(build("forcerm=1", tar).text()).contains("COPY failed: ").doesNotContain("secret");
    Files.writeString(folder.resolve("Dockerfile"), "FROM busybox\nCOPY ../outside /x\n");
    tar = Command.of("tar", "-C", folder.toString(), "-c", ".").run().ok().output();
    assertThat(build("forcerm=1", tar).text())
        .contains("forbidden path outside the build context: ../outside ()");
    Files.writeString(
        folder.resolve("Dockerfile"),
        "FROM busybox\nRUN ln -s "
            + scene.engine().folder()
            + " /escape\n"
            + "COPY trap /escape/planted\n");
    tar = Command.of("tar", "-C", folder.toString(), "-c", ".").run().ok().output();
    build("forcerm=1", tar);
    assertThat(scene.engine().folder().resolve("planted")).doesNotExist();
    assertThat(nothingOfBuildsIsLeft()).isTrue();
  }

  /** Begins a build whose step waits for ever, and returns when that runs. */
  private static SocketChannel begin() throws IOException {
    byte[] tar = context("FROM busybox\nRUN sleep 1000\n");
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(scene.engine().socket()));
    String head =
        "POST /v1.51/build?nocache=1&buildid=long HTTP/1.1\r\nHost: docker\r\n"
            + "Content-Type: application/x-tar\r\nContent-Length: "
            + tar.length
            + "\r\n\r\n";
    for (byte[] part : new byte[][] {head.getBytes(StandardCharsets.US_ASCII), tar}) {
      ByteBuffer bytes = ByteBuffer.wrap(part);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    Eventually.holds(
        "the step runs",
        () -> {
          JsonNode running = scene.get("/v1.51/containers/json").json();
          return running.size() == 1;
        });
    return channel;
  }

  @Test
  void stopsWhenTheClientLeaves() throws IOException {
    begin().close();
    Eventually.holds("nothing is left", BuildApiTest::nothingOfBuildsIsLeft);
  }

  @Test
  void stopsWhenItIsCancelled() throws IOException {
    try (SocketChannel _ = begin()) {
      assertThat(scene.post("/v1.51/build/cancel?id=long", "").status()).isEqualTo(200);
      Eventually.holds("nothing is left", BuildApiTest::nothingOfBuildsIsLeft);
    }
  }

  @Test
  void leavesNothingAfterTheEngineWasKilled() throws IOException {
    try (SocketChannel _ = begin()) {
      scene.engine().killEngine();
    }
    scene.engine().startEngine();
    Eventually.holds("nothing is left", BuildApiTest::nothingOfBuildsIsLeft);
    assertThat(build("", context("FROM busybox\nRUN true\n")).text())
        .contains("Successfully built");
  }
}
