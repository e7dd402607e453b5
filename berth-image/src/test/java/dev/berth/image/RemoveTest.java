package dev.berth.image;

import static dev.berth.image.TestArchives.bytes;
import static dev.berth.image.TestArchives.configuration;
import static dev.berth.image.TestArchives.dockerArchive;
import static dev.berth.image.TestArchives.layer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.image.content.ChainIds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, removal under Docker's rules, prune, lists. */
@Tag("kernel")
final class RemoveTest {
  private static final byte[] ONE = layer("one", "1");
  private static final byte[] TWO = layer("two", "22");
  private static final String CONTAINER = "0123456789abcdef".repeat(4);

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

  private void use(Image image, boolean running) {
    fixture.users.put(image.id(), List.of(new ImageUsers.User(CONTAINER, running)));
  }

  @Test
  void findsByNameIdAndStartOfId() {
    Image image = fixture.loadOne(dockerArchive("demo:1", ONE));
    for (String name :
        List.of(
            "demo:1",
            "docker.io/library/demo:1",
            image.id().toString(),
            image.id().hex(),
            image.id().shortHex(),
            "sha256:" + image.id().hex().substring(0, 3))) {
      assertThat(fixture.images.find(name).id()).isEqualTo(image.id());
    }
    assertThatThrownBy(() -> fixture.images.find("demo")).hasMessage("No such image: demo:latest");
    assertThatThrownBy(() -> fixture.images.find("b".repeat(64)))
        .hasMessage("No such image: sha256:" + "b".repeat(64));
    assertThatThrownBy(() -> fixture.images.find("De mo"))
        .hasMessageStartingWith("invalid reference format");
  }

  @Test
  void removesTheImageWithItsLastName() throws IOException {
    Image image = fixture.loadOne(dockerArchive("demo:1", ONE, TWO));
    fixture.load(dockerArchive("shared:1", ONE));
    fixture.images.tag("demo:1", "other", "");
    fixture.events.clear();

    assertThat(fixture.images.remove("demo:1", false, true))
        .containsExactly(new ImageRemoval.Untagged("demo:1"));
    assertThat(fixture.images.remove("other", false, true))
        .containsExactly(
            new ImageRemoval.Untagged("other:latest"),
            new ImageRemoval.Deleted(image.id(), 0),
            new ImageRemoval.Deleted(
                ChainIds.of(List.of(Digest.of(ONE), Digest.of(TWO))).getLast(), 2));
    assertThat(fixture.actions()).containsExactly("untag", "untag", "delete");
    assertThat(fixture.directories()).hasSize(1);
  }

  @Test
  void removesByIdOnlyWithForceWhenThereAreSeveralNames() {
    Image image = fixture.loadOne(dockerArchive("demo:1", ONE));
    fixture.images.tag("demo:1", "other", "2");
    String id = image.id().shortHex();

    assertThatThrownBy(() -> fixture.images.remove(id, false, true))
        .hasMessage(
            "conflict: unable to delete "
                + id
                + " (must be forced) - image is referenced in multiple repositories");
    assertThat(fixture.images.remove(id, true, true))
        .contains(
            new ImageRemoval.Untagged("demo:1"),
            new ImageRemoval.Untagged("other:2"),
            new ImageRemoval.Deleted(image.id(), 0));
  }

  @Test
  void refusesWhatContainersUse() throws IOException {
    Image image = fixture.loadOne(dockerArchive("demo:1", ONE));
    String id = image.id().shortHex();
    String container = CONTAINER.substring(0, 12);
    use(image, false);
    assertThatThrownBy(() -> fixture.images.remove("demo:1", false, true))
        .hasMessage(
            "conflict: unable to remove repository reference \"demo:1\" (must force) - container "
                + container
                + " is using its referenced image "
                + id);
    assertThatThrownBy(() -> fixture.images.remove(id, false, true))
        .hasMessage(
            "conflict: unable to delete "
                + id
                + " (must be forced) - image is being used by stopped container "
                + container);
    use(image, true);
    assertThatThrownBy(() -> fixture.images.remove(id, true, true))
        .hasMessage(
            "conflict: unable to delete "
                + id
                + " (cannot be forced) - image is being used by running container "
                + container);
    assertThat(fixture.images.find("demo:1").repoTags()).containsExactly("demo:1");
    // By name and forced, the name goes and the image stays for the container.
    assertThat(fixture.images.remove("demo:1", true, true))
        .containsExactly(new ImageRemoval.Untagged("demo:1"));
    assertThat(fixture.images.find(id).isDangling()).isTrue();
    use(image, false);
    assertThat(fixture.images.remove(id, true, true)).hasSize(2);
    assertThat(fixture.directories()).isEmpty();
  }

