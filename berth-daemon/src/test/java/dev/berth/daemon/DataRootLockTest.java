package dev.berth.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataRootLockTest {
  @TempDir Path folder;

  @Test
  void hidesTheDataRootFromOtherUsers() throws IOException {
    Path root = folder.resolve("data");
    try (DataRootLock held = DataRootLock.take(root)) {
      assertThat(held).isNotNull();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
          .isEqualTo("rwx--x---");
    }
  }

  @Test
  void replacesThePidFileOfADeadProcessOnly() throws IOException {
    Path file = folder.resolve("berth.pid");
    Files.writeString(file, "1");
    assertThatThrownBy(() -> PidFile.write(file))
        .hasMessageStartingWith("process with PID 1 is still running");
    Files.writeString(file, "999999999");
    try (PidFile written = PidFile.write(file)) {
      assertThat(written).isNotNull();
      assertThat(Files.readString(file)).isEqualTo(Long.toString(ProcessHandle.current().pid()));
    }
    assertThat(file).doesNotExist();
  }
}
