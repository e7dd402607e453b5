package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Volumes as whole objects, with the archives that the guides make and take. */
@Tag("blackbox")
class VolumeObjectsTest {
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

  private static Command.Result berth(String... words) {
    return stage.engine().berth(words).run();
  }

  private static Path file(String name) {
    return stage.engine().folder().resolve(name);
  }

  private static String list(String volume) {
    return stage
        .run(
            "cd /data && find . | sort | xargs ls -ldn | awk '{print $1,$2,$3,$4,$9,$10,$11}'",
            "-v",
            volume + ":/data")
        .ok()
        .text();
  }

  private static void fill(String volume) {
    stage
        .run(
            "cd /data; mkdir -p sub/deep; echo one > sub/one; echo two > sub/deep/two;"
                + " ln -s ../../etc/passwd away; ln sub/one again; mkfifo pipe; chown 70:71 sub;"
                + " chmod 2750 sub; echo mark > .wh.file; touch -d '2020-01-02 03:04:05' sub/one;"
                + " chmod 1777 .",
            "-v",
            volume + ":/data")
        .ok();
  }

  @Test
  void whatPlainTarReadsAndWrites() {
    fill("source");
    berth("volume", "export", "-o", file("plain.tar").toString(), "source").ok();
    Command.Result names = Command.of("tar", "tf", file("plain.tar").toString()).run().ok();
    assertThat(names.lines()).contains("./", "./sub/", "./sub/deep/two", "./away", "./.wh.file");
    stage
        .run(
            "tar xf /backup/plain.tar -C /data",
            "-v",
            "busybox-made:/data",
            "-v",
            file("") + ":/backup")
        .ok();
    assertThat(list("busybox-made")).isEqualTo(list("source"));
    stage
        .run(
            "tar czf /backup/guide.tar.gz -C /data .",
            "-v",
            "source:/data",
            "-v",
            file("") + ":/backup")
        .ok();
    assertThat(berth("volume", "import", "imported", file("guide.tar.gz").toString()).ok().line())
        .isEqualTo("imported");
    assertThat(list("imported")).isEqualTo(list("source"));
  }

  @Test
  void theGuidesArchiveOfAWholeFolderIsStripped() {
    fill("source");
    stage
        .run(
            "tar czf /backup/whole.tar.gz /data 2>/dev/null",
            "-v",
            "source:/data",
            "-v",
            file("") + ":/backup")
        .ok();
    berth("volume", "import", "--strip", "1", "stripped", file("whole.tar.gz").toString()).ok();
    assertThat(list("stripped")).isEqualTo(list("source"));
  }

  @Test
  void everyCompressionGoesThroughAPipe() {
    fill("source");
    for (String compression : List.of("none", "gzip", "zstd")) {
      byte[] archive =
          berth("volume", "export", "--compression", compression, "source").ok().output();
      stage.engine().berth("volume", "import", "by-" + compression).input(archive).run().ok();
      assertThat(list("by-" + compression)).as(compression).isEqualTo(list("source"));
    }
    byte[] plain = berth("volume", "export", "source").ok().output();
    byte[] xz = Command.of("xz", "-c").input(plain).run().ok().output();
    stage.engine().berth("volume", "import", "by-xz").input(xz).run().ok();
    assertThat(list("by-xz")).isEqualTo(list("source"));
  }

