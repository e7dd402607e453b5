package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the options of the local driver mount. */
@Tag("blackbox")
class LocalDriverTest {
  private static VolumeStage stage;

  @BeforeAll
  static void start() {
    stage = VolumeStage.open();
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @AfterEach
  void clear() {
    stage.clear();
  }

  private static void volume(String name, String... options) {
    java.util.List<String> words = new java.util.ArrayList<>(java.util.List.of("volume", "create"));
    for (String option : options) {
      words.add("--opt");
      words.add(option);
    }
    words.add(name);
    stage.docker(words.toArray(String[]::new)).ok();
  }

  private static Path folder(String name) throws IOException {
    return Files.createDirectories(stage.engine().folder().resolve("local").resolve(name));
  }

  @Test
  void aDirectoryOfTheHost() throws IOException {
    Path host = folder("b1");
    Files.writeString(host.resolve("file"), "here\n");
    volume("bound", "type=none", "device=" + host, "o=bind");
    assertThat(stage.run("cat /d/file; echo x > /d/new", "-v", "bound:/d").ok().line())
        .isEqualTo("here");
    assertThat(host.resolve("new")).exists();
    volume("readonly", "type=none", "device=" + host, "o=bind,ro");
    assertThat(stage.run("touch /d/other", "-v", "readonly:/d").errors())
        .contains("Read-only file system");
    stage.docker("volume", "rm", "bound").ok();
    assertThat(host.resolve("file")).as("removal spares what lies elsewhere").exists();
  }

  @Test
  void mountedAtTheFirstUseAndUnmountedAtTheLast() {
    volume("mem", "type=tmpfs", "device=tmpfs", "o=size=1m,mode=711");
    String mounted = "grep -c ' " + stage.engine().dataRoot() + "/volumes/mem/_data ' /proc/mounts";
    assertThat(stage.engine().onHost("sh", "-c", mounted).run().line()).isEqualTo("0");
    stage.keep("c1", "-v", "mem:/d");
    stage.keep("c2", "-v", "mem:/d");
    stage.exec("c1", "echo x > /d/f").ok();
    assertThat(stage.exec("c2", "cat /d/f; stat -c %a /d").ok().lines())
        .containsExactly("x", "711");
    assertThat(stage.engine().onHost("sh", "-c", mounted).run().line()).isEqualTo("1");
    stage.docker("rm", "-f", "c1").ok();
    assertThat(stage.exec("c2", "cat /d/f").ok().line()).isEqualTo("x");
    stage.docker("rm", "-f", "c2").ok();
    Eventually.equal("0", () -> stage.engine().onHost("sh", "-c", mounted).run().line());
  }

  @Test
  void anUnknownFileSystemFailsAtTheStart() {
    volume("odd", "type=nosuchfs", "device=thing");
    ApiClient.Answer created = stage.create("\"Binds\":[\"odd:/d\"]");
    if (created.status() == 201) {
      String id = created.json().path("Id").asText();
      created = stage.api().post("/v1.51/containers/" + id + "/start", "");
    }
    assertThat(created.status()).isEqualTo(500);
    assertThat(created.message())
        .endsWith(
            "failed to mount local volume: mount thing:"
                + stage.engine().dataRoot()
                + "/volumes/odd/_data: no such device");
  }

  @Test
  void anOverlay() throws IOException {
    Path lower = folder("lower");
    Files.writeString(lower.resolve("low"), "low\n");
    Path upper = folder("upper");
    volume(
        "layers",
        "type=overlay",
        "device=overlay",
        "o=lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + folder("work"));
    assertThat(stage.run("cat /d/low; echo x > /d/high", "-v", "layers:/d").ok().line())
        .isEqualTo("low");
    assertThat(upper.resolve("high")).exists();
    assertThat(lower.resolve("high")).doesNotExist();
  }

  @Test
  void aFileSystemInAFile() throws IOException {
    Path image = folder("images").resolve("ext4");
    Command.of("truncate", "-s", "8M", image.toString()).run().ok();
    Command.of("mkfs.ext4", "-q", image.toString()).run().ok();
    volume("disk", "type=ext4", "device=" + image, "o=loop");
    stage.run("echo x > /d/f; grep ' /d ' /proc/mounts | grep ext4", "-v", "disk:/d").ok();
    assertThat(stage.run("cat /d/f", "-v", "disk:/d").ok().line()).isEqualTo("x");
  }

  @Test
  void keepsPasswordsOutOfSight() {
    volume("cifs", "type=cifs", "device=//127.0.0.1/share", "o=username=u,password=verysecret");
    assertThat(stage.docker("volume", "inspect", "cifs").ok().text())
        .doesNotContain("verysecret")
        .contains("username=u");
    stage.docker("volume", "rm", "cifs").ok();
    assertThat(stage.engine().logText()).doesNotContain("verysecret");
  }
}
