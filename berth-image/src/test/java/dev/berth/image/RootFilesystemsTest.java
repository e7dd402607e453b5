package dev.berth.image;

import static dev.berth.image.TestArchives.TIME;
import static dev.berth.image.TestArchives.bytes;
import static dev.berth.image.TestArchives.dockerArchive;
import static dev.berth.image.TestArchives.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.archive.TarEntry;
import dev.berth.archive.TarReader;
import dev.berth.core.EngineException;
import dev.berth.image.FilesystemChange.Kind;
import dev.berth.linux.Fd;
import dev.berth.testing.FreshHost;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers' root filesystems on the real overlayfs, in a mount namespace of each test's own. */
@FreshHost
final class RootFilesystemsTest {
  private static final String CONTAINER = "c".repeat(64);
  private static final byte[] LOWER =
      tar(out -> {
        out.directory("etc/", TIME);
        out.file("etc/os-release", bytes("test"), TIME);
        out.directory("data/", TIME);
        out.directory("data/sub/", TIME);
        out.file("data/sub/a", bytes("a"), TIME);
        out.file("data/b", bytes("b"), TIME);
        out.file("gone", bytes("gone"), TIME);
      });
  private static final byte[] UPPER =
      tar(out -> {
        out.file(".wh.gone", new byte[0], TIME);
        out.file("top", bytes("top"), TIME);
      });

  @TempDir private Path directory;
  private ImageFixture fixture;
  private Image image;

  @BeforeEach
  void open() {
    Fd.trackLeaks(true);
    fixture = new ImageFixture(directory);
    fixture.storage.start();
    image = fixture.loadOne(dockerArchive("base:1", LOWER, UPPER));
  }

  @AfterEach
  void close() {
    fixture.rootFilesystems.remove(CONTAINER);
    fixture.close();
    assertThat(Fd.openStacks()).isEmpty();
    Fd.trackLeaks(false);
  }

  private Path mounted() {
    fixture.rootFilesystems.prepare(CONTAINER, image.id());
    return fixture.rootFilesystems.mount(CONTAINER);
  }

  @Test
  void stacksTheLayersUnderAWritableOne() throws IOException {
    Path merged = mounted();

    assertThat(merged.resolve("top")).hasContent("top");
    assertThat(merged.resolve("data/b")).hasContent("b");
    assertThat(merged.resolve("gone")).doesNotExist();
    assertThat(merged.resolve("etc/hosts")).isEmptyFile();
    assertThat(merged.resolve("dev/console")).exists();
    assertThat(Files.readSymbolicLink(merged.resolve("etc/mtab"))).hasToString("/proc/mounts");

    Files.writeString(merged.resolve("new"), "12345");
    assertThat(fixture.topLayer(image).resolve("new")).doesNotExist();
    assertThat(fixture.rootFilesystems.usage(CONTAINER).writableBytes()).isEqualTo(5);
    assertThat(fixture.rootFilesystems.mount(CONTAINER)).isEqualTo(merged);
    fixture.rootFilesystems.unmount(CONTAINER);
    fixture.rootFilesystems.unmount(CONTAINER);
    assertThat(merged).isEmptyDirectory();
    fixture.rootFilesystems.mount(CONTAINER);
    assertThat(merged.resolve("new")).hasContent("12345");
  }

  @Test
  void tellsWhatAContainerChanged() throws IOException {
    Path merged = mounted();
    assertThat(fixture.rootFilesystems.changes(CONTAINER)).isEmpty();

    Files.writeString(merged.resolve("data/sub/new"), "x");
    Files.delete(merged.resolve("data/b"));
    Files.writeString(merged.resolve("etc/os-release"), "changed");
    Files.createDirectory(merged.resolve("dir"));
    Files.createFile(merged.resolve("dir/file"));

    assertThat(fixture.rootFilesystems.changes(CONTAINER))
        .containsExactly(
            new FilesystemChange(Kind.MODIFIED, "/data"),
            new FilesystemChange(Kind.DELETED, "/data/b"),
            new FilesystemChange(Kind.MODIFIED, "/data/sub"),
            new FilesystemChange(Kind.ADDED, "/data/sub/new"),
            new FilesystemChange(Kind.ADDED, "/dir"),
            new FilesystemChange(Kind.ADDED, "/dir/file"),
            new FilesystemChange(Kind.MODIFIED, "/etc"),
            new FilesystemChange(Kind.MODIFIED, "/etc/os-release"));
  }