  @Test
  void anImportIntoWhatIsThereNeedsAWord() {
    fill("source");
    byte[] archive = berth("volume", "export", "source").ok().output();
    stage.run("echo mine > /data/mine", "-v", "target:/data").ok();
    Command.Result refused =
        stage.engine().berth("volume", "import", "target").input(archive).run();
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.errors()).contains("volume target is not empty");
    stage.engine().berth("volume", "import", "--merge", "target").input(archive).run().ok();
    assertThat(list("target")).contains("./mine", "./sub/deep/two");
    stage.engine().berth("volume", "import", "--force", "target").input(archive).run().ok();
    assertThat(list("target")).isEqualTo(list("source"));
  }

  @Test
  void brokenAndHostileArchivesLeaveNothing() throws IOException {
    fill("source");
    byte[] archive = berth("volume", "export", "source").ok().output();
    byte[] cutInAMember = Arrays.copyOf(archive, archive.length / 2 + 100);
    byte[] cutAtTheEnd = Arrays.copyOf(archive, archive.length - 1024);
    byte[] zipped = berth("volume", "export", "-z", "source").ok().output();
    byte[] cutZip = Arrays.copyOf(zipped, zipped.length - 6);
    for (byte[] bad :
        List.of(
            cutInAMember,
            cutAtTheEnd,
            cutZip,
            new byte[0],
            climbing(),
            "text".getBytes(StandardCharsets.UTF_8))) {
      Command.Result refused = stage.engine().berth("volume", "import", "broken").input(bad).run();
      assertThat(refused.exitCode()).as(refused.errors()).isEqualTo(1);
      assertThat(refused.errors()).contains("the archive cannot be taken");
    }
    assertThat(stage.docker("volume", "ls", "-q").lines()).containsExactly("source");
    try (var folders = Files.list(stage.engine().dataRoot().resolve("volumes"))) {
      assertThat(folders.map(path -> path.getFileName().toString())).containsExactly("source");
    }
    assertThat(file("climbed")).doesNotExist();
  }

  /** A member whose name climbs out of the volume. */
  private static byte[] climbing() throws IOException {
    Path folder = Files.createTempDirectory(stage.engine().folder(), "hostile");
    Files.writeString(folder.resolve("climbed"), "climbed");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(
        Command.of(
                "tar",
                "-c",
                "-P",
                "--transform",
                "s,^,../../../../,",
                "-C",
                folder.toString(),
                "climbed")
            .run()
            .ok()
            .output());
    return all.toByteArray();
  }

  @Test
  void aCopyIsAnotherVolumeWithTheSameContent() {
    stage.docker("volume", "create", "--label", "tier=gold", "source").ok();
    fill("source");
    berth("volume", "copy", "source", "copied").ok();
    assertThat(list("copied")).isEqualTo(list("source"));
    stage.run("rm -r /data/sub", "-v", "copied:/data").ok();
    assertThat(list("source")).contains("./sub/deep/two");
    JsonNode copied = stage.api().get("/volumes/copied").json();
    assertThat(copied.path("Labels").path("tier").asText()).isEqualTo("gold");
    Command.Result taken = berth("volume", "copy", "source", "copied");
    assertThat(taken.errors()).contains("volume copied exists already");
  }

  @Test
  void snapshotsAreKeptAndBroughtBack() {
    fill("source");
    String before = list("source");
    assertThat(berth("volume", "snapshot", "source", "first").ok().line()).isEqualTo("first");
    stage.run("rm -rf /data/sub; echo new > /data/new", "-v", "source:/data").ok();
    berth("volume", "snapshot", "source").ok();
    assertThat(berth("volume", "snapshots", "-q", "source").lines()).hasSize(2);
    berth("volume", "restore", "source", "first").ok();
    assertThat(list("source")).isEqualTo(before);
    byte[] kept = berth("volume", "export", "--snapshot", "first", "source").ok().output();
    stage.engine().berth("volume", "import", "from-snapshot").input(kept).run().ok();
    assertThat(list("from-snapshot")).isEqualTo(before);
    berth("volume", "snapshot-rm", "source", "first").ok();
    assertThat(berth("volume", "snapshots", "-q", "source").lines()).hasSize(1);
    assertThat(berth("volume", "restore", "source", "first").errors())
        .contains("volume source has no snapshot first");
    stage.docker("volume", "rm", "source").ok();
    stage.docker("volume", "create", "source").ok();
    assertThat(berth("volume", "snapshots", "-q", "source").lines()).isEmpty();
  }

  @Test
  void stoppedContainersFollowARenamedVolume() {
    stage.run("echo kept > /data/file", "-v", "before:/data").ok();
    stage
        .docker("create", "--name", "user", "-v", "before:/data", "busybox", "cat", "/data/file")
        .ok();
    stage
        .docker(
            "create",
            "--name",
            "long",
            "--mount",
            "type=volume,src=before,dst=/data",
            "busybox",
            "cat",
            "/data/file")
        .ok();
    berth("volume", "snapshot", "before", "s1").ok();
    assertThat(berth("volume", "rename", "before", "after").ok().line()).isEqualTo("after");
    assertThat(stage.docker("start", "-a", "user").ok().line()).isEqualTo("kept");
    assertThat(stage.docker("start", "-a", "long").ok().line()).isEqualTo("kept");
    JsonNode user = stage.api().get("/containers/user/json").json();
    assertThat(user.path("Mounts").path(0).path("Name").asText()).isEqualTo("after");
    assertThat(user.path("HostConfig").path("Binds").path(0).asText()).isEqualTo("after:/data");
    assertThat(stage.docker("volume", "rm", "after").errors()).contains("volume is in use");
    assertThat(berth("volume", "snapshots", "-q", "after").lines()).containsExactly("s1");
    assertThat(stage.docker("volume", "ls", "-q").lines()).containsExactly("after");
    stage.engine().killEngine();
    stage.engine().startEngine();
    assertThat(stage.docker("start", "-a", "user").ok().line()).isEqualTo("kept");
  }

  @Test
  void runningContainersKeepTheirVolume() {
    stage.keep("runner", "-v", "busy:/data");
    berth("volume", "snapshot", "busy", "s1").ok();
    for (String[] words :
        List.of(
            new String[] {"volume", "restore", "busy", "s1"},
            new String[] {"volume", "rename", "busy", "other"})) {
      Command.Result refused = berth(words);
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.errors()).contains("while containers run with it");
    }
    assertThat(stage.exec("runner", "echo x > /data/x && cat /data/x").ok().line()).isEqualTo("x");
  }

  @Test
  void writersArePausedAndGoOn() {
    Instant since = Instant.now();
    stage
        .docker(
            "run",
            "-d",
            "--name",
            "writer",
            "-v",
            "busy:/data",
            "busybox",
            "sh",
            "-c",
            "i=0; while :; do i=$((i+1)); echo $i > /data/a; echo $i > /data/b; done")
        .ok();
    berth("volume", "snapshot", "--consistency", "pause", "busy", "still").ok();
    berth("volume", "export", "--consistency", "pause", "busy").ok();
    assertThat(stage.docker("inspect", "-f", "{{.State.Status}}", "writer").line())
        .isEqualTo("running");
    List<String> events = stage.events(since, "container=writer", "{{.Action}}");
    assertThat(events).containsSubsequence("pause", "unpause", "pause", "unpause");
    Command.Result frozen = berth("volume", "export", "--consistency", "freeze", "busy");
    assertThat(frozen.errors()).contains("volume busy cannot be frozen");
  }

  @Test
  void labelsAreAddedAndRemoved() {
    stage.docker("volume", "create", "--label", "a=1", "--label", "b=2", "labelled").ok();
    berth("volume", "update", "--label-add", "c=3", "--label-rm", "a", "labelled").ok();
    JsonNode labels = stage.api().get("/volumes/labelled").json().path("Labels");
    assertThat(labels.size()).isEqualTo(2);
    assertThat(labels.path("b").asText()).isEqualTo("2");
    assertThat(labels.path("c").asText()).isEqualTo("3");
    assertThat(stage.docker("volume", "ls", "-q", "--filter", "label=c=3").lines())
        .containsExactly("labelled");
  }

  @Test
  void everyOperationIsTold() {
    Instant since = Instant.now();
    fill("source");
    byte[] archive = berth("volume", "export", "source").ok().output();
    stage.engine().berth("volume", "import", "made").input(archive).run().ok();
    berth("volume", "copy", "source", "copied").ok();
    berth("volume", "snapshot", "source", "s1").ok();
    berth("volume", "restore", "source", "s1").ok();
    berth("volume", "snapshot-rm", "source", "s1").ok();
    berth("volume", "rename", "source", "renamed").ok();
    berth("volume", "update", "--label-add", "x=1", "renamed").ok();
    List<String> told = stage.events(since, "type=volume", "{{.Action}} {{.Actor.ID}}");
    assertThat(told)
        .contains(
            "export source",
            "import made",
            "copy copied",
            "snapshot source",
            "restore source",
            "snapshot-remove source",
            "rename renamed",
            "update renamed");
  }

  /** The folder that is exported turns into a link to the host's, again and again. */
  @Test
  void aLinkThatIsExchangedLeadsNowhere() throws IOException {
    Path secret = Files.createDirectories(file("secret"));
    Files.writeString(secret.resolve("key"), "the host's secret");
    stage
        .docker(
            "run",
            "-d",
            "--name",
            "swapper",
            "-v",
            "hostile:/data",
            "busybox",
            "sh",
            "-c",
            "cd /data; mkdir real; echo mine > real/key; mkdir sub; cp -r real sub/real;"
                + " ln -s "
                + secret
                + " link;"
                + " while :; do mv real keep; mv link real; mv real link; mv keep real; done")
        .ok();
    for (int i = 0; i < 10; i++) {
      byte[] archive = berth("volume", "export", "hostile").ok().output();
      assertThat(new String(archive, StandardCharsets.ISO_8859_1))
          .doesNotContain("the host's secret");
      berth("volume", "copy", "hostile", "copied").ok();
      assertThat(stage.run("cat /data/*/key /data/key", "-v", "copied:/data").text())
          .doesNotContain("the host's secret");
      stage.docker("volume", "rm", "copied").ok();
    }
    assertThat(secret.resolve("key")).hasContent("the host's secret");
  }

  @Test
  void whatIsBeingChangedIsShutAndWhatIsBeingMadeIsUnseen() {
    fill("target");
    String before = list("target");
    berth("volume", "export", "-o", file("slow.tar").toString(), "target").ok();
    CompletableFuture<Command.Result> over = slowImport("--force target");
    awaitStage("target");
    assertThat(stage.run("true", "-v", "target:/data").errors()).contains("is being imported into");
    assertThat(stage.docker("volume", "rm", "target").errors()).contains("is being imported into");
    assertThat(berth("volume", "rename", "target", "other").errors())
        .contains("is being imported into");
    letItEnd(over);
    assertThat(list("target")).isEqualTo(before);
    CompletableFuture<Command.Result> anew = slowImport("unseen");
    awaitStage("");
    assertThat(stage.docker("volume", "create", "unseen").errors()).contains("is being imported");
    assertThat(stage.docker("volume", "ls", "-q").lines()).containsExactly("target");
    letItEnd(anew);
    assertThat(list("unseen")).isEqualTo(before);
  }

  /** Waits until something is put together in this folder below that of all volumes. */
  private static void awaitStage(String folder) {
    Path place = stage.engine().dataRoot().resolve("volumes").resolve(folder);
    Eventually.holds(
        "a stage in " + place, () -> stage.onHost("ls -A " + place).contains(".staging-"));
  }

  /**
   * An import whose archive comes in two parts; the second one when {@link #letItEnd} is called.
   */
  private static CompletableFuture<Command.Result> slowImport(String words) {
    String line =
        "cd %s && rm -f go && (head -c 3000 slow.tar; until [ -e go ]; do sleep 0.1; done;"
            + " tail -c +3001 slow.tar) | %s --host %s volume import %s";
    String filled = line.formatted(file(""), EngineUnderTest.berth(), stage.engine().host(), words);
    return CompletableFuture.supplyAsync(
        () -> stage.engine().onHost("sh", "-c", filled).run(),
        task -> Thread.ofPlatform().start(task));
  }

  private static void letItEnd(CompletableFuture<Command.Result> running) {
    stage.onHost("touch " + file("go"));
    running.join().ok();
  }
}
