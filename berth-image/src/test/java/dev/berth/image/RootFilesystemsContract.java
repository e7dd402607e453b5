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
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What containers' root filesystems are, whichever driver keeps them; in a mount namespace of each
 * test's own.
 */
abstract class RootFilesystemsContract {
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

  /** The driver's name. */
  abstract String driver();

  /** Makes a folder a file system that the driver works on. */
  void makeFileSystem(Path folder) {}

  /** Whether the common part of containers is kept beside them. */
  boolean keepsBases() {
    return false;
  }

  final ImageFixture fixture() {
    return fixture;
  }

  final Image image() {
    return image;
  }

  @BeforeEach
  void open() {
    Fd.trackLeaks(true);
    makeFileSystem(directory);
    fixture = new ImageFixture(directory, driver());
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

  final Path mounted() {
    fixture.rootFilesystems.prepare(CONTAINER, image.id(), 0);
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
    assertThat(fixture.rootFilesystems.usage(CONTAINER).writableBytes()).isEqualTo(5);
    assertThat(fixture.rootFilesystems.mount(CONTAINER)).isEqualTo(merged);
    fixture.rootFilesystems.unmount(CONTAINER);
    fixture.rootFilesystems.unmount(CONTAINER);
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
    fixture.rootFilesystems.prepare("second", committed.id(), 0);
    Path second = fixture.rootFilesystems.mount("second");
    assertThat(second.resolve("added")).hasContent("added");
    assertThat(second.resolve("top")).doesNotExist();
    assertThat(second.resolve("data/b")).hasContent("b");
    fixture.rootFilesystems.remove("second");
  }

  @Test
  void exportsTheWholeTree() throws IOException {
    fixture.rootFilesystems.prepare(CONTAINER, image.id(), 0);
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    fixture.rootFilesystems.exportTree(CONTAINER, archive);

    List<String> names = new ArrayList<>();
    TarReader reader = new TarReader(new ByteArrayInputStream(archive.toByteArray()));
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      names.add(entry.name());
    }
    assertThat(names).contains("data/", "data/sub/a", "etc/hosts", "top").doesNotContain("gone");
  }

  @Test
  void mountsMoreLayersThanOnePageOfOptionsHolds() {
    List<byte[]> layers = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      layers.add(TestArchives.layer("file" + i, "content" + i));
    }
    Image deep = fixture.loadOne(dockerArchive("deep:1", layers.toArray(byte[][]::new)));
    fixture.rootFilesystems.prepare("deep", deep.id(), 0);
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

