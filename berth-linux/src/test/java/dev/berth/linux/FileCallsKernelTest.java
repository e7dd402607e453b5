package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("kernel")
class FileCallsKernelTest {
  @TempDir Path temporary;

  private Fd directory() {
    return FileCalls.open(temporary.toString(), FileFlags.O_RDONLY | FileFlags.O_DIRECTORY);
  }

  @Test
  void anAbsoluteLinkInsideARootStaysInside() throws Exception {
    Files.createDirectory(temporary.resolve("etc"));
    Files.writeString(temporary.resolve("etc/passwd"), "inside");
    Files.createSymbolicLink(temporary.resolve("link"), Path.of("/etc/passwd"));
    Files.createSymbolicLink(temporary.resolve("climb"), Path.of("../../../../etc/passwd"));
    try (Fd root = directory();
        Fd byLink = FileCalls.openInRoot(root, "link", FileFlags.O_RDONLY);
        Fd byClimb = FileCalls.openInRoot(root, "climb", FileFlags.O_RDONLY)) {
      assertThat(FileData.readAll(byLink, 100)).asString().isEqualTo("inside");
      assertThat(FileData.readAll(byClimb, 100)).asString().isEqualTo("inside");
    }
  }

  @Test
  void aPathThatLeavesIsRefusedBeneath() {
    try (Fd root = directory()) {
      LinuxException failure =
          catchThrowableOfType(
              LinuxException.class,
              () -> FileCalls.openat2(root, "../x", 0, 0, FileFlags.RESOLVE_BENEATH));
      assertThat(failure.errno()).isEqualTo(Errno.EXDEV);
      assertThat(failure).hasMessage("openat2 ../x: invalid cross-device link");
    }
  }

  @Test
  void treeCallsDoWhatTheJdkSees() throws Exception {
    try (Fd root = directory()) {
      FileCalls.mkdirat(root, "d", 0755);
      FileCalls.symlinkat("target", root, "s");
      FileCalls.mknodat(root, "null", FileFlags.S_IFCHR | 0666, 1, 3);
      FileCalls.openat(root, "f", FileFlags.O_WRONLY | FileFlags.O_CREAT, 0600).close();
      FileCalls.linkat(root, "f", root, "g", 0);
      FileCalls.renameat2(root, "g", root, "h", FileFlags.RENAME_NOREPLACE);
      FileCalls.fchownat(root, "s", 12, 34, FileFlags.AT_SYMLINK_NOFOLLOW);
      FileCalls.fchmodat(root, "f", 04711);
      Instant time = Instant.ofEpochSecond(1_000_000_000L, 123_456_789);
      FileCalls.utimensat(root, "s", null, time, FileFlags.AT_SYMLINK_NOFOLLOW);
      assertThat(FileCalls.list(root))
          .extracting(DirectoryEntry::name)
          .containsExactlyInAnyOrder("d", "s", "null", "f", "h");
      assertThat(FileCalls.list(root))
          .filteredOn(entry -> entry.name().equals("s"))
          .extracting(DirectoryEntry::kind)
          .containsExactly(FileFlags.S_IFLNK);
      assertThat(FileCalls.readlinkat(root, "s")).isEqualTo("target");
      FileStatus link = FileCalls.statx(root, "s", FileFlags.AT_SYMLINK_NOFOLLOW);
      assertThat(link.userId()).isEqualTo(12);
      assertThat(link.groupId()).isEqualTo(34);
      assertThat(link.modifyTime()).isEqualTo(time);
      assertThat(link.isSymbolicLink()).isTrue();
      FileStatus file = FileCalls.statx(root, "f", 0);
      assertThat(file.permissions()).isEqualTo(04711);
      assertThat(file.links()).isEqualTo(2);
      assertThat(file.inode()).isEqualTo(Files.getAttribute(temporary.resolve("f"), "unix:ino"));
      FileStatus device = FileCalls.statx(root, "null", 0);
      assertThat(device.specialMajor()).isEqualTo(1);
      assertThat(device.specialMinor()).isEqualTo(3);
      FileCalls.unlinkat(root, "d", FileFlags.AT_REMOVEDIR);
      assertThat(temporary.resolve("d")).doesNotExist();
      assertThat(FileCalls.statxIfExists(root, "d")).isNull();
    }
  }

