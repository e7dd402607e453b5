package dev.berth.volume.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.ProjectQuota;
import dev.berth.linux.ProjectQuotas;
import dev.berth.testing.FreshHost;
import dev.berth.testing.QuotaFileSystem;
import java.io.IOException;
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
  private static final int SIZE_BYTES = 4 << 20;
  private static final int DIRECTORY = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;

  @TempDir private Path folder;

  private static LocalDriver open(Path place) {
    return LocalDriver.open(place.resolve("volumes"), Duration.ofSeconds(60));
  }

  private static ProjectQuota.Usage usage(Path place, int project) {
    try (Fd directory = FileCalls.open(place.toString(), DIRECTORY)) {
      return ProjectQuota.usage(directory, project).orElseThrow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"xfs", "ext4"})
  void limitsEachVolumeForItself(String type) throws IOException {
    Path place = QuotaFileSystem.mount(folder, type);
    LocalDriver driver = open(place);
    driver.create("small", Map.of("size", "4M"));
    driver.create("other", Map.of("size", "4M"));
    driver.create("free", Map.of());
    Path small = Path.of(driver.mount("small", "a".repeat(64)));
    Path other = Path.of(driver.mount("other", "a".repeat(64)));
    Path free = Path.of(driver.mount("free", "a".repeat(64)));

    assertThat(QuotaFileSystem.writeAsNobody(small, 8)).containsPattern("(?i)quota|No space left");
    assertThat(QuotaFileSystem.writeAsNobody(other, 2)).doesNotContainIgnoringCase("quota");
    Files.write(free.resolve("much"), new byte[SIZE_BYTES * 2]);
    assertThat(Files.size(small.resolve("much"))).isLessThanOrEqualTo(SIZE_BYTES);
    assertThat(QuotaFileSystem.project(small))
        .isNotZero()
        .isNotEqualTo(QuotaFileSystem.project(other));
    assertThat(QuotaFileSystem.project(free)).isZero();
    assertThat(usage(place, QuotaFileSystem.project(small)).limitBytes()).isEqualTo(SIZE_BYTES);
    driver.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"xfs", "ext4"})
  void aNumberIsFreeOnlyWhenNothingBelongsToIt(String type) throws IOException {
    Path place = QuotaFileSystem.mount(folder, type);
    LocalDriver driver = open(place);
    driver.create("first", Map.of("size", "4M"));
    Path data = Path.of(driver.mount("first", "a".repeat(64)));
    Files.write(data.resolve("kept-open"), new byte[1 << 20]);
    int project = QuotaFileSystem.project(data);
    int flags = FileFlags.O_RDONLY;
    try (Fd held = FileCalls.open(data.resolve("kept-open").toString(), flags)) {
      driver.unmount("first", "a".repeat(64));
      driver.remove("first");
      driver.create("second", Map.of("size", "8M"));
      assertThat(QuotaFileSystem.project(place.resolve("volumes/second"))).isNotEqualTo(project);
      assertThat(FileCalls.statx(held).links()).isZero();
    }
    assertThat(usage(place, project).limitBytes()).isZero();
    driver.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"xfs", "ext4"})
  void aCrashLeavesNoLimitThatHoldsForAnother(String type) throws IOException {
    Path place = QuotaFileSystem.mount(folder, type);
    LocalDriver driver = open(place);
    driver.create("known", Map.of("size", "4M"));
    Path half = Files.createDirectories(place.resolve("volumes/half"));
    try (Fd directory = FileCalls.open(half.toString(), DIRECTORY)) {
      ProjectQuotas.limit(directory, 1 << 20);
    }
    int taken = QuotaFileSystem.project(half);
    driver.close();

    LocalDriver again = open(place);
    again.recover(Set.of("known"));
    assertThat(half).doesNotExist();
    assertThat(usage(place, taken).limitBytes()).isZero();
    assertThat(usage(place, QuotaFileSystem.project(place.resolve("volumes/known"))).limitBytes())
        .isEqualTo(SIZE_BYTES);
    again.create("next", Map.of("size", "16M"));
    int next = QuotaFileSystem.project(place.resolve("volumes/next"));
    assertThat(usage(place, next).limitBytes()).isEqualTo(16 << 20);
    again.close();
  }
}