  @Test
  void keepsParentsAndPrunesThemWithTheirLastChild() {
    Image base = fixture.loadOne(dockerArchive("base:1", ONE));
    Image child =
        fixture.images.commit(
            new CommitRequest(
                base.id(),
                ImageConfig.EMPTY,
                Platform.host(),
                "",
                "",
                "",
                Reference.parse("child")),
            new ByteArrayInputStream(TWO));
    String id = base.id().shortHex();

    assertThatThrownBy(() -> fixture.images.remove(id, true, true))
        .hasMessage(
            "conflict: unable to delete "
                + id
                + " (cannot be forced) - image has dependent child images");
    assertThat(fixture.images.remove("base:1", false, true))
        .containsExactly(new ImageRemoval.Untagged("base:1"));
    assertThat(fixture.images.list(ImageFilters.NONE, false)).hasSize(1);
    assertThat(fixture.images.list(ImageFilters.NONE, true)).hasSize(2);
    assertThat(fixture.images.history("child").get(1).id()).isEqualTo(base.id().toString());
    assertThat(fixture.images.remove("child", false, true))
        .contains(new ImageRemoval.Deleted(child.id(), 0), new ImageRemoval.Deleted(base.id(), 0));
    assertThat(fixture.images.list(ImageFilters.NONE, true)).isEmpty();
  }

  @Test
  void prunesDanglingImagesOrAllThatNobodyUses() throws IOException {
    fixture.loadOne(dockerArchive("demo:1", ONE));
    Image used = fixture.loadOne(dockerArchive("used:1", TWO));
    fixture.load(dockerArchive("demo:1", layer("three", "333")));
    use(used, false);

    PruneReport dangling = fixture.images.prune(ImageFilters.NONE);
    assertThat(dangling.reclaimedBytes()).isEqualTo(1);
    assertThat(fixture.images.list(ImageFilters.NONE, true)).hasSize(2);

    ImageFilters all =
        new ImageFilters(
            List.of(), List.of(), List.of(), Optional.of(false), List.of(), List.of(), null);
    PruneReport rest = fixture.images.prune(all);
    assertThat(rest.reclaimedBytes()).isEqualTo(3);
    assertThat(fixture.images.list(ImageFilters.NONE, true))
        .extracting(Image::id)
        .containsExactly(used.id());
    assertThat(fixture.directories()).hasSize(1);
    assertThat(fixture.events.getLast().attributes()).containsEntry("reclaimed", "3");
  }

  @Test
  void filtersLists() {
    String labelled = configuration(List.of(ONE), "{\"Labels\":{\"a\":\"b\"}}");
    fixture.load(dockerArchive("one:1", labelled, List.of(ONE)));
    String later = configuration(List.of(TWO), "{}").replace("2024-01-02", "2024-02-02");
    fixture.load(dockerArchive("", later, List.of(TWO)));
    fixture.images.tag(Digest.of(bytes(later)).toString(), "host.example/x/two", "v2");

    assertThat(names(filter(List.of("one"), List.of()))).containsExactly("one:1");
    assertThat(names(filter(List.of("*:1"), List.of()))).containsExactly("one:1");
    assertThat(names(filter(List.of("*/x/t*"), List.of())))
        .containsExactly("host.example/x/two:v2");
    assertThat(names(filter(List.of("*"), List.of()))).containsExactly("one:1");
    assertThat(names(filter(List.of(), List.of("a")))).containsExactly("one:1");
    assertThat(names(filter(List.of(), List.of("a=b")))).containsExactly("one:1");
    assertThat(names(filter(List.of(), List.of("a=c")))).isEmpty();
    assertThat(names(times(List.of("host.example/x/two:v2"), List.of(), null)))
        .containsExactly("one:1");
    assertThat(names(times(List.of(), List.of("one:1"), null)))
        .containsExactly("host.example/x/two:v2");
    assertThat(names(times(List.of(), List.of(), Instant.parse("2024-01-15T00:00:00Z"))))
        .containsExactly("one:1");
    assertThat(names(ImageFilters.NONE)).containsExactly("host.example/x/two:v2", "one:1");
  }

  private List<String> names(ImageFilters filters) {
    return fixture.images.list(filters, false).stream()
        .flatMap(image -> image.repoTags().stream())
        .toList();
  }

  private static ImageFilters filter(List<String> references, List<String> labels) {
    return new ImageFilters(
        references, labels, List.of(), Optional.empty(), List.of(), List.of(), null);
  }

  private static ImageFilters times(
      List<String> before, List<String> since, @Nullable Instant until) {
    return new ImageFilters(
        List.of(), List.of(), List.of(), Optional.empty(), before, since, until);
  }
}