  @Test
  void namesThatAreNoUtf8ComeBackAsTheyWere() {
    String name = "a\uDCFF\uDC80b";
    try (Fd root = directory()) {
      FileCalls.openat(root, name, FileFlags.O_WRONLY | FileFlags.O_CREAT, 0600).close();
      assertThat(FileCalls.list(root)).extracting(DirectoryEntry::name).containsExactly(name);
      FileCalls.unlinkat(root, name, 0);
    }
  }

  @Test
  void manyNamesAreListedInSeveralCalls() {
    try (Fd root = directory()) {
      for (int i = 0; i < 2000; i++) {
        FileCalls.mknodat(root, "a-rather-long-name-number-" + i, FileFlags.S_IFREG | 0600, 0, 0);
      }
      assertThat(FileCalls.list(root)).hasSize(2000);
      assertThat(FileCalls.list(root)).hasSize(2000);
    }
  }

  @Test
  void contentIsCopiedInTheKernel() {
    byte[] content = "0123456789".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    int flags = FileFlags.O_RDWR | FileFlags.O_CREAT;
    try (Fd root = directory();
        Fd from = FileCalls.openat(root, "from", flags, 0600);
        Fd to = FileCalls.openat(root, "to", flags, 0600)) {
      FileData.writeAll(from, content);
      FileData.lseek(from, 0, FileData.SEEK_SET);
      while (FileData.copyFileRange(from, to, 1 << 20) > 0) {}
      FileData.lseek(to, 0, FileData.SEEK_SET);
      assertThat(FileData.readAll(to, 1 << 20)).isEqualTo(content);
      FileData.pwrite(to, new byte[] {'x'}, 0, 1, 5);
      byte[] middle = new byte[3];
      assertThat(FileData.pread(to, middle, 0, 3, 4)).isEqualTo(3);
      assertThat(middle).asString().isEqualTo("4x6");
      FileData.ftruncate(to, 1 << 24);
      assertThat(FileData.lseek(to, 0, FileData.SEEK_HOLE)).isLessThan(1 << 20);
      FileData.fsync(to);
      FileData.fdatasync(to);
    }
  }

  @Test
  void attributesAreSetListedAndRemoved() {
    Isolated.run(() -> {
      try (Fd file = FileCalls.open("/mnt/f", FileFlags.O_RDWR | FileFlags.O_CREAT)) {
        byte[] large = new byte[3000];
        Arrays.fill(large, (byte) 7);
        ExtendedAttributes.fsetxattr(file, "trusted.small", new byte[] {1, 2});
        ExtendedAttributes.lsetxattr("/mnt/f", "trusted.large", large);
        assertThat(ExtendedAttributes.flistxattr(file)).contains("trusted.small", "trusted.large");
        assertThat(ExtendedAttributes.lgetxattr("/mnt/f", "trusted.small"))
            .hasValue(new byte[] {1, 2});
        assertThat(ExtendedAttributes.fgetxattr(file, "trusted.large")).hasValue(large);
        ExtendedAttributes.lremovexattr("/mnt/f", "trusted.small");
        assertThat(ExtendedAttributes.lgetxattr("/mnt/f", "trusted.small")).isEmpty();
      }
    });
  }

  @Test
  void aLockIsHeldOnce() {
    try (Fd root = directory();
        Fd one = FileCalls.openat(root, "lock", FileFlags.O_RDWR | FileFlags.O_CREAT, 0600);
        Fd two = FileCalls.openat(root, "lock", FileFlags.O_RDWR, 0)) {
      FileData.flock(one, FileData.LOCK_EX | FileData.LOCK_NB);
      LinuxException failure =
          catchThrowableOfType(
              LinuxException.class, () -> FileData.flock(two, FileData.LOCK_EX | FileData.LOCK_NB));
      assertThat(failure.errno()).isEqualTo(Errno.EAGAIN);
    }
  }

  @Test
  void fileSystemsTellTheirType() {
    assertThat(FileCalls.statfs("/proc").type()).isEqualTo(0x9fa0L);
    Isolated.run(
        () -> assertThat(FileCalls.statfs("/mnt").type()).isEqualTo(FileSystemStatus.TMPFS));
  }

  @Test
  void aClosedDescriptorIsRefused() {
    Fd root = directory();
    root.close();
    root.close();
    LinuxException failure = catchThrowableOfType(LinuxException.class, () -> FileCalls.list(root));
    assertThat(failure.errno()).isEqualTo(Errno.EBADF);
  }
}
