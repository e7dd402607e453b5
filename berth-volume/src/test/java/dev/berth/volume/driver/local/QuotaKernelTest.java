package dev.berth.volume.driver.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.ProjectQuota;
import dev.berth.linux.ProjectQuotas;
import dev.berth.testing.FreshHost;
import dev.berth.testing.HostCommand;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes of a limited size, on file systems in image files that count projects. */
@FreshHost
class QuotaKernelTest {
  private static final long IMAGE_BYTES = 320L << 20;
  private static final int SIZE_BYTES = 4 << 20;
  private static final int DIRECTORY = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;

  @TempDir private Path folder;

  /** Mounts a file system that counts projects; skips where the kernel has none. */
  private Path mounted(String type) throws IOException {
    Path image = folder.resolve("image");
    Path place = Files.createDirectory(folder.resolve("place"));
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(IMAGE_BYTES);
    }
    if (type.equals("ext4")) {
      HostCommand.run(
          "mkfs.ext4", "-q", "-O", "quota,project", "-E", "quotatype=prjquota", image.toString());
    } else {
      HostCommand.run("mkfs.xfs", "-q", image.toString());
    }
    HostCommand.attempt(
        "mount", "-t", type, "-o", "loop,prjquota", image.toString(), place.toString());
    try (Fd directory = FileCalls.open(place.toString(), DIRECTORY)) {
      assumeTrue(ProjectQuotas.areAvailable(directory), "no project quota in this kernel");
    }
    return place;
  }

  private static LocalDriver open(Path place) {
    return LocalDriver.open(place.resolve("volumes"), Duration.ofSeconds(60));
  }

  private static int project(Path volume) {
    try (Fd directory = FileCalls.open(volume.toString(), DIRECTORY)) {
      return ProjectQuota.project(directory);
    }
  }

  private static ProjectQuota.Usage usage(Path place, int project) {
    try (Fd directory = FileCalls.open(place.toString(), DIRECTORY)) {
      return ProjectQuota.usage(directory, project).orElseThrow();
    }
  }

  /** On ext4, limits do not hold for whoever has CAP_SYS_RESOURCE, which containers have not. */
  private static String writeAsNobody(Path data, int megabytes) {
    for (Path outer = data.getParent(); outer.getNameCount() > 1; outer = outer.getParent()) {
      HostCommand.run("chmod", "o+x", outer.toString());
    }
    HostCommand.run("chmod", "777", data.toString());
    return HostCommand.attempt(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "sh",
            "-c",
            "dd if=/dev/zero of=" + data + "/much bs=1M count=" + megabytes + " 2>&1")
        .output();
  }

  @ParameterizedTest
  @ValueSource(strings = {"xfs", "ext4"})
  void limitsEachVolumeForItself(String type) throws IOException {
    Path place = mounted(type);
    LocalDriver driver = open(place);
    driver.create("small", Map.of("size", "4M"));
    driver.create("other", Map.of("size", "4M"));
    driver.create("free", Map.of());
    Path small = Path.of(driver.mount("small", "a".repeat(64)));
    Path other = Path.of(driver.mount("other", "a".repeat(64)));
    Path free = Path.of(driver.mount("free", "a".repeat(64)));

    assertThat(writeAsNobody(small, 8)).containsPattern("(?i)quota|No space left");
    assertThat(writeAsNobody(other, 2)).doesNotContainIgnoringCase("quota");
    Files.write(free.resolve("much"), new byte[SIZE_BYTES * 2]);
    assertThat(Files.size(small.resolve("much"))).isLessThanOrEqualTo(SIZE_BYTES);
    assertThat(project(small)).isNotZero().isNotEqualTo(project(other));
    assertThat(project(free)).isZero();
    assertThat(usage(place, project(small)).limitBytes()).isEqualTo(SIZE_BYTES);
    driver.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"xfs", "ext4"})
  void aNumberIsFreeOnlyWhenNothingBelongsToIt(String type) throws IOException {
    Path place = mounted(type);
    LocalDriver driver = open(place);
    driver.create("first", Map.of("size", "4M"));
    Path data = Path.of(driver.mount("first", "a".repeat(64)));
    Files.write(data.resolve("kept-open"), new byte[1 << 20]);
    int project = project(data);
    int flags = FileFlags.O_RDONLY;
    try (Fd held = FileCalls.open(data.resolve("kept-open").toString(), flags)) {
      driver.unmount("first", "a".repeat(64));
      driver.remove("first");
      driver.create("second", Map.of("size", "8M"));
      assertThat(project(place.resolve("volumes/second"))).isNotEqualTo(project);
      assertThat(FileCalls.statx(held).links()).isZero();
    }
    assertThat(usage(place, project).limitBytes()).isZero();
    driver.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"xfs", "ext4"})
  void aCrashLeavesNoLimitThatHoldsForAnother(String type) throws IOException {
    Path place = mounted(type);
    LocalDriver driver = open(place);
    driver.create("known", Map.of("size", "4M"));
    Path half = Files.createDirectories(place.resolve("volumes/half"));
    try (Fd directory = FileCalls.open(half.toString(), DIRECTORY)) {
      ProjectQuotas.limit(directory, 1 << 20);
    }
    int taken = project(half);
    driver.close();

    LocalDriver again = open(place);
    again.recover(Set.of("known"));
    assertThat(half).doesNotExist();
    assertThat(usage(place, taken).limitBytes()).isZero();
    assertThat(usage(place, project(place.resolve("volumes/known"))).limitBytes())
        .isEqualTo(SIZE_BYTES);
    again.create("next", Map.of("size", "16M"));
    int next = project(place.resolve("volumes/next"));
    assertThat(usage(place, next).limitBytes()).isEqualTo(16 << 20);
    again.close();
  }
}
