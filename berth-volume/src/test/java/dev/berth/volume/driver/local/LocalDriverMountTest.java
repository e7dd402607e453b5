package dev.berth.volume.driver.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.linux.KernelFeature;
import dev.berth.testing.FreshHost;
import dev.berth.testing.HostCommand;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The local driver's options against the kernel. */
@FreshHost
class LocalDriverMountTest {
  private static final String USER = "u".repeat(64);
  private static final String OTHER = "o".repeat(64);

  @TempDir private Path folder;
  private LocalDriver driver;

  @BeforeEach
  void open() {
    driver = openAgain();
  }

  private LocalDriver openAgain() {
    return LocalDriver.open(folder.resolve("volumes"), Duration.ofSeconds(30));
  }

  @AfterEach
  void unmountAll() {
    driver.close();
    driver = openAgain();
    driver.settle();
    driver.close();
  }

  private static String findmnt(String column, String path) {
    return HostCommand.attempt("findmnt", "-n", "-o", column, "-M", path).output().strip();
  }

  @Test
  void tmpfs() throws IOException {
    driver.create("v1", Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=1m,uid=1000,noexec"));
    String path = driver.mount("v1", USER);
    assertThat(findmnt("FSTYPE", path)).isEqualTo("tmpfs");
    assertThat(findmnt("OPTIONS", path)).contains("noexec", "size=1024k", "uid=1000");
    Files.writeString(Path.of(path, "file"), "x");
    driver.mount("v1", OTHER);
    driver.unmount("v1", USER);
    assertThat(Path.of(path, "file")).exists();
    driver.unmount("v1", OTHER);
    assertThat(findmnt("FSTYPE", path)).isEmpty();
    assertThat(Path.of(path)).isEmptyDirectory();
  }

  @Test
  void readOnlyBind() throws IOException {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.writeString(shared.resolve("file"), "x");
    driver.create("v1", Map.of("type", "none", "device", shared.toString(), "o", "bind,ro"));
    String path = driver.mount("v1", USER);
    assertThat(Path.of(path, "file")).hasContent("x");
    assertThat(findmnt("OPTIONS", path)).startsWith("ro");
    driver.remove("nothing");
    driver.unmount("v1", USER);
    driver.remove("v1");
    assertThat(shared.resolve("file")).hasContent("x");
  }

  @Test
  void overlay() throws IOException {
    Path lower = Files.createDirectory(folder.resolve("lower"));
    Path upper = Files.createDirectory(folder.resolve("upper"));
    Path work = Files.createDirectory(folder.resolve("work"));
    Files.writeString(lower.resolve("file"), "x");
    String words = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
    driver.create("v1", Map.of("type", "overlay", "device", "overlay", "o", words));
    String path = driver.mount("v1", USER);
    assertThat(Path.of(path, "file")).hasContent("x");
    Files.writeString(Path.of(path, "new"), "y");
    assertThat(upper.resolve("new")).hasContent("y");
    driver.unmount("v1", USER);
  }

  @Test
  void imageFileThroughALoopDevice() throws IOException {
    Path image = folder.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(16 << 20);
    }
    HostCommand.run("mkfs.ext4", "-q", image.toString());
    driver.create("v1", Map.of("type", "ext4", "device", image.toString(), "o", "loop,noatime"));
    String path = driver.mount("v1", USER);
    assertThat(findmnt("FSTYPE", path)).isEqualTo("ext4");
    assertThat(findmnt("SOURCE", path)).startsWith("/dev/loop");
    Files.writeString(Path.of(path, "file"), "x");
    driver.unmount("v1", USER);
    assertThat(HostCommand.run("losetup", "-a")).doesNotContain(image.toString());
    path = driver.mount("v1", USER);
    assertThat(Path.of(path, "file")).hasContent("x");
    driver.unmount("v1", USER);
  }

  @Test
  void anUnknownFileSystemIsSaidSo() {
    driver.create("v1", Map.of("type", "nosuchfs", "device", "x"));
    assertThatThrownBy(() -> driver.mount("v1", USER))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "failed to mount local volume: mount x:"
                + folder.resolve("volumes/v1/_data")
                + ": no such device");
    driver.remove("v1");
  }

  @ParameterizedTest
  @CsvSource({"nfs, NFS", "nfs4, NFS4", "cifs, CIFS", "btrfs, BTRFS", "xfs, XFS"})
  void aFileSystemThatTheKernelLacksIsRefusedByItsOption(String type, KernelFeature feature) {
    Assumptions.assumeFalse(feature.isAvailable(), "this kernel has " + feature.humanName());
    driver.create("v1", Map.of("type", type, "o", "ro", "device", "//127.0.0.1/share"));
    assertThatThrownBy(() -> driver.mount("v1", USER))
        .isInstanceOf(EngineException.class)
        .hasMessageEndingWith(": no such device (the kernel lacks " + feature.requirement() + ")");
  }

  @Test
  void anOptionThatTheFileSystemDoesNotKnowIsNamed() {
    driver.create("v1", Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=1m,colour=red"));
    assertThatThrownBy(() -> driver.mount("v1", USER))
        .isInstanceOf(EngineException.class)
        .hasMessageEndingWith(": invalid argument (option colour=red)");
  }

  @Test
  void aMissingFolderIsSaidSo() {
    driver.create("v1", Map.of("type", "none", "device", "/nosuch/folder", "o", "bind"));
    assertThatThrownBy(() -> driver.mount("v1", USER))
        .hasMessage(
            "failed to mount local volume: mount /nosuch/folder:"
                + folder.resolve("volumes/v1/_data")
                + ", flags: 0x1000: no such file or directory");
  }

  @Test
  void aCrashLeavesNothingMountedWithoutUsers() {
    driver.create("used", Map.of("type", "tmpfs", "device", "tmpfs"));
    driver.create("idle", Map.of("type", "tmpfs", "device", "tmpfs"));
    String used = driver.mount("used", USER);
    String idle = driver.mount("idle", USER);
    driver.close();
    driver = openAgain();
    driver.restore("used", USER);
    driver.settle();
    assertThat(findmnt("FSTYPE", used)).isEqualTo("tmpfs");
    assertThat(findmnt("FSTYPE", idle)).isEmpty();
    driver.unmount("used", USER);
    assertThat(findmnt("FSTYPE", used)).isEmpty();
  }

  @Test
  void whatIsMountedInsideAVolumeIsNotEmptiedByItsRemoval() throws IOException {
    Path kept = Files.createDirectory(folder.resolve("kept"));
    Files.writeString(kept.resolve("file"), "x");
    driver.create("v1", Map.of());
    Path inside = Files.createDirectory(folder.resolve("volumes/v1/_data/inside"));
    HostCommand.run("mount", "--bind", kept.toString(), inside.toString());
    assertThatThrownBy(() -> driver.remove("v1"))
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith("error removing volume path '");
    assertThat(kept.resolve("file")).hasContent("x");
    assertThat(driver.find("v1")).isPresent();
    HostCommand.run("umount", inside.toString());
    driver.remove("v1");
    assertThat(driver.find("v1")).isEmpty();
  }
}
