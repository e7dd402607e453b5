package dev.berth.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.core.EngineException;
import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.ExtendedAttributes;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root for owners and device nodes; touches only its temporary folder. */
@Tag("kernel")
class CopyUpTest {
  private static final Instant THEN = Instant.parse("2020-01-02T03:04:05.000000006Z");

  @TempDir private Path folder;
  private Path image;
  private Path volume;

  @BeforeEach
  void makeFolders() throws IOException {
    assumeTrue(ProcessHandle.current().info().user().orElse("").equals("root"), "needs root");
    image = Files.createDirectories(folder.resolve("image"));
    volume = Files.createDirectories(folder.resolve("volume/_data"));
    Fd.trackLeaks(true);
  }

  @AfterEach
  void noDescriptorIsLeft() {
    assertThat(Fd.openStacks()).isEmpty();
    Fd.trackLeaks(false);
  }

  private boolean copy(String destination) {
    int open = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;
    try (Fd data = FileCalls.open(volume.toString(), open);
        Fd beside = FileCalls.open(volume.getParent().toString(), open)) {
      return CopyUp.copy(image, destination, data, beside);
    }
  }

  private static FileStatus status(Path path) {
    return FileCalls.statx(Fd.currentDirectory(), path.toString(), FileFlags.AT_SYMLINK_NOFOLLOW);
  }

  private Path made(String name) throws IOException {
    Path path = image.resolve("data").resolve(name);
    Files.createDirectories(path.getParent());
    return path;
  }

  private static void own(Path path, int user, int group, int mode) {
    Fd here = Fd.currentDirectory();
    FileCalls.fchownat(here, path.toString(), user, group, FileFlags.AT_SYMLINK_NOFOLLOW);
    FileCalls.fchmodat(here, path.toString(), mode);
    FileCalls.utimensat(here, path.toString(), THEN, THEN, FileFlags.AT_SYMLINK_NOFOLLOW);
  }

  @Test
  void ownersModesTimesAndAttributes() throws IOException {
    Path file = Files.writeString(made("sub/file"), "content");
    ExtendedAttributes.lsetxattr(file.toString(), "user.colour", "red".getBytes(UTF_8));
    own(file, 70, 71, 04755);
    own(image.resolve("data/sub"), 72, 73, 02750);
    own(image.resolve("data"), 999, 998, 01700);
    assertThat(copy("/data")).isTrue();
    FileStatus copied = status(volume.resolve("sub/file"));
    assertThat(copied.userId()).isEqualTo(70);
    assertThat(copied.groupId()).isEqualTo(71);
    assertThat(copied.permissions()).isEqualTo(04755);
    assertThat(copied.modifyTime()).isEqualTo(THEN);
    assertThat(volume.resolve("sub/file")).hasContent("content");
    assertThat(ExtendedAttributes.lgetxattr(volume.resolve("sub/file").toString(), "user.colour"))
        .contains("red".getBytes(UTF_8));
    assertThat(status(volume.resolve("sub")).permissions()).isEqualTo(02750);
    assertThat(status(volume.resolve("sub")).modifyTime()).isEqualTo(THEN);
    FileStatus root = status(volume);
    assertThat(root.userId()).isEqualTo(999);
    assertThat(root.groupId()).isEqualTo(998);
    assertThat(root.permissions()).isEqualTo(01700);
    assertThat(root.modifyTime()).isEqualTo(THEN);
  }

