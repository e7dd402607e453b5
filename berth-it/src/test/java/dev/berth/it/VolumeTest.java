package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Volumes, binds and tmpfs, as the guides use them. */
@Order(SpineFirst.FIRST)
@Tag("blackbox")
class VolumeTest {
  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start().withBusybox();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @AfterEach
  void removeAll() {
    for (String id : engine.docker("ps", "-aq").run().lines()) {
      engine.docker("rm", "-f", "-v", id).run();
    }
    engine.docker("volume", "prune", "-af").run();
  }

  private static Command.Result docker(String... words) {
    return engine.docker(words).run();
  }

  private static List<String> usersOf(String volume) {
    return docker("ps", "-a", "--filter", "volume=" + volume, "--format", "{{.Names}}").lines();
  }

  private static Command.Result run(String line, String... options) {
    java.util.List<String> words = new java.util.ArrayList<>(java.util.List.of("run", "--rm"));
    words.addAll(java.util.List.of(options));
    words.addAll(java.util.List.of("busybox", "sh", "-c", line));
    return engine.docker(words.toArray(String[]::new)).run();
  }

  @Test
  void aNamedVolumeOutlivesItsContainers() {
    assertThat(engine.docker("volume", "create", "data").run().ok().line()).isEqualTo("data");
    run("echo kept > /d/file", "-v", "data:/d").ok();
    assertThat(run("cat /d/file", "--mount", "type=volume,src=data,dst=/d").ok().line())
        .isEqualTo("kept");
    assertThat(
            engine
                .docker(
                    "volume",
                    "inspect",
                    "--format",
                    "{{.Driver}} {{.Scope}} {{.Mountpoint}}",
                    "data")
                .run()
                .ok()
                .line())
        .isEqualTo("local local " + engine.dataRoot() + "/volumes/data/_data");
    assertThat(engine.docker("volume", "ls", "-q", "--filter", "dangling=true").run().line())
        .isEqualTo("data");
    engine.docker("volume", "rm", "data").run().ok();
  }

  @Test
  void copiesTheImagesContentUpOnce() {
    String listing = "cat /v/passwd | head -1; stat -c %a /v";
    assertThat(run(listing, "-v", "etc:/etc", "-v", "etc:/v").exitCode()).isZero();
    assertThat(run("head -1 /v/passwd", "-v", "etc:/v").ok().line())
        .isEqualTo("root:x:0:0:root:/root:/bin/sh");
    assertThat(run("ls /etc/passwd", "-v", "empty:/etc:nocopy").exitCode()).isNotZero();
  }

  @Test
  void anonymousVolumesGoWithTheirContainer() {
    engine.docker("create", "--name", "anon", "-v", "/x", "busybox").run().ok();
    String name = engine.docker("volume", "ls", "-q").run().line();
    assertThat(name).matches("[0-9a-f]{64}");
    engine.docker("rm", "anon").run().ok();
    assertThat(engine.docker("volume", "ls", "-q").run().line()).isEqualTo(name);
    engine.docker("volume", "prune", "-f").run().ok();
    assertThat(engine.docker("volume", "ls", "-q").run().line()).isEmpty();
    run("true", "-v", "/x").ok();
    assertThat(engine.docker("volume", "ls", "-q").run().line()).isEmpty();
  }

  @Test
  void findsContainersByTheirVolume() {
    docker("create", "--name", "first", "-v", "shared:/data", "busybox").ok();
    docker("create", "--name", "second", "-v", "shared:/other:ro", "-v", "more:/more", "busybox")
        .ok();
    docker("create", "--name", "third", "busybox").ok();
    assertThat(usersOf("shared")).containsExactlyInAnyOrder("first", "second");
    assertThat(usersOf("more")).containsExactly("second");
    assertThat(usersOf("/data")).containsExactly("first");
    assertThat(usersOf("nosuch")).isEmpty();
    assertThat(docker("volume", "rm", "shared").errors())
        .containsPattern("volume is in use - \\[[0-9a-f]{64}, [0-9a-f]{64}\\]");
    docker("rm", "first", "second").ok();
    docker("volume", "rm", "shared", "more").ok();
  }

  @Test
  void refusesToRemoveWhatIsUsed() {
    String id =
        engine.docker("create", "--name", "user", "-v", "busy:/x", "busybox").run().ok().line();
    assertThat(engine.docker("volume", "rm", "busy").run().errors())
        .contains("remove busy: volume is in use - [" + id + "]");
    assertThat(engine.docker("volume", "rm", "nosuch").run().errors())
        .contains("get nosuch: no such volume");
    assertThat(engine.docker("volume", "create", "bad/name").run().errors())
        .contains("includes invalid characters for a local volume name");
  }

  @Test
  void bindMounts() throws IOException {
    Path folder = Files.createDirectory(engine.folder().resolve("bound"));
    Files.writeString(folder.resolve("in"), "from host");
    assertThat(run("cat /m/in; echo back > /m/out", "-v", folder + ":/m").ok().line())
        .isEqualTo("from host");
    assertThat(Files.readString(folder.resolve("out"))).isEqualTo("back\n");
    assertThat(run("touch /m/x", "-v", folder + ":/m:ro").errors())
        .contains("Read-only file system");
    assertThat(
            run("touch /m/x", "--mount", "type=bind,src=" + folder + ",dst=/m,readonly").errors())
        .contains("Read-only file system");
    assertThat(run("cat /file", "-v", folder + "/in:/file").ok().line()).isEqualTo("from host");
    Path absent = engine.folder().resolve("absent");
    assertThat(run("true", "--mount", "type=bind,src=" + absent + ",dst=/m").errors())
        .contains("bind source path does not exist: " + absent);
    run("true", "-v", absent + ":/m").ok();
    assertThat(absent).isDirectory();
  }

  @Test
  void tmpfs() {
    assertThat(run("mount | grep ' /t '", "--tmpfs", "/t:size=1m,mode=1777,noexec").ok().line())
        .contains("tmpfs")
        .contains("size=1024k")
        .contains("noexec");
    assertThat(
            run(
                    "df -k /t | tail -1 | awk '{print $2}'",
                    "--mount",
                    "type=tmpfs,dst=/t,tmpfs-size=65536")
                .ok()
                .line())
        .isEqualTo("64");
  }

  @Test
  void volumesFrom() {
    engine.docker("create", "--name", "owner", "-v", "shared:/s", "busybox").run().ok();
    run("echo x > /s/f", "--volumes-from", "owner").ok();
    assertThat(run("touch /s/g", "--volumes-from", "owner:ro").errors())
        .contains("Read-only file system");
  }

  @Test
  void nestedMountsInAnyOrder() {
    assertThat(
            run("echo 1 > /a/b/f; ls /a/b; ls /a", "-v", "inner:/a/b", "-v", "outer:/a")
                .ok()
                .line())
        .isEqualTo("f\nb");
  }

  @Test
  void refusesBadMounts() {
    assertThat(run("true", "-v", "aa:rel").errors()).contains("mount path must be absolute");
    assertThat(run("true", "-v", "/srv:/m", "-v", "/tmp:/m").errors())
        .contains("Duplicate mount point: /m");
    assertThat(run("true", "-v", "x:/m:bad").errors()).contains("invalid mode: bad");
  }
}
