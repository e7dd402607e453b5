package dev.berth.archive;

import static dev.berth.archive.HandMade.TIME;
import static dev.berth.archive.HandMade.bytes;
import static dev.berth.archive.HandMade.entry;
import static dev.berth.archive.HandMade.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.linux.ExtendedAttributes;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers that try to get out of their directory, and what unpacking must keep. */
@Tag("kernel")
final class HostileLayerTest {
  @TempDir private Path directory;
  private Path inside;
  private Path outside;

  @BeforeEach
  void prepare() throws IOException {
    inside = Files.createDirectory(directory.resolve("inside"));
    outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
  }

  private void unpack(byte[] archive) throws IOException {
    try (Fd root = FileCalls.open(inside.toString(), FileFlags.O_RDONLY | FileFlags.O_DIRECTORY);
        ArchiveUnpacker unpacker = ArchiveUnpacker.ofLayer(root)) {
      unpacker.unpack(new TarReader(new ByteArrayInputStream(archive)));
    }
  }

  private void refuses(HandMade.Members members, String reason) {
    assertThatThrownBy(() -> unpack(tar(members)))
        .isInstanceOf(TarFormatException.class)
        .hasMessageContaining(reason);
    assertThat(outside.resolve("secret")).hasContent("secret");
    assertThat(outside.resolve("x")).doesNotExist();
  }

  @Test
  void refusesNamesThatClimbOut() {
    refuses(out -> out.file("../outside/x", bytes("x"), TIME), "is outside of \"/\"");
    refuses(out -> out.file("a/../../outside/x", bytes("x"), TIME), "is outside of \"/\"");
    refuses(out -> out.directory("..", TIME), "is outside of \"/\"");
    refuses(out -> out.file("../.wh.secret", new byte[0], TIME), "is outside of \"/\"");
    refuses(out -> out.file(".wh...", new byte[0], TIME), "invalid whiteout name");
    refuses(out -> out.file(".wh..", new byte[0], TIME), "invalid whiteout name");
  }

  @Test
  void keepsAbsoluteNamesInside() throws IOException {
    unpack(tar(out -> out.file(outside + "/x", bytes("x"), TIME)));
    assertThat(outside.resolve("x")).doesNotExist();
    assertThat(Path.of(inside + "" + outside + "/x")).hasContent("x");
  }

  @Test
  void refusesLinksThatClimbOut() {
    refuses(
        out -> out.begin(entry(TarEntry.Kind.SYMBOLIC_LINK, "out", "../outside")),
        "invalid symlink \"out\" -> \"../outside\"");
    refuses(
        out -> out.begin(entry(TarEntry.Kind.SYMBOLIC_LINK, "a/out", "../../outside")),
        "invalid symlink");
    refuses(
        out -> out.begin(entry(TarEntry.Kind.HARD_LINK, "out", "../outside/secret")),
        "invalid hardlink \"out\" -> \"../outside/secret\"");
    refuses(
        out -> out.begin(entry(TarEntry.Kind.HARD_LINK, "out", outside + "/secret")),
        "invalid hardlink");
  }

  @Test
  void readsAbsoluteLinksFromItsOwnRoot() {
    refuses(
        out -> {
          out.begin(entry(TarEntry.Kind.SYMBOLIC_LINK, "out", outside.toString()));
          out.begin(entry(TarEntry.Kind.HARD_LINK, "stolen", "out/secret"));
        },
        "invalid hardlink");
    refuses(
        out -> {
          out.begin(entry(TarEntry.Kind.SYMBOLIC_LINK, "out", outside.toString()));
          out.file("out/x", bytes("x"), TIME);
        },
        "mkdir /out");
    refuses(
        out -> {
          out.begin(entry(TarEntry.Kind.SYMBOLIC_LINK, "out", outside.toString()));
          out.file("out/.wh.secret", new byte[0], TIME);
        },
        "mkdir /out");
  }

  @Test
  void replacesALinkInsteadOfWritingThroughIt() throws IOException {
    unpack(
        tar(out -> {
          out.begin(entry(TarEntry.Kind.SYMBOLIC_LINK, "x", outside + "/secret"));
          out.file("x", bytes("mine"), TIME);
          out.directory("d/", TIME);
          out.file("d/y", bytes("first"), TIME);
          out.begin(entry(TarEntry.Kind.SYMBOLIC_LINK, "d", outside.toString()));
          out.file("z", bytes("last"), TIME);
        }));
    assertThat(outside.resolve("secret")).hasContent("secret");
    assertThat(inside.resolve("x")).hasContent("mine").isRegularFile();
    assertThat(Files.isSymbolicLink(inside.resolve("d"))).isTrue();
  }

