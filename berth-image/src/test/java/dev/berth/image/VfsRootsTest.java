package dev.berth.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.linux.Mounts;
import dev.berth.testing.FreshHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on whole copies. */
@FreshHost
final class VfsRootsTest extends RootFilesystemsContract {
  @Override
  String driver() {
    return "vfs";
  }

  @Test
  void refusesASizeWithoutProjectQuota() {
    assertThatThrownBy(() -> fixture().rootFilesystems.prepare("x", image().id(), 1 << 20))
        .isInstanceOf(EngineException.class)
        .hasMessage("Filesystem does not support, or has not enabled quotas");
  }

  /** A file system that takes one file more each time lets every single step of a copy fail. */
  @Test
  void leavesNothingWhereverTheCopyFails(@TempDir Path small) throws IOException {
    Path home = small.resolve("vfs");
    int failures = 0;
    for (int files = 3; files < 200; files++) {
      Mounts.mount("tmpfs", small.toString(), "tmpfs", 0, "nr_inodes=" + files);
      StorageDriver driver = new StorageDrivers(small).make("vfs", List.of());
      driver.check();
      StorageDriver.Stack stack =
          new StorageDriver.Stack(driver.home("x"), List.of(fixture().layerOf(image())), "base");
      boolean made = false;
      try {
        driver.prepare(stack, 0);
        made = true;
      } catch (dev.berth.linux.LinuxException full) {
        failures++;
      }
      driver.remove(stack.home());
      assertThat(home).isEmptyDirectory();
      Mounts.umount2(small.toString(), 0);
      if (made) {
        break;
      }
    }
    assertThat(failures).isPositive();
    assertThat(Files.list(small)).isEmpty();
  }
}
