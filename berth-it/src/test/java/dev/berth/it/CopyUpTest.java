package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Empty volumes take over what the image has at their place, once. */
@Tag("blackbox")
class CopyUpTest {
  private static VolumeStage stage;

  @BeforeAll
  static void start() {
    stage = VolumeStage.open();
    image();
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @AfterEach
  void clear() {
    stage.clear();
  }

  private static void image() {
    stage.image(
        "filled",
        "mkdir -p /data/sub && echo one > /data/file && ln -s file /data/link"
            + " && ln /data/file /data/hard && chmod 640 /data/file && chown 33:50 /data/file"
            + " && chmod 2711 /data/sub && chown 5:6 /data && chmod 750 /data");
  }

  private static Command.Result run(String line, String... options) {
    java.util.List<String> words = new java.util.ArrayList<>(java.util.List.of("run", "--rm"));
    words.addAll(java.util.Arrays.asList(options));
    words.addAll(java.util.List.of("filled", "sh", "-c", line));
    return stage.docker(words.toArray(String[]::new));
  }

  @Test
  void copiesContentOwnersModesAndLinks() {
    assertThat(
            run(
                    "stat -c '%n %U:%u:%g %a %h' /data /data/file /data/sub; readlink /data/link;"
                        + " [ /data/file -ef /data/hard ] && echo same",
                    "-v", "vol:/data")
                .ok()
                .lines())
        .containsExactly(
            "/data UNKNOWN:5:6 750 3",
            "/data/file www-data:33:50 640 2",
            "/data/sub root:0:0 2711 2",
            "file",
            "same");
    run("echo two > /data/file; rm /data/link", "-v", "vol:/data").ok();
    assertThat(run("cat /data/file; ls /data", "-v", "vol:/data").ok().lines())
        .as("only once")
        .containsExactly("two", "file", "hard", "sub");
  }

  @Test
  void nocopyLeavesTheVolumeAlone() {
    assertThat(run("ls -A /data; stat -c '%u:%g %a' /data", "-v", "bare:/data:nocopy").ok().line())
        .isEqualTo("0:0 755");
    assertThat(
            run("ls -A /data", "--mount", "type=volume,source=bare,destination=/data,volume-nocopy")
                .ok()
                .line())
        .isEmpty();
    assertThat(run("cat /data/file", "-v", "bare:/data").ok().line()).isEqualTo("one");
  }

  @Test
  void bindsAndTmpfsAreNotFilled() {
    java.nio.file.Path host = stage.engine().folder().resolve("bound");
    assertThat(run("ls -A /data", "-v", host + ":/data").ok().line()).isEmpty();
    assertThat(run("ls -A /data; stat -c %a /data", "--tmpfs", "/data").ok().line())
        .as("a tmpfs takes the mode of the image's directory")
        .isEqualTo("750");
  }

  @Test
  void aVolumeThatHoldsSomethingStaysAsItIs() {
    stage.run("echo mine > /v/own", "-v", "own:/v").ok();
    assertThat(run("ls /data", "-v", "own:/data").ok().line()).isEqualTo("own");
  }

  @Test
  void anonymousVolumesAreFilledToo() {
    assertThat(run("cat /data/file", "-v", "/data").ok().line()).isEqualTo("one");
  }

  @Test
  void theSubpathIsFilledOnlyIfItIsThere() {
    run("true", "-v", "sub:/data").ok();
    assertThat(
            run(
                    "stat -c %a /m",
                    "--mount", "type=volume,source=sub,destination=/m,volume-subpath=sub")
                .ok()
                .line())
        .isEqualTo("2711");
  }
}
