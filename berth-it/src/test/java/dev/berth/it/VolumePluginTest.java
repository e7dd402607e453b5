package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Volumes of a plugin that is found by its socket or its description. */
@Tag("blackbox")
class VolumePluginTest {
  private static VolumeStage stage;
  private static Path sockets;
  private static Path descriptions;
  private static Path volumes;
  private static TinyPlugin plugin;

  @BeforeAll
  static void start() throws IOException {
    EngineUnderTest engine = EngineUnderTest.prepare();
    sockets = Files.createDirectories(engine.folder().resolve("plugins"));
    descriptions = engine.folder().resolve("etc");
    volumes = Files.createDirectories(engine.folder().resolve("plugin-volumes"));
    Files.createDirectories(descriptions.resolve("docker/plugins"));
    Files.createDirectories(engine.folder().resolve("etc-work"));
    // The standard folders, seen by this engine only.
    engine
        .onHost(
            "sh",
            "-c",
            "mount -t tmpfs tmpfs /run && mkdir -p /run/docker/plugins && mount --bind "
                + sockets
                + " /run/docker/plugins && mount -t overlay -o lowerdir=/etc,upperdir="
                + descriptions
                + ",workdir="
                + engine.folder().resolve("etc-work")
                + " overlay /etc")
        .run()
        .ok();
    engine.startEngine();
    stage = VolumeStage.on(engine);
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @BeforeEach
  void plug() throws IOException {
    plugin = TinyPlugin.start(sockets.resolve("volplug.sock"), volumes);
  }

  @AfterEach
  void unplug() throws IOException {
    stage.clear();
    plugin.close();
  }

  @Test
  void usableWithoutARestart() {
    stage.docker("volume", "create", "--driver", "volplug", "pv1").ok();
    assertThat(plugin.calls()).contains("VolumeDriver.Create pv1");
    assertThat(
            stage
                .docker(
                    "volume", "inspect", "--format", "{{.Driver}} {{.Scope}} {{.Status}}", "pv1")
                .ok()
                .line())
        .isEqualTo("volplug global map[health:good]");
    assertThat(stage.docker("volume", "ls", "--format", "{{.Driver}} {{.Name}}").ok().lines())
        .containsExactly("volplug pv1");
    assertThat(stage.docker("info", "--format", "{{json .Plugins.Volume}}").ok().line())
        .isEqualTo("[\"local\",\"volplug\"]");
  }

  @Test
  void greetsAPluginOnce() throws IOException {
    TinyPlugin other = TinyPlugin.start(sockets.resolve("once.sock"), volumes);
    try (other) {
      stage.docker("volume", "create", "--driver", "once", "o1").ok();
      stage.docker("volume", "create", "--driver", "once", "o2").ok();
      stage.docker("volume", "rm", "o1", "o2").ok();
      assertThat(other.calls().subList(0, 2))
          .containsExactly("Plugin.Activate", "VolumeDriver.Capabilities");
      assertThat(other.calls()).containsOnlyOnce("Plugin.Activate", "VolumeDriver.Capabilities");
    }
  }

  @Test
  void foundByItsDescription() throws IOException {
    TinyPlugin other = TinyPlugin.start(stage.engine().folder().resolve("other.sock"), volumes);
    try (other) {
      for (String line :
          new String[] {
            "printf unix://%s > /etc/docker/plugins/spec1.spec",
            "printf '{\"Name\":\"json1\",\"Addr\":\"unix://%s\"}' > /etc/docker/plugins/json1.json"
          }) {
        stage.onHost(line.replace("%s", stage.engine().folder() + "/other.sock"));
      }
      stage.docker("volume", "create", "--driver", "spec1", "s1").ok();
      stage.docker("volume", "create", "--driver", "json1", "j1").ok();
      assertThat(other.calls()).contains("VolumeDriver.Create s1", "VolumeDriver.Create j1");
      stage.docker("volume", "rm", "s1", "j1").ok();
    } finally {
      stage.onHost("rm /etc/docker/plugins/spec1.spec /etc/docker/plugins/json1.json");
    }
  }

  @Test
  void refusesANameOfAnotherDriver() {
    stage.docker("volume", "create", "--driver", "volplug", "pv1").ok();
    ApiClient.Answer answer =
        stage.api().post("/v1.51/volumes/create", "{\"Name\":\"pv1\",\"Driver\":\"local\"}");
    assertThat(answer.status() + " " + answer.message())
        .isEqualTo(
            "409 create pv1: driver 'volplug' already has volume 'pv1': volume name must be"
                + " unique");
    ApiClient.Answer existing = stage.api().post("/v1.51/volumes/create", "{\"Name\":\"pv1\"}");
    assertThat(existing.status()).isEqualTo(201);
    assertThat(existing.json().path("Driver").asText()).isEqualTo("volplug");
  }

  @Test
  void carriesTheDataOfContainers() throws IOException {
    stage.docker("volume", "create", "--driver", "volplug", "pv1").ok();
    stage.run("echo x > /d/f", "-v", "pv1:/d").ok();
    assertThat(Files.readString(volumes.resolve("pv1/f"))).isEqualTo("x\n");
    assertThat(plugin.calls()).contains("VolumeDriver.Mount pv1", "VolumeDriver.Unmount pv1");
    long mounts = plugin.calls().stream().filter(c -> c.startsWith("VolumeDriver.Mount")).count();
    Eventually.equal(
        Long.toString(mounts),
        () ->
            Long.toString(
                plugin.calls().stream().filter(c -> c.startsWith("VolumeDriver.Unmount")).count()));
  }

  @Test
  void anonymousVolumesOfAPlugin() {
    stage.run("true", "--volume-driver", "volplug", "-v", "/anon").ok();
    String created =
        plugin.calls().stream()
            .filter(call -> call.startsWith("VolumeDriver.Create "))
            .findFirst()
            .orElseThrow();
    assertThat(created).matches("VolumeDriver.Create [0-9a-f]{64}");
    assertThat(plugin.calls()).contains(created.replace("Create", "Remove"));
    assertThat(stage.docker("volume", "ls", "-q").line()).isEmpty();
  }

  @Test
  void passesItsErrorsOn() {
    plugin.refuse("VolumeDriver.Create", "no room");
    ApiClient.Answer create =
        stage.api().post("/v1.51/volumes/create", "{\"Name\":\"pv2\",\"Driver\":\"volplug\"}");
    assertThat(create.status() + " " + create.message())
        .isEqualTo("500 create pv2: VolumeDriver.Create: no room");
    stage.docker("volume", "create", "--driver", "volplug", "pv6").ok();
    plugin.refuse("VolumeDriver.Mount", "not today");
    assertThat(stage.run("true", "-v", "pv6:/d:nocopy").errors())
        .contains("error while mounting volume '")
        .contains("': VolumeDriver.Mount: not today");
    for (String path : new String[] {"/v1.51/volumes/pv6", "/v1.51/volumes/pv6?force=1"}) {
      plugin.refuse("VolumeDriver.Remove", "still busy");
      ApiClient.Answer remove = stage.api().delete(path);
      assertThat(remove.status() + " " + remove.message())
          .isEqualTo("500 remove pv6: VolumeDriver.Remove: still busy");
    }
  }

  @Test
  void isNeverPruned() {
    stage.docker("volume", "create", "--driver", "volplug", "pv1").ok();
    stage.docker("volume", "prune", "--all", "--force").ok();
    assertThat(stage.docker("volume", "ls", "-q").line()).isEqualTo("pv1");
  }

  @Test
  void aHungPluginBlocksNobodyElse() {
    stage.docker("volume", "create", "--driver", "volplug", "pv1").ok();
    stage.docker("create", "--name", "hung", "-v", "pv1:/d:nocopy", "busybox").ok();
    plugin.hang("VolumeDriver.Mount");
    Thread start =
        Thread.startVirtualThread(() -> {
          try {
            stage.api().post("/v1.51/containers/hung/start", "");
          } catch (RuntimeException ended) {
            // The engine goes away before it answers.
          }
        });
    Eventually.holds(
        "the plugin was asked", () -> plugin.calls().contains("VolumeDriver.Mount pv1"));
    Command list = stage.engine().docker("ps", "--all", "--format", "{{.Names}}");
    assertThat(list.within(Duration.ofSeconds(10)).run().ok().line()).isEqualTo("hung");
    assertThat(stage.run("echo fine", "-v", "local:/d").ok().line()).isEqualTo("fine");
    assertThat(start.isAlive()).isTrue();
    stage.engine().killEngine();
    stage.engine().startEngine();
    assertThat(stage.docker("ps", "-aq").ok().lines()).hasSize(1);
  }

  @Test
  void knowsItsVolumesAfterThePluginsRestart() throws IOException {
    stage.docker("volume", "create", "--driver", "volplug", "pv1").ok();
    plugin.close();
    assertThat(stage.docker("volume", "ls", "-q").exitCode()).isZero();
    plugin = TinyPlugin.start(sockets.resolve("volplug.sock"), volumes);
    stage.docker("volume", "create", "--driver", "volplug", "pv1").ok();
    stage.run("echo x > /d/f", "-v", "pv1:/d").ok();
  }
}
