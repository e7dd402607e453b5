package dev.berth.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BindSourceTest {
  @TempDir private Path folder;

  @Test
  void makesFoldersForEverybodyToRead() throws IOException {
    Path missing = folder.resolve("a/b");
    BindSource.createIfMissing(missing.toString());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(missing)))
        .isEqualTo("rwxr-xr-x");
    BindSource.createIfMissing(missing.toString());
  }

  @Test
  void leavesFilesAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    BindSource.createIfMissing(file.toString());
    BindSource.createIfMissing(file + "/below");
    assertThat(file).hasContent("x");
  }

  @Test
  void knowsWhatExists() throws IOException {
    Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
    assertThat(BindSource.exists(folder.toString())).isTrue();
    assertThat(BindSource.exists(folder.resolve("dangling").toString())).isFalse();
    assertThat(BindSource.exists(folder.resolve("none/below").toString())).isFalse();
  }

  @Test
  void saysWhyItCannot() {
    assertThatThrownBy(() -> BindSource.createIfMissing("/proc/nosuch"))
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith(
            "error while creating mount source path '/proc/nosuch': mkdir /proc/nosuch: ");
  }
}
