package dev.berth.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.testing.FreshHost;
import dev.berth.testing.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@FreshHost
class PinnedPathTest {
  @TempDir private Path folder;
  private Path volume;
  private Path place;

  @BeforeEach
  void fill() throws IOException {
    volume = Files.createDirectories(folder.resolve("volume"));
    Files.createDirectories(volume.resolve("a/b"));
    Files.writeString(volume.resolve("a/b/file"), "inside");
    Files.writeString(folder.resolve("secret"), "secret");
    place = folder.resolve("place");
  }

  private PinnedPath pin(String subpath) {
    return PinnedPath.pin(volume.toString(), subpath, place);
  }

  @Test
  void aFolder() {
    try (PinnedPath pinned = pin("a/b")) {
      assertThat(pinned.path().resolve("file")).hasContent("inside");
    }
    assertThat(place).doesNotExist();
    assertThat(volume.resolve("a/b/file")).exists();
  }

  @Test
  void aFile() {
    try (PinnedPath pinned = pin("a/b/file")) {
      assertThat(pinned.path()).hasContent("inside");
    }
    assertThat(place).doesNotExist();
    assertThat(volume.resolve("a/b/file")).hasContent("inside");
  }

  @Test
  void linksStayInside() throws IOException {
    Files.createSymbolicLink(volume.resolve("good"), Path.of("/a"));
    Files.createSymbolicLink(volume.resolve("bad"), folder.resolve("secret"));
    Files.createSymbolicLink(volume.resolve("up"), Path.of("../../../../../.."));
    Files.createSymbolicLink(volume.resolve("magic"), Path.of("/proc/self/root"));
    try (PinnedPath pinned = pin("good/b/file")) {
      assertThat(pinned.path()).hasContent("inside");
    }
    assertThatThrownBy(() -> pin("bad")).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> pin("magic")).isInstanceOf(EngineException.class);
    try (PinnedPath pinned = pin("up")) {
      assertThat(pinned.path().resolve("a")).isDirectory();
      assertThat(pinned.path().resolve("etc")).doesNotExist();
    }
    assertThat(place).doesNotExist();
  }

  @Test
  void whatWasResolvedStaysWhenALinkIsExchanged() throws IOException {
    Path link = Files.createSymbolicLink(volume.resolve("link"), Path.of("a/b"));
    try (PinnedPath pinned = pin("link")) {
      Files.delete(link);
      Files.createSymbolicLink(link, folder);
      assertThat(pinned.path().resolve("file")).hasContent("inside");
      assertThat(pinned.path().resolve("secret")).doesNotExist();
    }
  }

  @Test
  void aMissingSubpathIsNotFound() {
    assertThatThrownBy(() -> pin("nosuch"))
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND);
              assertThat(e.text())
                  .isEqualTo("cannot access path " + volume + "/nosuch: no such file or directory");
            });
    assertThat(place).doesNotExist();
  }

  @Test
  void mountsBelowComeAlong() throws IOException {
    Path below = Files.createDirectory(volume.resolve("a/mount"));
    HostCommand.run("mount", "-t", "tmpfs", "none", below.toString());
    Files.writeString(below.resolve("file"), "on tmpfs");
    try (PinnedPath pinned = pin("a")) {
      assertThat(pinned.path().resolve("mount/file")).hasContent("on tmpfs");
    }
    assertThat(below.resolve("file")).exists();
    HostCommand.run("umount", below.toString());
  }
}
