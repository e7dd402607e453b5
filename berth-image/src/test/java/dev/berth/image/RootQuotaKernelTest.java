package dev.berth.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.linux.Mounts;
import dev.berth.testing.FreshHost;
import dev.berth.testing.QuotaFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers' own layers of a limited size, on file systems in image files. */
@FreshHost
final class RootQuotaKernelTest {
  private static final int SIZE_BYTES = 8 << 20;
  private static final int MEGABYTES = 16;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"overlay2,xfs", "overlay2,ext4", "vfs,xfs", "vfs,ext4"})
  void limitsWhatAContainerWrites(String name, String type) throws IOException {
    Path place = QuotaFileSystem.mount(folder, type);
    Path lower = Files.createDirectories(place.resolve("lower"));
    Files.writeString(lower.resolve("file"), "lower");
    StorageDriver driver =
        new StorageDrivers(place).make(name, List.of(name + ".size=" + SIZE_BYTES));
    driver.check();
    StorageDriver.Stack limited =
        new StorageDriver.Stack(driver.home("limited"), List.of(lower), "base");
    StorageDriver.Stack large =
        new StorageDriver.Stack(driver.home("large"), List.of(lower), "base");
    driver.prepare(limited, 0);
    driver.prepare(large, SIZE_BYTES * 4L);
    driver.mount(limited);
    driver.mount(large);

    assertThat(QuotaFileSystem.writeAsNobody(driver.merged(limited), MEGABYTES))
        .containsIgnoringCase("quota");
    assertThat(QuotaFileSystem.writeAsNobody(driver.merged(large), MEGABYTES))
        .doesNotContainIgnoringCase("quota");
    assertThat(driver.merged(limited).resolve("file")).hasContent("lower");
    int taken = QuotaFileSystem.project(limited.home());
    for (StorageDriver.Stack stack : List.of(limited, large)) {
      driver.unmount(stack);
      driver.remove(stack.home());
      assertThat(stack.home()).doesNotExist();
    }
    driver.prepare(limited, SIZE_BYTES * 2L);
    assertThat(QuotaFileSystem.project(limited.home())).isGreaterThanOrEqualTo(taken);
    driver.remove(limited.home());
    Mounts.detachIfMounted(place.toString());
  }
}
