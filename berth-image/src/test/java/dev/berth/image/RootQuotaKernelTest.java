package dev.berth.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.Mounts;
import dev.berth.linux.ProjectQuotas;
import dev.berth.testing.FreshHost;
import dev.berth.testing.HostCommand;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers' own layers of a limited size, on file systems in image files. */
@FreshHost
final class RootQuotaKernelTest {
  private static final long IMAGE_BYTES = 320L << 20;
  private static final int SIZE_BYTES = 8 << 20;
  private static final int DIRECTORY = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;

  @TempDir private Path folder;

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

  @ParameterizedTest
  @CsvSource({"overlay2,xfs", "overlay2,ext4", "vfs,xfs", "vfs,ext4"})
  void limitsWhatAContainerWrites(String name, String type) throws IOException {
    Path place = mounted(type);
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

    assertThat(writeAsNobody(driver.merged(limited))).containsIgnoringCase("quota");
    assertThat(writeAsNobody(driver.merged(large))).doesNotContainIgnoringCase("quota");
    assertThat(driver.merged(limited).resolve("file")).hasContent("lower");
    int taken = project(limited.home());
    for (StorageDriver.Stack stack : List.of(limited, large)) {
      driver.unmount(stack);
      driver.remove(stack.home());
      assertThat(stack.home()).doesNotExist();
    }
    driver.prepare(limited, SIZE_BYTES * 2L);
    assertThat(project(limited.home())).isGreaterThanOrEqualTo(taken);
    driver.remove(limited.home());
    Mounts.detachIfMounted(place.toString());
  }

  /** On ext4, limits do not hold for whoever has CAP_SYS_RESOURCE, which containers have not. */
  private static String writeAsNobody(Path root) {
    for (Path outer = root.getParent(); outer.getNameCount() > 1; outer = outer.getParent()) {
      HostCommand.run("chmod", "o+x", outer.toString());
    }
    HostCommand.run("chmod", "777", root.toString());
    return HostCommand.attempt(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "sh",
            "-c",
            "dd if=/dev/zero of=" + root + "/much bs=1M count=16 2>&1")
        .output();
  }

  private static int project(Path home) {
    try (Fd directory = FileCalls.open(home.toString(), DIRECTORY)) {
      return ProjectQuotas.projectOf(directory);
    }
  }
}
