package dev.berth.image;

import static dev.berth.image.TestArchives.bytes;
import static dev.berth.image.TestArchives.configuration;
import static dev.berth.image.TestArchives.dockerArchive;
import static dev.berth.image.TestArchives.gzip;
import static dev.berth.image.TestArchives.layer;
import static dev.berth.image.TestArchives.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading and saving; unpacking needs root for owners and device nodes. */
@Tag("kernel")
final class LoadTest {
  private static final byte[] LOWER = layer("hello", "world");
  private static final byte[] UPPER = layer("bin/app", "#!/bin/sh");

  @TempDir private Path directory;
  private ImageFixture fixture;

  @BeforeEach
  void open() {
    fixture = new ImageFixture(directory);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void takesADockerArchiveIn() throws IOException {
    Image image = fixture.loadOne(dockerArchive("demo:1", LOWER, UPPER));

    assertThat(image.repoTags()).containsExactly("demo:1");
    assertThat(image.id()).isEqualTo(Digest.of(bytes(configuration(List.of(LOWER, UPPER), "{}"))));
    assertThat(image.sizeBytes()).isEqualTo(5 + 9);
    assertThat(image.document().diffIds()).containsExactly(Digest.of(LOWER), Digest.of(UPPER));
    assertThat(fixture.topLayer(image).resolve("bin/app")).hasContent("#!/bin/sh");
    assertThat(fixture.output()).isEqualTo("Loaded image: demo:1\n");
    assertThat(fixture.actions()).containsExactly("load");
    assertThat(fixture.directories()).hasSize(2);
  }

  @Test
  void sharesLayersBetweenImages() throws IOException {
    fixture.load(dockerArchive("one:1", LOWER));
    fixture.load(dockerArchive("two:1", LOWER, UPPER));
    fixture.load(dockerArchive("three:1", UPPER, LOWER));

    assertThat(fixture.directories()).hasSize(2);
    assertThat(fixture.images.layersBytes()).isEqualTo(14);
    Image two = fixture.images.find("two:1");
    assertThat(fixture.images.sharedBytes()).containsEntry(two.id(), 14L);
  }

  @Test
  void readsEveryCompressionOfTheWholeAndOfLayers() {
    byte[] archive = dockerArchive("demo:1", LOWER);
    assertThat(fixture.load(gzip(archive))).hasSize(1);
    assertThat(fixture.load(ZstdFrame.of(archive))).hasSize(1);

    String configuration = configuration(List.of(UPPER), "{}");
    Image image = fixture.loadOne(dockerArchive("gz:1", configuration, List.of(gzip(UPPER))));
    assertThat(fixture.topLayer(image).resolve("bin/app")).exists();
  }

  @Test
  void readsAnOciLayoutAndChoosesThePlatform() {
    byte[] gzipped = ZstdFrame.of(LOWER);
    String configuration = configuration(List.of(LOWER), "{}");
    String manifest =
        "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
            + "\"digest\":\""
            + Digest.of(bytes(configuration))
            + "\",\"size\":1},\"layers\":[{\"mediaType\":\"x\",\"digest\":\""
            + Digest.of(gzipped)
            + "\",\"size\":"
            + gzipped.length
            + "}]}";
    String other = "sha256:" + "1".repeat(64);
    String index =
        "{\"manifests\":["
            + platformEntry(other, "s390x")
            + ","
            + platformEntry(Digest.of(bytes(manifest)).toString(), Platform.host().architecture())
            + "]}";
    String top =
        "{\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\""
            + Digest.of(bytes(index))
            + "\",\"size\":1,\"annotations\":{\"org.opencontainers.image.ref.name\":\"oci:2\"}}]}";
    byte[] archive =
        tar(out -> {
          out.file("oci-layout", bytes("{\"imageLayoutVersion\":\"1.0.0\"}"), TestArchives.TIME);
          out.file("index.json", bytes(top), TestArchives.TIME);
          for (byte[] blob :
              List.of(bytes(configuration), bytes(manifest), bytes(index), gzipped)) {
            out.file("blobs/sha256/" + Digest.of(blob).hex(), blob, TestArchives.TIME);
          }
        });

    Image image = fixture.loadOne(archive);

    assertThat(image.repoTags()).containsExactly("oci:2");
    assertThat(fixture.topLayer(image).resolve("hello")).hasContent("world");
  }

  private static String platformEntry(String digest, String architecture) {
    return "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\""
        + digest
        + "\",\"size\":1,\"platform\":{\"os\":\"linux\",\"architecture\":\""
        + architecture
        + "\"}}";
  }

  @Test
  void refusesABrokenArchiveAndLeavesNothing() throws IOException {
    byte[] archive = dockerArchive("demo:1", LOWER, UPPER);
    for (int length : List.of(0, 100, 700, 1100, 2048, archive.length / 2, archive.length - 3000)) {
      assertThatThrownBy(() -> fixture.load(Arrays.copyOf(archive, length)))
          .isInstanceOf(EngineException.class);
    }
    assertThat(fixture.images.list(ImageFilters.NONE, true)).isEmpty();
    assertThat(fixture.directories()).isEmpty();
    assertThat(fixture.events).isEmpty();
  }

  @Test
  void refusesALayerThatIsNotTheOneNamed() throws IOException {
    String configuration = configuration(List.of(LOWER), "{}");
    assertThatThrownBy(() -> fixture.load(dockerArchive("demo:1", configuration, List.of(UPPER))))
        .hasMessage(
            "invalid diffID for layer 0: expected \""
                + Digest.of(LOWER)
                + "\", got \""
                + Digest.of(UPPER)
                + "\"");
    assertThatThrownBy(
            () -> fixture.load(dockerArchive("demo:1", configuration, List.of(LOWER, UPPER))))
        .hasMessage("invalid manifest, layers length mismatch: expected 1, got 2");
    assertThat(fixture.directories()).isEmpty();
  }

  @Test
  void aFailingStoreLeavesNothing() throws IOException {
    fixture.store.failAfter(0);
    assertThatThrownBy(() -> fixture.load(dockerArchive("demo:1", LOWER)))
        .isInstanceOf(RuntimeException.class);
    assertThat(fixture.directories()).isEmpty();
  }

  @Test
  void takesTheNameFromAnOlderImage() {
    Image old = fixture.loadOne(dockerArchive("demo:1", LOWER));
    fixture.load(dockerArchive("demo:1", UPPER));

    assertThat(fixture.output())
        .contains(
            "The image demo:1 already exists, renaming the old one with ID "
                + old.id()
                + " to empty string\n");
    assertThat(fixture.images.find(old.id().toString()).isDangling()).isTrue();
  }

  @Test
  void savesWhatCanBeLoadedAgainToTheByte() throws IOException {
    String configuration = configuration(List.of(LOWER, UPPER), "{\"Cmd\":[\"x\"]}");
    Image image =
        fixture.loadOne(dockerArchive("demo:1", configuration, List.of(gzip(LOWER), gzip(UPPER))));
    fixture.images.tag("demo:1", "other", "2");
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    fixture.images.save(List.of("demo:1", "other:2"), null, saved);
    fixture.images.remove(image.id().toString(), true, true);
    fixture
        .images
        .list(ImageFilters.NONE, true)
        .forEach(left -> fixture.images.remove(left.id().toString(), true, true));
    assertThat(fixture.directories()).isEmpty();

    Image again = fixture.loadOne(saved.toByteArray());

    assertThat(again.id()).isEqualTo(image.id());
    assertThat(again.repoTags()).containsExactly("demo:1", "other:2");
    assertThat(fixture.topLayer(again).resolve("bin/app")).hasContent("#!/bin/sh");
  }

  @Test
  void importsATreeWithChanges() throws IOException {
    Image image =
        fixture.images.importTree(
            new ImportRequest(
                Reference.parse("imported"),
                List.of("CMD [\"/bin/app\"]", "ENV A=\"b c\" D=e", "EXPOSE 80 53/udp", "LABEL x=y"),
                "by hand",
                "-",
                null),
            new java.io.ByteArrayInputStream(gzip(UPPER)),
            fixture.messages::add);

    assertThat(image.repoTags()).containsExactly("imported:latest");
    assertThat(image.config().cmd()).containsExactly("/bin/app");
    assertThat(image.config().env()).containsExactly("A=b c", "D=e");
    assertThat(image.config().exposedPorts()).containsExactlyInAnyOrder("80/tcp", "53/udp");
    assertThat(image.config().labels()).containsEntry("x", "y");
    assertThat(image.document().comment()).isEqualTo("by hand");
    assertThat(fixture.messages.getLast().status()).isEqualTo(image.id().toString());
    assertThat(fixture.actions()).containsExactly("import", "tag");
    assertThat(Files.exists(fixture.topLayer(image).resolve("bin/app"))).isTrue();
  }
}