    assertThat(fixture.directories())
        .allMatch(name -> name.endsWith("-init") || (keepsBases() && name.startsWith("base-")));
    fixture.storage.start();
    assertThat(fixture.directories()).isEmpty();
  }

  @Test
  void leavesNothingWhenTheStoreFails() throws IOException {
    List<String> before = fixture.directories();
    fixture.store.failAfter(0);
    assertThatThrownBy(() -> fixture.rootFilesystems.prepare("x", image.id(), 0))
        .isInstanceOf(EngineException.class);
    fixture.store.failAfter(Long.MAX_VALUE);
    assertThat(fixture.directories()).isEqualTo(before);
    assertThatThrownBy(() -> fixture.rootFilesystems.prepare("x", Digest.of(new byte[1]), 0))
        .hasMessageStartingWith("No such image: sha256:");
  }

  @Test
  void leavesNothingWhenAnyWriteOfTheStoreFails() throws IOException {
    fixture.rootFilesystems.prepare("other", image.id(), 0);
    List<String> before = fixture.directories();
    for (int writes = 0; ; writes++) {
      fixture.store.failAfter(writes);
      try {
        fixture.rootFilesystems.prepare("x", image.id(), 0);
        fixture.rootFilesystems.remove("x");
        break;
      } catch (EngineException injected) {
        fixture.store.failAfter(Long.MAX_VALUE);
        fixture.rootFilesystems.remove("x");
        assertThat(fixture.directories()).isEqualTo(before);
      }
    }
    fixture.store.failAfter(Long.MAX_VALUE);
    assertThat(fixture.directories()).isEqualTo(before);
    fixture.rootFilesystems.remove("other");
  }

  @Test
  void leavesNothingWhenALayerCannotBeRead() throws IOException {
    Path lost = fixture.layerOf(image).resolveSibling("lost");
    List<String> before = fixture.directories();
    Files.move(fixture.layerOf(image), lost);
    try {
      assertThatThrownBy(
              () -> {
                fixture.rootFilesystems.prepare(CONTAINER, image.id(), 0);
                fixture.rootFilesystems.mount(CONTAINER);
              })
          .isInstanceOf(EngineException.class);
      fixture.rootFilesystems.remove(CONTAINER);
    } finally {
      Files.move(lost, fixture.layerOf(image));
    }
    assertThat(fixture.directories().stream().filter(name -> !name.endsWith("-init")))
        .containsExactlyElementsOf(before);
    assertThat(mounted().resolve("top")).hasContent("top");
  }

  @Test
  void keepsOwnersModesTimesLinksHolesAndAttributes() throws IOException {
    byte[] layer =
        tar(out -> {
          out.file("file", bytes("shared"), TIME);
          out.begin(TestArchives.entry(TarEntry.Kind.HARD_LINK, "twin", "file"));
          out.begin(TestArchives.entry(TarEntry.Kind.SYMBOLIC_LINK, "link", "/nowhere"));
          out.begin(TestArchives.entry(TarEntry.Kind.FIFO, "pipe", ""));
          out.directory("owned/", TIME);
        });
    Image made = fixture.loadOne(dockerArchive("kinds:1", layer));
    fixture.rootFilesystems.prepare("kinds", made.id(), 0);
    Path merged = fixture.rootFilesystems.mount("kinds");

    assertThat(Files.getAttribute(merged.resolve("file"), "unix:nlink")).isEqualTo(2);
    assertThat(Files.getAttribute(merged.resolve("file"), "unix:ino"))
        .isEqualTo(Files.getAttribute(merged.resolve("twin"), "unix:ino"));
    assertThat(Files.readSymbolicLink(merged.resolve("link"))).hasToString("/nowhere");
    assertThat(Files.getLastModifiedTime(merged.resolve("owned")).toInstant()).isEqualTo(TIME);
    assertThat(Files.getLastModifiedTime(merged.resolve("file")).toInstant()).isEqualTo(TIME);
    assertThat(Files.readAttributes(merged.resolve("pipe"), "unix:mode").get("mode"))
        .isEqualTo(0010000 | 0755);
    assertThat(fixture.rootFilesystems.changes("kinds")).isEmpty();
    assertThat(fixture.rootFilesystems.usage("kinds").writableBytes()).isZero();
    fixture.rootFilesystems.remove("kinds");
  }

  @Test
  void tellsWhatIsSharedAndWhatIsOwn() throws IOException {
    Path merged = mounted();
    assertThat(fixture.rootFilesystems.usage(CONTAINER))
        .isEqualTo(new FilesystemUsage(0, image.sizeBytes()));
    Files.write(merged.resolve("own"), new byte[1000]);
    Files.createLink(merged.resolve("again"), merged.resolve("own"));
    Files.writeString(merged.resolve("data/b"), "longer");
    Files.delete(merged.resolve("top"));
    assertThat(fixture.rootFilesystems.usage(CONTAINER))
        .isEqualTo(new FilesystemUsage(1006, image.sizeBytes() + 1006));
  }

  @Test
  void aHostileTreeLeadsNobodyOutside(@TempDir Path outside) throws IOException {
    Files.writeString(outside.resolve("secret"), "classified");
    Path merged = mounted();
    Files.delete(merged.resolve("data/sub/a"));
    Files.delete(merged.resolve("data/sub"));
    Files.createSymbolicLink(merged.resolve("data/sub"), outside);
    Files.createSymbolicLink(merged.resolve("escape"), outside.resolve("secret"));
    Files.createFile(merged.resolve("odd\nname"));
    Path deep = merged.resolve("deep");
    Files.createDirectory(deep);
    for (int level = 0; level < 8; level++) {
      deep = Files.createDirectory(deep.resolve("d".repeat(40)));
    }
    assertThat(fixture.rootFilesystems.changes(CONTAINER))
        .contains(
            new FilesystemChange(Kind.MODIFIED, "/data/sub"),
            new FilesystemChange(Kind.ADDED, "/escape"),
            new FilesystemChange(Kind.ADDED, "/odd\nname"));
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    fixture.rootFilesystems.exportChanges(CONTAINER, archive);
    assertThat(archive.toString(StandardCharsets.ISO_8859_1))
        .doesNotContain("classified")
        .contains("escape");
    fixture.rootFilesystems.remove(CONTAINER);
    assertThat(outside.resolve("secret")).hasContent("classified");
  }

  @Test
  void removesWhatACrashLeftAndKeepsWhatIsRecorded() throws IOException {
    Path merged = mounted();
    Files.writeString(merged.resolve("kept"), "kept");
    Path home = merged.getParent();
    Path orphan = home.resolveSibling("f".repeat(64));
    Files.createDirectories(orphan.resolve("merged/some/tree"));
    Files.createDirectories(orphan.resolve("diff"));
    fixture.storage.start();
    assertThat(orphan).doesNotExist();
    assertThat(fixture.rootFilesystems.mount(CONTAINER).resolve("kept")).hasContent("kept");
  }

  @Test
  void aRootStaysWithTheDriverThatMadeIt() throws IOException {
    Path merged = mounted();
    Files.writeString(merged.resolve("kept"), "kept");
    String other = driver().equals("vfs") ? "overlay2" : "vfs";
    ImageStorage switched =
        new ImageStorage(
            new ImageStorageSettings(directory, other, List.of()),
            fixture.store,
            new SplittableRandom(8));
    switched.start();
    RootFilesystems roots = new RootFilesystems(switched);
    assertThat(roots.find(CONTAINER).graphDriver().name()).isEqualTo(driver());
    assertThat(roots.mount(CONTAINER).resolve("kept")).hasContent("kept");
    roots.prepare("new", image.id(), 0);
    assertThat(roots.find("new").graphDriver().name()).isEqualTo(other);
    assertThat(roots.mount("new").resolve("top")).hasContent("top");
    roots.remove("new");
    roots.remove(CONTAINER);
    assertThat(merged).doesNotExist();
  }
}
