package dev.berth.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.linux.ExtendedAttributes;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trees that GNU tar packed in each of its formats come out the same, and pack to the same again.
 */
@Tag("kernel")
final class GnuTarTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gnu",
        "oldgnu",
        "posix",
        "posix --sparse-version=0.0",
        "posix --sparse-version=0.1"
      })
  void unpacksWhatGnuTarPacks(String format) throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    makeTree(tree);
    Path archive = directory.resolve("tree.tar");
    List<String> command = new java.util.ArrayList<>(List.of("tar", "-C", tree.toString(), "-S"));
    List.of(("--format=" + format).split(" ")).forEach(command::add);
    if (format.startsWith("posix")) {
      command.add("--xattrs");
      command.add("--xattrs-include=*");
    }
    command.addAll(List.of("-cf", archive.toString(), "."));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();

    Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
    unpack(Files.readAllBytes(archive), unpacked);

    assertThat(compare(tree, unpacked)).isEmpty();
    Path again = Files.createDirectory(directory.resolve("again"));
    unpack(pack(unpacked), again);
    assertThat(compare(tree, again)).isEmpty();
    if (format.startsWith("posix")) {
      assertThat(ExtendedAttributes.lgetxattr(again.resolve("plain").toString(), "user.binary"))
          .hasValue(new byte[] {0, -1, 10});
    }
    assertThat(sectors(unpacked.resolve("sparse"))).isLessThan(100);
  }

  private static void makeTree(Path tree) throws IOException {
    Files.writeString(tree.resolve("plain"), "content");
    Files.createLink(tree.resolve("second name"), tree.resolve("plain"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("plain"));
    Path deep = Files.createDirectories(tree.resolve("a".repeat(90)).resolve("b".repeat(90)));
    Files.writeString(deep.resolve("c".repeat(200)), "deep");
    Files.createSymbolicLink(tree.resolve("long link"), Path.of("d".repeat(180)));
    try (RandomAccessFile sparse = new RandomAccessFile(tree.resolve("sparse").toFile(), "rw")) {
      for (int i = 1; i <= 30; i++) {
        sparse.seek(i * 1_000_000L);
        sparse.write("data".getBytes(StandardCharsets.US_ASCII));
      }
      sparse.setLength(40_000_000);
    }
    Fd here = Fd.currentDirectory();
    FileCalls.mknodat(here, tree.resolve("fifo").toString(), FileFlags.S_IFIFO | 0600, 0, 0);
    FileCalls.mknodat(here, tree.resolve("null").toString(), FileFlags.S_IFCHR | 0666, 1, 3);
    FileCalls.fchownat(here, tree.resolve("plain").toString(), 1234, 70000, 0);
    FileCalls.fchmodat(here, tree.resolve("plain").toString(), 02751);
    ExtendedAttributes.lsetxattr(
        tree.resolve("plain").toString(), "user.binary", new byte[] {0, -1, 10});
  }

  private static long sectors(Path file) {
    return FileCalls.statx(Fd.currentDirectory(), file.toString(), 0).blocks512() / 8;
  }

  private static void unpack(byte[] archive, Path target) throws IOException {
    try (Fd root = FileCalls.open(target.toString(), FileFlags.O_RDONLY | FileFlags.O_DIRECTORY);
        ArchiveUnpacker unpacker = ArchiveUnpacker.ofLayer(root)) {
      unpacker.unpack(new TarReader(new ByteArrayInputStream(archive)));
    }
  }

  private static byte[] pack(Path tree) throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (Fd root = FileCalls.open(tree.toString(), FileFlags.O_RDONLY | FileFlags.O_DIRECTORY);
        TarWriter writer = new TarWriter(archive)) {
      new TreePacker(writer, true).pack(root);
    }
    return archive.toByteArray();
  }

  /** What tar itself finds different: kinds, sizes, owners, modes, times, links, content. */
  private String compare(Path tree, Path other) throws Exception {
    Path list = directory.resolve("compare.tar");
    run("tar", "-C", tree.toString(), "--format=gnu", "-cf", list.toString(), ".");
    return run("tar", "-C", other.toString(), "-df", list.toString())
        // The root's own time is not part of what a layer of its files carries.
        .replaceAll("(?m)^\\.: Mod time differs\\n", "");
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