  @Test
  void namesWhatAReplacedDirectoryHides() throws IOException {
    Path merged = mounted();
    Files.delete(merged.resolve("data/sub/a"));
    Files.delete(merged.resolve("data/sub"));
    Files.createDirectory(merged.resolve("data/sub"));
    Files.createFile(merged.resolve("data/sub/other"));

    assertThat(fixture.rootFilesystems.changes(CONTAINER))
        .containsExactly(
            new FilesystemChange(Kind.MODIFIED, "/data"),
            new FilesystemChange(Kind.MODIFIED, "/data/sub"),
            new FilesystemChange(Kind.DELETED, "/data/sub/a"),
            new FilesystemChange(Kind.ADDED, "/data/sub/other"));
  }

  @Test
  void becomesALayerOfANewImage() throws IOException {
    Path merged = mounted();
    Files.writeString(merged.resolve("added"), "added");
    Files.delete(merged.resolve("top"));
    ByteArrayOutputStream changes = new ByteArrayOutputStream();
    fixture.rootFilesystems.exportChanges(CONTAINER, changes);

    Image committed =
        fixture.images.commit(
            new CommitRequest(
                image.id(), ImageConfig.EMPTY, Platform.host(), "me", "why", "sh", null),
            new ByteArrayInputStream(changes.toByteArray()));

    assertThat(committed.parent()).isEqualTo(image.id());
    assertThat(committed.document().history()).hasSize(2);
    fixture.rootFilesystems.prepare("second", committed.id());
    Path second = fixture.rootFilesystems.mount("second");
    assertThat(second.resolve("added")).hasContent("added");
    assertThat(second.resolve("top")).doesNotExist();
    assertThat(second.resolve("data/b")).hasContent("b");
    fixture.rootFilesystems.remove("second");
  }

  @Test
  void exportsTheWholeTree() throws IOException {
    fixture.rootFilesystems.prepare(CONTAINER, image.id());
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    fixture.rootFilesystems.exportTree(CONTAINER, archive);

    List<String> names = new ArrayList<>();
    TarReader reader = new TarReader(new ByteArrayInputStream(archive.toByteArray()));
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      names.add(entry.name());
    }
    assertThat(names).contains("data/", "data/sub/a", "etc/hosts", "top").doesNotContain("gone");
    assertThat(fixture.rootFilesystems.find(CONTAINER).mergedPath()).isEmptyDirectory();
  }

  @Test
  void mountsMoreLayersThanOnePageOfOptionsHolds() {
    List<byte[]> layers = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      layers.add(TestArchives.layer("file" + i, "content" + i));
    }
    Image deep = fixture.loadOne(dockerArchive("deep:1", layers.toArray(byte[][]::new)));
    fixture.rootFilesystems.prepare("deep", deep.id());
    Path merged = fixture.rootFilesystems.mount("deep");

    assertThat(merged.resolve("file0")).hasContent("content0");
    assertThat(merged.resolve("file119")).hasContent("content119");
    fixture.rootFilesystems.remove("deep");
  }

  @Test
  void keepsTheLayersOfAnImageThatIsGoneWhileAContainerNeedsThem() throws IOException {
    Path merged = mounted();
    fixture.images.remove("base:1", true, true);
    assertThat(merged.resolve("data/b")).hasContent("b");
    assertThat(fixture.images.list(ImageFilters.NONE, true)).isEmpty();

    fixture.rootFilesystems.remove(CONTAINER);

    assertThat(fixture.directories()).allMatch(name -> name.endsWith("-init"));
    fixture.storage.start();
    assertThat(fixture.directories()).isEmpty();
  }

  @Test
  void leavesNothingWhenTheStoreFails() throws IOException {
    List<String> before = fixture.directories();
    fixture.store.failAfter(0);
    assertThatThrownBy(() -> fixture.rootFilesystems.prepare("x", image.id()))
        .isInstanceOf(EngineException.class);
    fixture.store.failAfter(Long.MAX_VALUE);
    assertThat(fixture.directories()).isEqualTo(before);
    assertThatThrownBy(() -> fixture.rootFilesystems.prepare("x", Digest.of(new byte[1])))
        .hasMessageStartingWith("No such image: sha256:");
  }
}
