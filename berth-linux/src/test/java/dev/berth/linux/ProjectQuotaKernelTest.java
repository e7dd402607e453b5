package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where there are no projects; where there are, the volume driver's tests show them at work. */
@Tag("kernel")
class ProjectQuotaKernelTest {
  @Test
  void aFileSystemWithoutProjectsSaysSo() {
    Isolated.run(() -> {
      Files.createDirectories(Path.of("/mnt/dir"));
      try (Fd directory = FileCalls.open("/mnt/dir", FileFlags.O_RDONLY | FileFlags.O_DIRECTORY)) {
        assertThat(ProjectQuota.usage(directory, 1)).isEmpty();
        assertThat(ProjectQuotas.areAvailable(directory)).isFalse();
        assertThatThrownBy(() -> ProjectQuotas.limit(directory, 1 << 20))
            .isInstanceOfSatisfying(
                LinuxException.class,
                failure -> assertThat(failure.errno()).isEqualTo(Errno.EOPNOTSUPP));
      }
    });
  }
}