  @Test
  void capabilitiesOfAProgramOutliveItsChangeOfOwner() throws IOException {
    Path program = Files.writeString(made("program"), "x");
    own(program, 70, 71, 0755);
    byte[] capability = {1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    ExtendedAttributes.lsetxattr(program.toString(), "security.capability", capability);
    copy("/data");
    Path copied = volume.resolve("program");
    assertThat(ExtendedAttributes.lgetxattr(copied.toString(), "security.capability"))
        .contains(capability);
    assertThat(status(copied).userId()).isEqualTo(70);
  }

  @Test
  void hardLinksStayOneFile() throws IOException {
    Path first = Files.writeString(made("a/first"), "x");
    Files.createLink(made("b/second"), first);
    Files.createLink(made("third"), first);
    copy("/data");
    long inode = status(volume.resolve("a/first")).inode();
    assertThat(status(volume.resolve("b/second")).inode()).isEqualTo(inode);
    assertThat(status(volume.resolve("third")).inode()).isEqualTo(inode);
    assertThat(status(volume.resolve("third")).links()).isEqualTo(3);
  }

  @Test
  void linksDevicesAndPipes() throws IOException {
    Files.createDirectories(image.resolve("data"));
    Files.createSymbolicLink(made("link"), Path.of("/etc/shadow"));
    Fd here = Fd.currentDirectory();
    FileCalls.mknodat(here, made("null").toString(), FileFlags.S_IFCHR | 0640, 1, 3);
    FileCalls.mknodat(here, made("pipe").toString(), FileFlags.S_IFIFO | 0622, 0, 0);
    own(made("null"), 5, 6, 0640);
    copy("/data");
    assertThat(Files.readSymbolicLink(volume.resolve("link"))).isEqualTo(Path.of("/etc/shadow"));
    FileStatus device = status(volume.resolve("null"));
    assertThat(device.kind()).isEqualTo(FileFlags.S_IFCHR);
    assertThat(device.specialMajor()).isEqualTo(1);
    assertThat(device.specialMinor()).isEqualTo(3);
    assertThat(device.userId()).isEqualTo(5);
    assertThat(device.permissions()).isEqualTo(0640);
    assertThat(status(volume.resolve("pipe")).kind()).isEqualTo(FileFlags.S_IFIFO);
  }

  @Test
  void sparseFilesStaySparse() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(made("sparse").toFile(), "rw")) {
      file.setLength(200L << 20);
      file.seek(100L << 20);
      file.write(new byte[] {1, 2, 3});
    }
    copy("/data");
    FileStatus copied = status(volume.resolve("sparse"));
    assertThat(copied.sizeBytes()).isEqualTo(200L << 20);
    assertThat(copied.blocks512() * 512).isLessThan(1 << 20);
    assertThat(Files.mismatch(made("sparse"), volume.resolve("sparse"))).isEqualTo(-1);
  }

  @Test
  void largeFilesAreWhole() throws IOException {
    byte[] bytes = new byte[(5 << 20) + 17];
    new java.util.Random(3).nextBytes(bytes);
    Files.write(made("large"), bytes);
    copy("/data");
    assertThat(Files.readAllBytes(volume.resolve("large"))).isEqualTo(bytes);
  }

  @Test
  void onlyAnEmptyVolumeIsFilled() throws IOException {
    Files.writeString(made("file"), "image");
    Files.writeString(volume.resolve("mine"), "mine");
    assertThat(copy("/data")).isFalse();
    assertThat(volume.resolve("file")).doesNotExist();
  }

  @Test
  void nothingToCopyIsNoError() throws IOException {
    assertThat(copy("/nosuch/folder")).isFalse();
    Files.writeString(image.resolve("file"), "x");
    assertThat(copy("/file")).isFalse();
    assertThat(volume).isEmptyDirectory();
  }

  @Test
  void linksOfAHostileImageStayInside() throws IOException {
    Path secret = Files.createDirectories(folder.resolve("secret"));
    Files.writeString(secret.resolve("key"), "secret");
    Files.createSymbolicLink(image.resolve("absolute"), secret);
    Files.createSymbolicLink(image.resolve("climbing"), Path.of("../secret"));
    Files.createDirectories(image.resolve("real"));
    Files.writeString(image.resolve("real/file"), "x");
    Files.createSymbolicLink(image.resolve("inside"), Path.of("/real"));
    assertThat(copy("/absolute")).isFalse();
    assertThat(copy("/climbing")).isFalse();
    assertThat(copy("/../../secret")).isFalse();
    assertThat(volume).isEmptyDirectory();
    assertThat(copy("/inside")).isTrue();
    assertThat(volume.resolve("file")).hasContent("x");
  }

  @Test
  void anInterruptedCopyIsBegunAnew() throws IOException {
    Files.writeString(made("one"), "1");
    Files.writeString(made("two"), "2");
    Files.writeString(volume.resolve("one"), "half");
    Files.createFile(volume.resolveSibling(".copy-up"));
    assertThat(copy("/data")).isTrue();
    assertThat(volume.resolve("one")).hasContent("1");
    assertThat(volume.resolve("two")).hasContent("2");
    assertThat(volume.resolveSibling(".copy-up")).doesNotExist();
  }

  @Test
  void namesAreKeptByteForByte() throws IOException {
    Files.createDirectories(image.resolve("data"));
    int open = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;
    try (Fd data = FileCalls.open(image.resolve("data").toString(), open)) {
      FileCalls.mkdirat(data, "gr\u00fcn", 0700);
      FileCalls.mkdirat(data, "new\nline", 0700);
    }
    assertThat(copy("/data")).isTrue();
    try (Fd data = FileCalls.open(volume.toString(), open)) {
      assertThat(FileCalls.list(data))
          .extracting(DirectoryEntry::name)
          .containsExactlyInAnyOrder("gr\u00fcn", "new\nline");
    }
  }

  @Test
  void aFailureLeavesTheVolumeEmpty() throws IOException {
    Path deep = Files.createDirectories(image.resolve("data"));
    for (int i = 0; i < 320; i++) {
      deep = Files.createDirectory(deep.resolve("d"));
    }
    assertThatThrownBy(() -> copy("/data"))
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith("failed to populate volume: ");
    assertThat(volume).isEmptyDirectory();
  }
}
