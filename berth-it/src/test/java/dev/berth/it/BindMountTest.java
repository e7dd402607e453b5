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

/** Directories and files of the host in containers, in the short form and the long one. */
@Tag("blackbox")
class BindMountTest {
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
    return Files.createDirectories(stage.engine().folder().resolve("binds").resolve(name));
  }

  private static void refused(ApiClient.Answer answer, String message) {
    assertThat(answer.status() + " " + answer.message()).isEqualTo("400 " + message);
  }

  @Test
  void makesAMissingSourceOnlyInTheShortForm() throws IOException {
    Path missing = folder("parent").resolve("nosuch");
    assertThat(stage.run("stat -c '%u:%g %a' /m", "-v", missing + ":/m").ok().line())
        .isEqualTo("0:0 755");
    assertThat(missing).isDirectory();
    Path other = missing.resolveSibling("nosuch2");
    refused(
        stage.mounts("[{\"Type\":\"bind\",\"Source\":\"" + other + "\",\"Target\":\"/m\"}]"),
        "invalid mount config for type \"bind\": bind source path does not exist: " + other);
    assertThat(other).doesNotExist();
    assertThat(
            stage
                .mounts(
                    "[{\"Type\":\"bind\",\"Source\":\""
                        + other
                        + "\",\"Target\":\"/m\",\"BindOptions\":{\"CreateMountpoint\":true}}]")
                .status())
        .isEqualTo(201);
  }

  @Test
  void refusesWhatIsNoSpecification() {
    refused(
        stage.create("\"Binds\":[\"/srv/b1:rel\"]"),
        "invalid volume specification: '/srv/b1:rel': invalid mount config for type \"bind\":"
            + " invalid mount path: 'rel' mount path must be absolute");
    refused(stage.create("\"Binds\":[\"/srv:/m:bad\"]"), "invalid mode: bad");
    refused(stage.create("\"Binds\":[\"/srv:/m:ro,rw\"]"), "invalid mode: ro,rw");
    refused(
        stage.create("\"Binds\":[\"/srv:/m:nocopy\"]"),
        "invalid volume specification: '/srv:/m:nocopy': invalid mount config for type \"bind\":"
            + " field VolumeOptions must not be specified");
    assertThat(stage.docker("ps", "-aq").line()).isEmpty();
  }

  @Test
  void refusesRelativeVolumesAtCreation() {
    for (String path : new String[] {"aa:rel", "rel"}) {
      refused(
          stage
              .api()
              .post(
                  "/v1.51/containers/create",
                  "{\"Image\":\"busybox\",\"Volumes\":{\"" + path + "\":{}}}"),
          "invalid volume specification: '"
              + path
              + "': invalid mount config for type \"volume\": invalid mount path: '"
              + path
              + "' mount path must be absolute");
    }
    assertThat(stage.docker("ps", "-aq").line()).isEmpty();
    assertThat(stage.docker("volume", "ls", "-q").line()).isEmpty();
  }

  @Test
  void refusesTwoMountsOnOneTarget() throws IOException {
    Path one = folder("one");
    refused(
        stage.create("\"Binds\":[\"" + one + ":/m\",\"" + one + ":/m\"]"),
        "Duplicate mount point: /m");
    refused(
        stage.create(
            "\"Binds\":[\""
                + one
                + ":/m\"],\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"vv\",\"Target\":\"/m\"}]"),
        "Duplicate mount point: /m");
    refused(
        stage.mounts(
            "[{\"Type\":\"tmpfs\",\"Target\":\"/m\"},"
                + "{\"Type\":\"volume\",\"Source\":\"vv\",\"Target\":\"/m\"}]"),
        "Duplicate mount point: /m");
    assertThat(stage.docker("volume", "ls", "-q").line()).as("nothing was made").isEmpty();
  }

  @Test
  void aFileCanBeReadOnly() throws IOException {
    Path file = Files.writeString(folder("files").resolve("only"), "read\n");
    String line = "cat /etc/deep/only; echo more >> /etc/deep/only";
    Command.Result result = stage.run(line, "-v", file + ":/etc/deep/only:ro");
    assertThat(result.line()).isEqualTo("read");
    assertThat(result.errors()).contains("Read-only file system");
    assertThat(file).hasContent("read\n");
  }

  @Test
  void aFileOnADirectoryFailsAtTheStart() throws IOException {
    Path file = Files.writeString(folder("files").resolve("file"), "x");
    ApiClient.Answer created = stage.create("\"Binds\":[\"" + file + ":/etc\"]");
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    String id = created.json().path("Id").asText();
    ApiClient.Answer started = stage.api().post("/v1.51/containers/" + id + "/start", "");
    assertThat(started.status()).as(started.text()).isEqualTo(400);
    assertThat(started.message())
        .endsWith(
            "not a directory: Are you trying to mount a directory onto a file (or vice-versa)?"
                + " Check if the specified host path exists and is the expected type");
  }

  @Test
  void aSingleFileAndASocket() throws IOException {
    Path file = Files.writeString(folder("files").resolve("single"), "content\n");
    assertThat(stage.run("cat /etc/single", "-v", file + ":/etc/single").ok().line())
        .isEqualTo("content");
    Path socket = stage.engine().socket();
    assertThat(stage.run("test -S /sock && echo socket", "-v", socket + ":/sock").ok().line())
        .isEqualTo("socket");
  }

  @Test
  void readOnlyForOneAndWritableForAnother() {
    stage.keep("writer", "-v", "rov:/d");
    stage.keep("reader", "-v", "rov:/d:ro");
    stage.exec("writer", "echo x > /d/f").ok();
    assertThat(stage.exec("reader", "cat /d/f").ok().line()).isEqualTo("x");
    assertThat(stage.exec("reader", "touch /d/g").errors()).contains("Read-only file system");
    assertThat(stage.run("touch /d/g", "--mount", "src=rov,dst=/d,readonly").errors())
        .contains("Read-only file system");
  }

  @Test
  void oneVolumeAtTwoTargets() {
    assertThat(stage.run("echo x > /a1/f; cat /a2/f", "-v", "vv:/a1", "-v", "vv:/a2").ok().line())
        .isEqualTo("x");
  }

  @Test
  void mountsOfTheHostAppearWithRslave() throws IOException {
    Path shared = folder("slave");
    stage.keep("cc", "--mount", "type=bind,src=" + shared + ",dst=/m,bind-propagation=rslave");
    assertThat(stage.exec("cc", "grep ' /m ' /proc/self/mountinfo").ok().line())
        .containsPattern("master:\\d+")
        .doesNotContain("shared:");
    Files.createDirectories(shared.resolve("inner"));
    stage.onHost("mount -t tmpfs tmpfs " + shared + "/inner && touch " + shared + "/inner/seen");
    assertThat(stage.exec("cc", "ls /m/inner").ok().line()).isEqualTo("seen");
    stage.onHost("umount " + shared + "/inner");
    assertThat(stage.exec("cc", "ls /m/inner").ok().line()).isEmpty();
  }

  @Test
  void mountsOfTheContainerAppearWithRshared() throws IOException {
    Path shared = folder("shared");
    Files.createDirectories(shared.resolve("inner"));
    stage.keep("cc", "--privileged", "-v", shared + ":/m:rshared");
    assertThat(stage.exec("cc", "grep ' /m ' /proc/self/mountinfo").ok().line())
        .containsPattern("shared:\\d+");
    stage.exec("cc", "mount -t tmpfs tmpfs /m/inner && touch /m/inner/seen").ok();
    assertThat(stage.onHost("ls " + shared + "/inner; umount " + shared + "/inner"))
        .isEqualTo("seen");
  }

  @Test
  void mountsStayApartByDefault() throws IOException {
    Path own = folder("private");
    Files.createDirectories(own.resolve("inner"));
    stage.keep("cc", "-v", own + ":/m");
    stage.onHost("mount -t tmpfs tmpfs " + own + "/inner && touch " + own + "/inner/seen");
    assertThat(stage.exec("cc", "ls /m/inner").ok().line()).isEmpty();
    stage.onHost("umount " + own + "/inner");
    refused(
        stage.mounts(
            "[{\"Type\":\"bind\",\"Source\":\""
                + own
                + "\",\"Target\":\"/m\",\"BindOptions\":{\"Propagation\":\"bad\"}}]"),
        "invalid mount config for type \"bind\": invalid propagation mode: bad");
  }

  @Test
  void readOnlyHoldsForMountsBelowUnlessItIsSaid() throws IOException {
    Path source = folder("tree");
    Files.createDirectories(source.resolve("below"));
    stage.onHost("mount -t tmpfs below " + source + "/below");
    String mount = "type=bind,src=" + source + ",dst=/m,readonly";
    String write = "for f in /m/x /m/below/x; do touch $f 2>/dev/null && echo $f; done; true";
    assertThat(stage.run(write, "--mount", mount).ok().line()).isEmpty();
    assertThat(stage.run(write, "-v", source + ":/m:ro").ok().line()).isEmpty();
    assertThat(stage.run(write, "--mount", mount + ",bind-recursive=writable").ok().line())
        .isEqualTo("/m/below/x");
    assertThat(stage.run("ls /m/below", "--mount", mount).ok().line()).isEqualTo("x");
    assertThat(
            stage
                .run("ls /m/below; ls /m", "--mount", mount + ",bind-recursive=disabled")
                .ok()
                .line())
        .isEqualTo("below");
    stage.onHost("umount " + source + "/below");
  }

  @Test
  void readOnlyOfOlderClientsSaysNothingOfMountsBelow() throws IOException {
    Path source = folder("older");
    Files.createDirectories(source.resolve("below"));
    stage.onHost("mount -t tmpfs below " + source + "/below");
    String body =
        "{\"Image\":\"busybox\",\"Cmd\":[\"touch\",\"/m/below/x\"],\"HostConfig\":{\"Mounts\":"
            + "[{\"Type\":\"bind\",\"Source\":\""
            + source
            + "\",\"Target\":\"/m\",\"ReadOnly\":true}]}}";
    assertThat(stage.api().post("/v1.43/containers/create?name=older", body).status())
        .isEqualTo(201);
    stage.docker("start", "--attach", "older").ok();
    stage.onHost("umount " + source + "/below");
  }

  @Test
  void volumesOfAnotherContainer() throws IOException {
    Path bound = folder("from");
    stage
        .docker(
            "create",
            "--name",
            "vf",
            "-v",
            "vv:/d",
            "-v",
            bound + ":/b:ro",
            "-v",
            "/anon",
            "busybox")
        .ok();
    stage.keep("cc", "--volumes-from", "vf");
    stage.exec("cc", "echo x > /d/f; echo y > /anon/f").ok();
    assertThat(stage.exec("cc", "touch /b/f").errors()).contains("Read-only file system");
    assertThat(stage.docker("inspect", "--format", "{{json .HostConfig.VolumesFrom}}", "cc").line())
        .isEqualTo("[\"vf\"]");
    assertThat(stage.run("cat /d/f /anon/f", "--volumes-from", "vf:ro").ok().lines())
        .containsExactly("x", "y");
    assertThat(stage.run("touch /d/g", "--volumes-from", "vf:ro").errors())
        .contains("Read-only file system");
    refused(stage.create("\"VolumesFrom\":[\"vf:bad\"]"), "invalid mode: bad");
  }

  @Test
  void ownMountsWinOverInheritedOnes() throws IOException {
    stage.run("echo theirs > /d/f", "-v", "theirs:/d").ok();
    stage.run("echo mine > /d/f", "-v", "mine:/d").ok();
    stage.docker("create", "--name", "vf", "-v", "theirs:/d", "busybox").ok();
    assertThat(stage.run("cat /d/f", "--volumes-from", "vf", "-v", "mine:/d").ok().line())
        .isEqualTo("mine");
  }
}
