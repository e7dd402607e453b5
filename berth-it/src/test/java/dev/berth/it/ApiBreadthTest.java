package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Endpoints and parameters that few clients use, against a real engine. */
@Tag("blackbox")
class ApiBreadthTest {
  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start().withBusybox();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  private static String platform() {
    return "linux/" + engine.docker("version", "-f", "{{.Server.Arch}}").run().ok().line();
  }

  @Test
  void showsImagesAsATree() {
    engine.docker("create", "--name", "leaf", "busybox").run().ok();
    try {
      assertThat(engine.docker("image", "ls", "--tree").run().ok().text())
          .contains("busybox:latest")
          .contains(platform());
      JsonNode image = engine.api().get("/images/json?manifests=1").json().path(0);
      assertThat(image.path("Containers").asInt()).isEqualTo(1);
      assertThat(image.at("/Manifests/0/ImageData/Containers").size()).isEqualTo(1);
      assertThat(image.at("/Manifests/0/Size/Total").asLong())
          .isGreaterThan(image.path("Size").asLong());
      JsonNode older = engine.api().get("/v1.46/images/json?manifests=1").json().path(0);
      assertThat(older.has("Manifests")).isFalse();
      assertThat(older.path("Containers").asInt()).isEqualTo(-1);
      assertThat(engine.api().get("/images/busybox/json?manifests=1").json().path("Manifests"))
          .hasSize(1);
    } finally {
      engine.docker("rm", "leaf").run().ok();
    }
  }

  /** The manifest that is told of is the one that an archive of the image holds. */
  @Test
  void tellsOfTheManifestThatIsSaved() {
    String digest =
        engine
            .api()
            .get("/images/busybox/json?manifests=1")
            .json()
            .at("/Descriptor/digest")
            .asText();
    byte[] archive = engine.docker("save", "busybox").run().ok().output();
    assertThat(Command.of("tar", "-t").input(archive).run().ok().text())
        .contains("blobs/sha256/" + digest.substring("sha256:".length()));
  }

  @Test
  void choosesByPlatform() {
    String other = "linux/s390x";
    assertThat(
            engine.docker("image", "inspect", "--platform", platform(), "busybox").run().exitCode())
        .isZero();
    assertThat(engine.docker("image", "inspect", "--platform", other, "busybox").run().errors())
        .contains("does not match the specified platform (linux/s390x)");
    assertThat(engine.docker("history", "--platform", other, "busybox").run().errors())
        .contains("does not match the specified platform (linux/s390x)");
    assertThat(engine.docker("save", "--platform", other, "busybox").run().errors())
        .contains("no suitable export target found for platform linux/s390x");
    byte[] archive = engine.docker("save", "--platform", platform(), "busybox").run().ok().output();
    assertThat(engine.docker("load", "--platform", other).input(archive).run().exitCode())
        .isEqualTo(1);
    assertThat(engine.docker("load", "--platform", platform()).input(archive).run().ok().text())
        .contains("Loaded image: busybox:latest");
    String json = Scene.encoded("{\"os\":\"linux\",\"architecture\":\"s390x\"}");
    assertThat(engine.api().delete("/images/busybox?platforms=" + json).status()).isEqualTo(404);
    assertThat(engine.api().get("/images/busybox/json?platform=linux").message())
        .startsWith("failed to parse platform: ");
    assertThat(engine.api().get("/images/busybox/json?manifests=1&platform=" + json).message())
        .isEqualTo("conflicting options: manifests and platform options cannot both be set");
  }

  @Test
  void refusesClearly() {
    assertThat(engine.docker("search", "busybox").run().errors())
        .contains("searching a registry for \"busybox\" is not offered by this engine");
    assertThat(engine.api().get("/containers/x/checkpoints").status()).isEqualTo(501);
    assertThat(engine.api().delete("/containers/x/checkpoints/y").status()).isEqualTo(501);
    assertThat(engine.api().get("/services/x/logs?stdout=1").status()).isEqualTo(503);
    assertThat(engine.api().post("/nodes/create", "{}").message()).isEqualTo("page not found");
    assertThat(engine.api().call("PUT", "/volumes/x").message())
        .isEqualTo("volume update only valid for cluster volumes, but swarm is unavailable");
    assertThat(engine.api().call("POST", "/containers/x/resize?h=a&w=1").message())
        .isEqualTo("invalid resize height \"a\": invalid syntax");
    assertThat(engine.api().call("POST", "/exec/x/resize?h=1").message())
        .isEqualTo("invalid resize width \"\": invalid syntax");
    assertThat(engine.api().get("/system/df?type=nonsense").message())
        .isEqualTo("unknown object type: nonsense");
  }

  @Test
  void removesByLabelAndAge() {
    for (String name : new String[] {"keep", "drop"}) {
      String label = name + "=1";
      engine.docker("create", "--label", label, "--name", name, "busybox").run().ok();
      engine.docker("network", "create", "--label", label, name).run().ok();
      engine.docker("volume", "create", "--label", label, name).run().ok();
    }
    engine.docker("container", "prune", "-f", "--filter", "until=24h").run().ok();
    assertThat(engine.docker("ps", "-aq").run().ok().lines()).hasSize(2);
    engine.docker("container", "prune", "-f", "--filter", "label!=keep").run().ok();
    assertThat(engine.docker("ps", "-a", "--format", "{{.Names}}").run().ok().line())
        .isEqualTo("keep");
    engine.docker("network", "prune", "-f", "--filter", "label=drop=1").run().ok();
    assertThat(
            engine
                .docker("network", "ls", "--filter", "type=custom", "--format", "{{.Name}}")
                .run()
                .ok()
                .line())
        .isEqualTo("keep");
    engine.docker("volume", "prune", "-a", "-f", "--filter", "label!=keep").run().ok();
    assertThat(engine.docker("volume", "ls", "-q").run().ok().line()).isEqualTo("keep");
    engine.docker("rm", "keep").run().ok();
    engine.docker("network", "rm", "keep").run().ok();
    engine.docker("volume", "rm", "keep").run().ok();
  }

  @Test
  void attachesOverAWebSocket() throws IOException {
    engine.docker("run", "-d", "-i", "--name", "talks", "busybox", "cat").run().ok();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(engine.socket()));
      send(
          channel,
          ("GET /containers/talks/attach/ws?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: d\r\n"
                  + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      InputStream in = Channels.newInputStream(channel);
      assertThat(head(in)).startsWith("HTTP/1.1 101 ");
      byte[] unmasked = {(byte) 0x82, (byte) 0x86, 0, 0, 0, 0, 'h', 'e', 'l', 'l', 'o', '\n'};
      send(channel, unmasked);
      assertThat(in.readNBytes(2)).containsExactly(0x82, 6);
      assertThat(new String(in.readNBytes(6), StandardCharsets.US_ASCII)).isEqualTo("hello\n");
      engine.docker("kill", "talks").run().ok();
      assertThat(in.readNBytes(1)).containsExactly(0x88);
    } finally {
      engine.docker("rm", "-f", "talks").run();
    }
    assertThat(engine.api().get("/containers/talks/attach/ws").status()).isEqualTo(400);
  }

  private static void send(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.US_ASCII);
  }
}
