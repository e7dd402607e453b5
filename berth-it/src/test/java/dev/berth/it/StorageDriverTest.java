package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same life of a container on every storage driver. */
@Tag("blackbox")
class StorageDriverTest {
  @Test
  void vfs() {
    EngineUnderTest engine = EngineUnderTest.start("--storage-driver", "vfs");
    try (VolumeStage stage = VolumeStage.on(engine)) {
      assertThat(driver(stage)).isEqualTo("vfs");
      usesItsRoot(stage);
      Command.Result refused =
          stage.docker("run", "--rm", "--storage-opt", "size=1G", "busybox", "true");
      assertThat(refused.errors())
          .contains("Filesystem does not support, or has not enabled quotas");
    }
  }

  @Test
  void btrfs() {
    EngineUnderTest engine = EngineUnderTest.prepare("--storage-driver", "btrfs");
    assumeTrue(mountBtrfs(engine), "no btrfs in this kernel");
    engine.startEngine();
    try (VolumeStage stage = VolumeStage.on(engine)) {
      assertThat(driver(stage)).isEqualTo("btrfs");
      assertThat(stage.docker("info", "--format", "{{json .DriverStatus}}").line())
          .startsWith("[[\"Btrfs\",");
      usesItsRoot(stage);
      limitsItsSize(stage);
      survivesAKill(stage);
    }
  }

  @Test
  void overlay() {
    EngineUnderTest engine = EngineUnderTest.start();
    try (VolumeStage stage = VolumeStage.on(engine)) {
      assertThat(driver(stage)).isEqualTo("overlay2");
      assertThat(stage.docker("info", "--format", "{{json .DriverStatus}}").line())
          .contains("[\"Backing Filesystem\",")
          .contains("[\"Supports d_type\",\"true\"]")
          .contains("[\"Using metacopy\",\"false\"]")
          .contains("[\"Native Overlay Diff\",\"true\"]")
          .contains("[\"userxattr\",\"false\"]");
      usesItsRoot(stage);
      survivesAKill(stage);
    }
  }

  @Test
  void aContainerStaysWithItsDriverWhenTheEngineChangesIt() {
    EngineUnderTest engine = EngineUnderTest.start();
    try (VolumeStage stage = VolumeStage.on(engine)) {
      stage.keep("first");
      stage.exec("first", "echo kept > /root/file").ok();
      engine.stopEngine();
      engine.useFlags("--storage-driver", "vfs");
      engine.startEngine();

      assertThat(stage.exec("first", "cat /root/file").ok().line()).isEqualTo("kept");
      stage.keep("second");
      assertThat(stage.docker("inspect", "-f", "{{.Driver}}", "first", "second").lines())
          .containsExactly("overlay2", "vfs");
      stage.docker("restart", "-t", "0", "first").ok();
      assertThat(stage.exec("first", "cat /root/file").ok().line()).isEqualTo("kept");
      stage.docker("rm", "-f", "first", "second").ok();
      assertThat(engine.dataRoot().resolve("overlay2")).isEmptyDirectory();
      assertThat(engine.dataRoot().resolve("vfs")).isEmptyDirectory();
    }
  }

  @Test
  void refusesDriversThatThereAreNot() {
    for (String name : List.of("aufs", "devicemapper", "zfs", "overlay", "fuse-overlayfs")) {
      assertThat(refusal("--storage-driver", name))
          .contains("storage driver \"" + name + "\"")
          .contains("use overlay2");
    }
    assertThat(refusal("--storage-driver", "nonsense")).contains("no such driver");
    assertThat(refusal("--storage-driver", "overlay2", "--storage-opt", "overlay2.nonsense=1"))
        .contains("overlay2: unknown option overlay2.nonsense");
    assertThat(refusal("--storage-driver", "overlay2", "--storage-opt", "overlay2.size=1G"))
        .contains("Storage option overlay2.size not supported");
    assertThat(refusal("--storage-driver", "btrfs")).contains("needs a btrfs file system below");
  }

