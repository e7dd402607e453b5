package dev.berth.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.core.EngineException;
import dev.berth.linux.Btrfs;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.KernelFeature;
import dev.berth.linux.LoopDevice;
import dev.berth.linux.Mounts;
import dev.berth.testing.FreshHost;
import dev.berth.testing.HostCommand;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on subvolumes of btrfs, on a file system in an image file. */
@FreshHost
final class BtrfsRootsTest extends RootFilesystemsContract {
  private static final long IMAGE_BYTES = 300L << 20;
  private static final int DIRECTORY = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;

  @TempDir private Path images;

  @Override
  String driver() {
    return "btrfs";
  }

  @Override
  boolean keepsBases() {
    return true;
  }

  @Override
  void makeFileSystem(Path folder) {
    assumeTrue(KernelFeature.BTRFS.isAvailable(), "no btrfs in this kernel");
    Path image = images.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(IMAGE_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    HostCommand.run("mkfs.btrfs", "-q", image.toString());
    try (Fd file = FileCalls.open(image.toString(), FileFlags.O_RDWR);
        LoopDevice device = LoopDevice.attach(file, image.toString(), false)) {
      Mounts.mount(device.path(), folder.toString(), "btrfs", 0, "");
    }
  }

  @AfterEach
  void unmount() {
    Mounts.list().stream()
        .filter(mount -> mount.type().equals("btrfs"))
        .forEach(mount -> Mounts.detachIfMounted(mount.mountPoint()));
  }

  @Test
  void containersOfOneImageShareItsBlocks() {
    Path merged = mounted();
    assertThat(FileCalls.statx(Fd.currentDirectory(), merged.toString(), 0).inode())
        .isEqualTo(Btrfs.SUBVOLUME_INODE);
    fixture().rootFilesystems.prepare("second", image().id(), 0);
    Path second = fixture().rootFilesystems.mount("second");
    assertThat(second.resolve("data/b")).hasContent("b");
    fixture().rootFilesystems.remove("second");
    assertThat(second).doesNotExist();
  }

  @Test
  void limitsTheSizeOfAContainer() {
    fixture().rootFilesystems.prepare("limited", image().id(), 8 << 20);
    Path merged = fixture().rootFilesystems.mount("limited");
    assertThatThrownBy(() -> Files.write(merged.resolve("much"), new byte[32 << 20]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("quota");
    Path free = mounted();
    assertThat(Files.exists(free)).isTrue();
    fixture().rootFilesystems.remove("limited");
    assertThat(merged).doesNotExist();
  }

  @Test
  void refusesASizeBelowTheLeast() {
    StorageDriver driver =
        new StorageDrivers(Path.of("/")).make("btrfs", List.of("btrfs.min_space=10G"));
    assertThatThrownBy(
            () -> driver.prepare(new StorageDriver.Stack(Path.of("/x"), List.of(), "b"), 1))
        .isInstanceOf(EngineException.class)
        .hasMessage("btrfs: storage size cannot be less than 10.74GB");
  }

  @Test
  void takesSubvolumesAwayThatAContainerMade() {
    Path merged = mounted();
    try (Fd root = FileCalls.open(merged.toString(), DIRECTORY)) {
      Btrfs.createSubvolume(root, "nested");
      try (Fd nested = FileCalls.open(merged.resolve("nested").toString(), DIRECTORY)) {
        Btrfs.createSubvolume(nested, "deeper");
      }
    }
    HostCommand.run(
        "btrfs", "property", "set", merged.resolve("nested/deeper").toString(), "ro", "true");
    HostCommand.run("btrfs", "property", "set", merged.resolve("nested").toString(), "ro", "true");
    fixture().rootFilesystems.remove("c".repeat(64));
    assertThat(merged.getParent()).doesNotExist();
  }
}
