package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docker cp both ways, and docker export, with running and stopped containers. */
@Tag("blackbox")
class CopyFilesTest {
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
    Path folder = stage.engine().folder().resolve("copies").resolve(name);
    Command.of("rm", "-rf", folder.toString()).run().ok();
    return Files.createDirectories(folder);
  }

  private static ApiClient.Answer archive(String method, String container, String path) {
    return stage.api().call(method, "/v1.51/containers/" + container + "/archive?path=" + path);
  }

  private static ApiClient.Answer put(String container, String query, byte[] tar) {
    return stage
        .api()
        .call(
            "PUT",
            "/v1.51/containers/" + container + "/archive?" + query,
            Map.of("Content-Type", "application/x-tar"),
            tar);
  }

  private static JsonNode stat(ApiClient.Answer answer) throws IOException {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return new JsonMapper()
        .readTree(Base64.getDecoder().decode(answer.headers().get("x-docker-container-path-stat")));
  }

  private static List<String> members(byte[] tar) {
    return Command.of("tar", "-t").input(tar).run().ok().lines();
  }

  @Test
  void bothWaysRunningAndStopped() throws IOException {
    Path here = folder("both");
    Files.createDirectories(here.resolve("in/sub"));
    Files.writeString(here.resolve("in/sub/file"), "from here\n");
    stage.keep("running");
    stage.docker("create", "--name", "stopped", "busybox").ok();
    for (String container : List.of("running", "stopped")) {
      stage.docker("cp", here + "/in", container + ":/opt").ok();
      stage.docker("cp", here + "/in", container + ":/root").ok();
      stage.docker("cp", here + "/in/.", container + ":/home").ok();
      stage.docker("cp", here + "/in/sub/file", container + ":/etc/renamed").ok();
      Path back = here.resolve(container);
      stage.docker("cp", container + ":/opt/sub/file", back + ".opt").ok();
      stage.docker("cp", container + ":/root/in/sub", back + ".root").ok();
      stage.docker("cp", container + ":/home/sub/.", back + ".home").ok();
      stage.docker("cp", container + ":/etc/renamed", back + ".etc").ok();
      assertThat(Path.of(back + ".opt")).hasContent("from here");
      assertThat(Path.of(back + ".root/file")).hasContent("from here");
      assertThat(Path.of(back + ".home/file")).hasContent("from here");
      assertThat(Path.of(back + ".etc")).hasContent("from here");
    }
  }

  @Test
  void asAStream() throws IOException {
    Path here = folder("stream");
    Files.writeString(here.resolve("file"), "streamed\n");
    stage.docker("create", "--name", "cc", "busybox").ok();
    byte[] tar = Command.of("tar", "-C", here.toString(), "-c", "file").run().ok().output();
    stage.engine().docker("cp", "-", "cc:/root").input(tar).run().ok();
    byte[] back = stage.docker("cp", "cc:/root/file", "-").ok().output();
    assertThat(members(back)).containsExactly("file");
    assertThat(members(stage.docker("cp", "cc:/root", "-").ok().output()))
        .containsExactly("root/", "root/file");
    assertThat(members(stage.docker("cp", "cc:/root/.", "-").ok().output()))
        .containsExactly("./", "./file");
  }

  @Test
  void intoAndOutOfVolumes() throws IOException {
    Path here = folder("volumes");
    Files.writeString(here.resolve("file"), "kept\n");
    stage.docker("create", "--name", "stopped", "-v", "vv:/data/deep", "busybox").ok();
    stage.docker("cp", here + "/file", "stopped:/data/deep/one").ok();
    assertThat(stage.run("cat /d/one", "-v", "vv:/d").ok().line()).isEqualTo("kept");
    stage.keep("running", "-v", "vv:/data/deep");
    stage.docker("cp", here + "/file", "running:/data/deep/two").ok();
    assertThat(stage.run("cat /d/two", "-v", "vv:/d").ok().line()).isEqualTo("kept");
    for (String container : List.of("stopped", "running")) {
      stage.docker("cp", container + ":/data/deep/two", here + "/" + container).ok();
      assertThat(here.resolve(container)).hasContent("kept");
      assertThat(members(stage.docker("cp", container + ":/data", "-").ok().output()))
          .as("a volume inside of the directory, " + container)
          .containsExactly("data/", "data/deep/", "data/deep/one", "data/deep/two");
    }
  }

  @Test
  void outOfImageMountsAndNotIntoThem() throws IOException {
    Path here = folder("images");
    Files.writeString(here.resolve("file"), "x");
    String mount = "type=image,source=busybox,target=/image";
    stage.keep("running", "--mount", mount);
    stage.docker("create", "--name", "stopped", "--mount", mount, "busybox").ok();
    for (String container : List.of("running", "stopped")) {
      stage.docker("cp", container + ":/image/etc/passwd", here + "/" + container).ok();
      assertThat(here.resolve(container)).content().contains("root");
      Command.Result refused = stage.docker("cp", here + "/file", container + ":/image/etc");
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.errors()).contains("mounted volume is marked read-only");
    }
    stage.docker("start", "stopped").ok();
  }

  @Test
  void theWholeTreeOfARunningContainer() {
    stage.keep("cc", "--hostname", "told", "--tmpfs", "/t");
    stage.exec("cc", "echo x > /root/f; touch /t/hidden").ok();
    byte[] tar = stage.docker("cp", "cc:/", "-").ok().output();
    assertThat(members(tar))
        .as("no file systems of the kernel, nothing in memory")
        .contains("./root/f", "./proc/", "./etc/hosts")
        .doesNotContain("./proc/1/", "./t/hidden");
    assertThat(stage.docker("cp", "cc:/etc/hostname", "-").ok().text()).contains("told");
  }

  @Test
  void refusesReadOnlyPlaces() throws IOException {
    Path here = folder("readonly");
    byte[] tar = Command.of("tar", "-C", here.toString(), "-c", ".").run().ok().output();
    stage
        .docker(
            "create", "--name", "cc", "--read-only", "-v", "vv:/rw", "-v", "vv:/ro:ro", "busybox")
        .ok();
    assertThat(put("cc", "path=/root", tar).message())
        .isEqualTo("container rootfs is marked read-only");
    assertThat(put("cc", "path=/ro", tar).message())
        .isEqualTo("mounted volume is marked read-only");
    assertThat(put("cc", "path=/rw", tar).status()).isEqualTo(200);
  }

  @Test
  void tellsWhatAPathIs() throws IOException {
    stage.keep("cc");
    stage
        .exec("cc", "echo 12345 > /root/f; chmod 4640 /root/f; ln -s f /root/l; ln -s /etc /e")
        .ok();
    for (String state : List.of("running", "stopped")) {
      JsonNode file = stat(archive("HEAD", "cc", "/root/f"));
      assertThat(file.path("name").asText()).as(state).isEqualTo("f");
      assertThat(file.path("size").asLong()).isEqualTo(6);
      assertThat(file.path("mode").asLong()).isEqualTo((1L << 23) | 0640);
      assertThat(file.path("linkTarget").asText()).isEmpty();
      JsonNode link = stat(archive("HEAD", "cc", "/root/l"));
      assertThat(link.path("linkTarget").asText()).isEqualTo("/root/f");
      assertThat(link.path("mode").asLong() >> 27 & 1).isEqualTo(1);
      assertThat(stat(archive("HEAD", "cc", "/e")).path("linkTarget").asText()).isEqualTo("/etc");
      JsonNode directory = stat(archive("GET", "cc", "/root/"));
      assertThat(directory.path("name").asText()).isEqualTo("root");
      assertThat(directory.path("mode").asLong()).isEqualTo((1L << 31) | 0700);
      assertThat(stat(archive("GET", "cc", "/")).path("name").asText()).isEqualTo("/");
      stage.docker("stop", "--time", "0", "cc").ok();
    }
  }

  @Test
  void followsLinksWhenAsked() throws IOException {
    Path here = folder("links");
    stage
        .docker(
            "run",
            "--name",
            "cc",
            "busybox",
            "sh",
            "-c",
            "echo target > /root/f; ln -s f /root/l; ln -s /root /r")
        .ok();
    stage.docker("cp", "cc:/root/l", here + "/plain").ok();
    assertThat(here.resolve("plain")).isSymbolicLink();
    stage.docker("cp", "--follow-link", "cc:/root/l", here + "/followed").ok();
    assertThat(Files.isSymbolicLink(here.resolve("followed"))).isFalse();
    assertThat(here.resolve("followed")).hasContent("target");
    stage.docker("cp", "cc:/r/", here + "/directory").ok();
    assertThat(here.resolve("directory/f")).hasContent("target");
    Files.writeString(here.resolve("new"), "through\n");
    stage.docker("cp", here + "/new", "cc:/r").ok();
    stage.docker("cp", "cc:/root/new", here + "/back").ok();
    assertThat(here.resolve("back")).hasContent("through");
  }

  @Test
  void ownersAsArchivedOrAsTheContainersUser() throws IOException {
    Path here = folder("owners");
    Files.writeString(here.resolve("file"), "x");
    Command.of("chown", "33:50", here.resolve("file").toString()).run().ok();
    stage.keep("cc", "--user", "daemon");
    byte[] tar = Command.of("tar", "-C", here.toString(), "-c", "file").run().ok().output();
    assertThat(put("cc", "path=/tmp", tar).status()).isEqualTo(200);
    assertThat(stage.exec("cc", "stat -c '%u:%g' /tmp/file").line()).isEqualTo("33:50");
    assertThat(put("cc", "path=/tmp&copyUIDGID=1", tar).status()).isEqualTo(200);
    assertThat(stage.exec("cc", "stat -c '%u:%g' /tmp/file").line()).isEqualTo("1:1");
  }

  @Test
  void keepsDirectoriesAndFilesApartWhenAsked() throws IOException {
    Path here = folder("kinds");
    Files.writeString(here.resolve("home"), "a file");
    Files.createDirectories(here.resolve("d/passwd"));
    stage.docker("create", "--name", "cc", "busybox").ok();
    byte[] file = Command.of("tar", "-C", here.toString(), "-c", "home").run().ok().output();
    byte[] directory = Command.of("tar", "-C", here + "/d", "-c", "passwd").run().ok().output();
    assertThat(put("cc", "path=/&noOverwriteDirNonDir=true", file).message())
        .contains("cannot overwrite directory");
    assertThat(put("cc", "path=/etc&noOverwriteDirNonDir=1", directory).message())
        .contains("cannot overwrite non-directory");
    assertThat(put("cc", "path=/", file).status()).isEqualTo(200);
    assertThat(stat(archive("HEAD", "cc", "/home")).path("size").asLong()).isEqualTo(6);
  }

  @Test
  void refusesWhatIsNotThere() {
    stage.docker("create", "--name", "cc", "busybox").ok();
    ApiClient.Answer missing = archive("GET", "cc", "/no/such");
    assertThat(missing.status() + " " + missing.message())
        .isEqualTo("404 Could not find the file /no/such in container cc");
    assertThat(archive("HEAD", "cc", "/no/such").status()).isEqualTo(404);
    assertThat(archive("GET", "nosuch", "/etc").message()).isEqualTo("No such container: nosuch");
    assertThat(archive("GET", "cc", "").message())
        .isEqualTo("bad parameter: 'path' cannot be empty");
    assertThat(put("cc", "path=/etc/passwd", new byte[1024]).message())
        .isEqualTo("extraction point is not a directory");
    assertThat(put("cc", "path=/no/such", new byte[1024]).status()).isEqualTo(404);
    assertThat(put("cc", "path=/root", "not a tar archive".repeat(100).getBytes()).status())
        .isEqualTo(400);
  }

  @Test
  void exportsTheWholeTree() {
    stage
        .docker(
            "run",
            "--name",
            "cc",
            "-v",
            "vv:/vol",
            "busybox",
            "sh",
            "-c",
            "echo x > /root/f; echo y > /vol/f; rm /etc/nsswitch.conf")
        .ok();
    List<String> members = members(stage.docker("export", "cc").ok().output());
    assertThat(members).contains("root/f", "bin/busybox", "vol/").doesNotContain("vol/f");
    assertThat(members).doesNotContain("etc/nsswitch.conf").noneMatch(n -> n.contains(".wh."));
    stage.keep("running");
    stage.exec("running", "echo z > /root/live").ok();
    assertThat(members(stage.docker("export", "running").ok().output())).contains("root/live");
    assertThat(stage.docker("export", "nosuch").errors()).contains("No such container: nosuch");
  }

  @Test
  void tellsOfCopies() {
    Instant since = Instant.now();
    stage.docker("create", "--name", "cc", "busybox").ok();
    stage.docker("cp", "cc:/etc/passwd", "-").ok();
    assertThat(put("cc", "path=/root", new byte[1024]).status()).isEqualTo(200);
    stage.docker("export", "cc").ok();
    Instant until = Instant.now();
    String events =
        stage
            .api()
            .get(
                "/v1.51/events?since="
                    + VolumeStage.seconds(since)
                    + "&until="
                    + VolumeStage.seconds(until))
            .text();
    assertThat(events).contains("archive-path", "extract-to-dir", "export");
  }
}
