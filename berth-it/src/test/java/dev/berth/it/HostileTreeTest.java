package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Containers and archives that try to reach the host through copies, mounts and exports. */
@Tag("blackbox")
class HostileTreeTest {
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

  private static Path folder(String name) throws IOException {
    return Files.createDirectories(stage.engine().folder().resolve("hostile").resolve(name));
  }

  private static ApiClient.Answer put(String container, String path, byte[] tar) {
    return stage
        .api()
        .call(
            "PUT",
            "/v1.51/containers/" + container + "/archive?path=" + path,
            Map.of("Content-Type", "application/x-tar"),
            tar);
  }

  @Test
  void linksLeadBackIntoTheContainer() throws IOException {
    Path secret = Files.writeString(folder("secret").resolve("secret"), "of the host\n");
    stage.keep("cc");
    String up = "../".repeat(20);
    stage.exec("cc", "ln -s " + secret + " /a; ln -s " + up + secret + " /b; ln -s / /top").ok();
    for (String state : List.of("running", "stopped")) {
      for (String path : List.of("/a", "/b", "/top" + secret, "/proc/1/root" + secret)) {
        Command.Result result = stage.docker("cp", "--follow-link", "cc:" + path, "-");
        assertThat(result.text()).as(state + " " + path).doesNotContain("of the host");
      }
      stage.docker("stop", "--time", "0", "cc").ok();
    }
  }

  @Test
  void archivesWithLinksStayInside() throws IOException {
    Path outside = folder("outside");
    Path tree = folder("tree");
    Files.createSymbolicLink(tree.resolve("link"), outside);
    Path second = folder("second");
    Files.createDirectories(second.resolve("link"));
    Files.writeString(second.resolve("link/planted"), "bad");
    Path tar = stage.engine().folder().resolve("hostile/links.tar");
    Command.of("tar", "-C", tree.toString(), "-cf", tar.toString(), "link").run().ok();
    Command.of("tar", "-C", second.toString(), "-rf", tar.toString(), "link/planted").run().ok();
    stage.keep("cc");
    put("cc", "/root", Files.readAllBytes(tar));
    stage.docker("stop", "--time", "0", "cc").ok();
    put("cc", "/home", Files.readAllBytes(tar));
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void archivesThatClimbAreRefused() throws IOException {
    Path tree = folder("climb");
    Files.writeString(tree.resolve("planted"), "bad");
    stage.docker("create", "--name", "cc", "busybox").ok();
    for (String name : List.of("../planted", "a/../../planted")) {
      byte[] tar =
          Command.of(
                  "tar",
                  "-C",
                  tree.toString(),
                  "-P",
                  "-c",
                  "--transform",
                  "s,planted," + name + ",",
                  "planted")
              .run()
              .ok()
              .output();
      assertThat(put("cc", "/root", tar).status()).as(name).isEqualTo(400);
    }
    byte[] hardLink =
        Command.of(
                "sh",
                "-c",
                "cd "
                    + tree
                    + " && ln -f planted second && tar -P -c --transform"
                    + " 'flags=h;s,planted,../../../../../../../../etc/hostname,' planted second")
            .run()
            .ok()
            .output();
    assertThat(put("cc", "/root", hardLink).status()).isEqualTo(400);
  }

  /** What a copy gives; nothing when the path vanished in the middle of it. */
  private static String copied(String path) {
    try {
      byte[] tar = stage.api().get("/v1.51/containers/cc/archive?path=" + path).body();
      return new String(tar, StandardCharsets.ISO_8859_1);
    } catch (UncheckedIOException brokenOff) {
      return "";
    }
  }

  /** A container that exchanges a directory for a link while the engine copies through it. */
  @Test
  void exchangedLinksNeverLeadOut() throws IOException {
    Path outside = folder("exchange");
    Files.writeString(outside.resolve("secret"), "of the host\n");
    stage.keep("cc");
    stage
        .exec("cc", "mkdir -p /w/real; echo inside > /w/real/secret; ln -s " + outside + " /w/l")
        .ok();
    stage
        .docker(
            "exec",
            "--detach",
            "cc",
            "sh",
            "-c",
            "cd /w; while true; do mv real x; mv -T l real; mv -T real l; mv x real; done")
        .ok();
    Path tree = folder("payload");
    Files.writeString(tree.resolve("planted"), "bad");
    byte[] tar = Command.of("tar", "-C", tree.toString(), "-c", "planted").run().ok().output();
    int found = 0;
    for (int round = 0; round < 150; round++) {
      String read = copied("/w/real/secret");
      assertThat(read).doesNotContain("of the host");
      found += read.contains("inside") ? 1 : 0;
      put("cc", "/w/real", tar);
    }
    assertThat(outside.resolve("planted")).doesNotExist();
    assertThat(found).as("the test hit the real directory now and then").isPositive();
  }

  @Test
  void mountTargetsThatAreLinksStayInside() throws IOException {
    Path outside = folder("target");
    stage.image("linked", "ln -s " + outside + " /m; mkdir /n; ln -s " + outside + " /n/o");
    for (String target : List.of("/m", "/n/o", "/m/sub")) {
      Command.Result result =
          stage.docker("run", "--rm", "-v", "vv:" + target, "linked", "touch", target + "/planted");
      assertThat(outside).as(target + ": " + result.errors()).isEmptyDirectory();
    }
  }

  @Test
  void copyUpOfALinkStaysInside() throws IOException {
    Path outside = folder("copied");
    Files.writeString(outside.resolve("secret"), "of the host\n");
    stage.image("copied", "mkdir /v; ln -s " + outside + " /data; ln -s " + outside + " /v/data");
    stage.docker("create", "--name", "c1", "-v", "vv:/data", "copied");
    stage.docker("create", "--name", "c2", "-v", "ww:/v/data", "copied");
    assertThat(stage.run("ls -A /a /b | grep -c secret", "-v", "vv:/a", "-v", "ww:/b").line())
        .isEqualTo("0");
  }

  @Test
  void exportAndCopyWriteLinksAsLinks() throws IOException {
    Path outside = folder("exported");
    Files.writeString(outside.resolve("secret"), "of the host\n");
    stage.docker("run", "--name", "cc", "busybox", "ln", "-s", outside.toString(), "/out").ok();
    assertThat(stage.docker("export", "cc").ok().text()).doesNotContain("of the host");
    assertThat(stage.docker("cp", "cc:/", "-").ok().text()).doesNotContain("of the host");
  }
}