  @Test
  void aDirectoryThatBecameALinkIsNotWrittenThroughByItsOldName() {
    refuses(
        out -> {
          out.directory("d/", TIME);
          out.file("d/y", bytes("first"), TIME);
          out.begin(entry(TarEntry.Kind.SYMBOLIC_LINK, "d", outside.toString()));
          out.file("d/x", bytes("x"), TIME);
        },
        "mkdir /d");
  }

  @Test
  void followsLinksThatStayInside() throws IOException {
    unpack(
        tar(out -> {
          out.directory("usr/lib/", TIME);
          out.begin(entry(TarEntry.Kind.SYMBOLIC_LINK, "lib", "usr/lib"));
          out.file("lib/a", bytes("a"), TIME);
          out.begin(entry(TarEntry.Kind.HARD_LINK, "b", "lib/a"));
        }));
    assertThat(inside.resolve("usr/lib/a")).hasContent("a");
    assertThat(inside.resolve("b")).hasContent("a");
  }

  @Test
  void leavesOutAttributesThatSteerOverlayfs() throws IOException {
    byte[] capability = {
      1, 0, 0, 2, 0, (byte) 0x84, (byte) 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    TarEntry entry =
        new TarEntry(
            TarEntry.Kind.FILE,
            "bin",
            "",
            06755,
            12,
            34,
            0,
            TIME,
            0,
            0,
            Map.of(
                "security.capability", capability,
                "trusted.overlay.redirect", bytes("/etc"),
                "trusted.overlay.opaque", bytes("y")),
            List.of());
    unpack(tar(out -> out.begin(entry)));

    String file = inside.resolve("bin").toString();
    assertThat(ExtendedAttributes.llistxattr(file)).containsExactly("security.capability");
    assertThat(ExtendedAttributes.lgetxattr(file, "security.capability")).hasValue(capability);
    FileStatus status = FileCalls.statx(Fd.currentDirectory(), file, 0);
    assertThat(status.permissions()).isEqualTo(06755);
    assertThat(status.userId()).isEqualTo(12);
    assertThat(status.groupId()).isEqualTo(34);
    assertThat(status.modifyTime()).isEqualTo(TIME);
  }

  @Test
  void marksWhatALayerRemoves() throws IOException {
    unpack(
        tar(out -> {
          out.directory("d/", TIME);
          out.file("d/.wh..wh..opq", new byte[0], TIME);
          out.file(".wh.gone", new byte[0], TIME);
          out.file(".wh..wh.plnk", new byte[0], TIME);
        }));
    assertThat(
            ExtendedAttributes.lgetxattr(inside.resolve("d").toString(), "trusted.overlay.opaque"))
        .hasValue(bytes("y"));
    assertThat(
            FileCalls.statx(
                    Fd.currentDirectory(),
                    inside.resolve("gone").toString(),
                    FileFlags.AT_SYMLINK_NOFOLLOW)
                .isWhiteout())
        .isTrue();
    assertThat(inside.toFile().list()).containsExactlyInAnyOrder("d", "gone");
  }

  @Test
  void setsTheTimesOfDirectoriesLast() throws IOException {
    Instant old = Instant.parse("2001-02-03T04:05:06Z");
    unpack(
        tar(out -> {
          out.directory("a/", old);
          out.directory("a/b/", old);
          out.file("a/b/c", bytes("c"), TIME);
        }));
    assertThat(Files.getLastModifiedTime(inside.resolve("a")).toInstant()).isEqualTo(old);
    assertThat(Files.getLastModifiedTime(inside.resolve("a/b")).toInstant()).isEqualTo(old);
  }

  @Test
  void refusesRandomDamageOrUnpacksInside() throws IOException {
    byte[] archive =
        tar(out -> {
          out.directory("dir/", TIME);
          out.file("dir/file", new byte[700], TIME);
          out.begin(entry(TarEntry.Kind.SYMBOLIC_LINK, "dir/link", "file"));
          out.file("n".repeat(150), bytes("long"), TIME);
        });
    Random random = new Random(42);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = Arrays.copyOf(archive, archive.length - random.nextInt(512));
      for (int flips = 0; flips < 3; flips++) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        unpack(damaged);
      } catch (TarFormatException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
    }
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("inside", "outside");
    assertThat(outside.toFile().list()).containsExactly("secret");
  }
}