  private static String refusal(String... flags) {
    EngineUnderTest engine = EngineUnderTest.prepare(flags);
    try {
      Command.Result refused = Command.of(engine.engineCommand()).run();
      assertThat(refused.exitCode()).isNotZero();
      return refused.text() + refused.errors();
    } finally {
      engine.close();
    }
  }

  private static boolean mountBtrfs(EngineUnderTest engine) {
    Path image = engine.folder().resolve("btrfs.image");
    Command.of("truncate", "-s", "600M", image.toString()).run().ok();
    Command.of("mkfs.btrfs", "-q", image.toString()).run().ok();
    Command.of("mkdir", engine.dataRoot().toString()).run().ok();
    return engine
            .onHost("mount", "-o", "loop", image.toString(), engine.dataRoot().toString())
            .run()
            .exitCode()
        == 0;
  }

  private static String driver(VolumeStage stage) {
    return stage.docker("info", "--format", "{{.Driver}}").ok().line();
  }

  private static void usesItsRoot(VolumeStage stage) {
    stage.keep("user");
    stage.exec("user", "echo own > /root/own; rm /etc/passwd; ln /root/own /root/twin").ok();
    assertThat(stage.docker("diff", "user").lines())
        .contains("A /root/own", "A /root/twin", "D /etc/passwd", "C /root", "C /etc")
        .noneMatch(line -> line.endsWith("/bin/busybox"));
    assertThat(stage.docker("ps", "-s", "--format", "{{.Size}}").line()).startsWith("4B");
    stage.docker("commit", "user", "copy").ok();
    assertThat(stage.docker("run", "--rm", "copy", "cat", "/root/twin").ok().line())
        .isEqualTo("own");
    assertThat(stage.docker("run", "--rm", "copy", "ls", "/etc").ok().lines())
        .doesNotContain("passwd");
    assertThat(stage.docker("run", "--rm", "busybox", "ls", "/root").ok().line()).isEmpty();
    stage.docker("restart", "-t", "0", "user").ok();
    assertThat(stage.exec("user", "cat /root/own").ok().line()).isEqualTo("own");
    Path exported = stage.engine().folder().resolve("exported");
    stage.docker("cp", "user:/root/own", exported.toString()).ok();
    assertThat(exported).hasContent("own");
    stage.docker("cp", exported.toString(), "user:/root/back").ok();
    assertThat(stage.exec("user", "cat /root/back").ok().line()).isEqualTo("own");
    byte[] tree = stage.docker("export", "user").ok().output();
    assertThat(Command.of("tar", "-t").input(tree).run().ok().lines())
        .contains("root/own", "bin/busybox")
        .doesNotContain("etc/passwd");
    stage.docker("rm", "-f", "user").ok();
    stage.docker("rmi", "copy").ok();
  }

  private static void limitsItsSize(VolumeStage stage) {
    stage
        .docker(
            "run", "-d", "--name", "small", "--storage-opt", "size=20M", "busybox", "sleep", "600")
        .ok();
    Command.Result full =
        stage.exec("small", "dd if=/dev/zero of=/root/much bs=1M count=60 && sync");
    assertThat(full.exitCode()).isNotZero();
    assertThat(full.errors()).contains("quota");
    stage.docker("rm", "-f", "small").ok();
    Command.Result unknown =
        stage.docker("run", "--rm", "--storage-opt", "nonsense=1", "busybox", "true");
    assertThat(unknown.errors()).contains("Unknown option nonsense");
  }

  private static void survivesAKill(VolumeStage stage) {
    stage.keep("survivor");
    stage.exec("survivor", "echo kept > /root/file").ok();
    stage.engine().killEngine();
    stage.engine().startEngine();
    assertThat(stage.exec("survivor", "cat /root/file").ok().line()).isEqualTo("kept");
    stage.docker("rm", "-f", "survivor").ok();
    assertThat(stage.docker("run", "--rm", "busybox", "echo", "on").ok().line()).isEqualTo("on");
  }
}
