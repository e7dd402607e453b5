package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subvolumes on a file system in an image file. */
@Tag("kernel")
class BtrfsKernelTest {
  private static final long IMAGE_BYTES = 256L << 20;
  private static final int DIRECTORY = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;

  @TempDir private Path folder;

  @BeforeEach
  void makeImage() throws IOException, InterruptedException {
    assumeTrue(KernelFeature.BTRFS.isAvailable(), "no btrfs in this kernel");
    try (RandomAccessFile image = new RandomAccessFile(image().toFile(), "rw")) {
      image.setLength(IMAGE_BYTES);
    }
    Process made =
        new ProcessBuilder("mkfs.btrfs", "-q", "-f", image().toString()).inheritIO().start();
    assertThat(made.waitFor()).isZero();
  }

  private Path image() {
    return folder.resolve("image");
  }

  /** The body sees the file system at /mnt. */
  private void mounted(Isolated.Body body) {
    Isolated.run(() -> {
      try (Fd file = FileCalls.open(image().toString(), FileFlags.O_RDWR);
          LoopDevice device = LoopDevice.attach(file, "btrfs", false)) {
        Mounts.mount(device.path(), "/mnt", "btrfs", 0, "");
      }
      body.run();
      Mounts.umount2("/mnt", 0);
    });
  }

  @Test
  void aSnapshotSharesAndGoesItsOwnWay() {
    mounted(() -> {
      try (Fd top = FileCalls.open("/mnt", DIRECTORY)) {
        Btrfs.createSubvolume(top, "base");
        Files.writeString(Path.of("/mnt/base/file"), "one");
        try (Fd base = FileCalls.open("/mnt/base", DIRECTORY)) {
          Btrfs.snapshot(base, top, "copy");
          assertThat(FileCalls.statx(base).inode()).isEqualTo(Btrfs.SUBVOLUME_INODE);
        }
        Files.writeString(Path.of("/mnt/copy/file"), "two");
        assertThat(Path.of("/mnt/base/file")).hasContent("one");
        Btrfs.destroySubvolume(top, "copy");
        Btrfs.destroySubvolume(top, "base");
        assertThat(Path.of("/mnt")).isEmptyDirectory();
      }
    });
  }

  @Test
  void aSubvolumeWithAnotherInItIsNotDestroyed() {
    mounted(() -> {
      try (Fd top = FileCalls.open("/mnt", DIRECTORY)) {
        Btrfs.createSubvolume(top, "outer");
        try (Fd outer = FileCalls.open("/mnt/outer", DIRECTORY)) {
          Btrfs.createSubvolume(outer, "inner");
        }
        LinuxException failure =
            catchThrowableOfType(LinuxException.class, () -> Btrfs.destroySubvolume(top, "outer"));
        assertThat(failure.errno()).isEqualTo(Errno.ENOTEMPTY);
      }
    });
  }

  @Test
  void aSizeIsLimited() {
    mounted(() -> {
      try (Fd top = FileCalls.open("/mnt", DIRECTORY)) {
        Btrfs.createSubvolume(top, "small");
        try (Fd small = FileCalls.open("/mnt/small", DIRECTORY)) {
          Btrfs.enableQuota(top);
          Btrfs.enableQuota(top);
          Btrfs.recount(top);
          Btrfs.awaitCount(top);
          Btrfs.limit(small, 4 << 20);
          long id = Btrfs.subvolumeId(small);
          assertThat(id).isGreaterThan(Btrfs.SUBVOLUME_INODE - 1);
          assertThatThrownBy(() -> Files.write(Path.of("/mnt/small/much"), new byte[16 << 20]))
              .isInstanceOf(IOException.class)
              .hasMessageContaining("quota");
        }
      }
    });
  }
}
