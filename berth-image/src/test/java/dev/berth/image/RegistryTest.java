package dev.berth.image;

import static dev.berth.image.TestArchives.bytes;
import static dev.berth.image.TestArchives.configuration;
import static dev.berth.image.TestArchives.dockerArchive;
import static dev.berth.image.TestArchives.layer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.image.registry.RegistryClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulling from and pushing to a real registry. */
@Tag("kernel")
final class RegistryTest {
  private static final byte[] LOWER = layer("hello", "world");
  private static final byte[] UPPER = layer("bin/app", "#!/bin/sh");
  private static final RegistryCredentials ANONYMOUS = RegistryCredentials.ANONYMOUS;
  private static final RegistryCredentials TESTER =
      new RegistryCredentials(LocalRegistry.USER, LocalRegistry.PASSWORD, null, null);

  @TempDir private Path directory;
  private ImageFixture fixture;
  private LocalRegistry registry;

  @BeforeEach
  void open() throws Exception {
    Assumptions.assumeTrue(LocalRegistry.isInstalled(), "docker-registry is not installed");
    fixture = new ImageFixture(Files.createDirectory(directory.resolve("engine")));
    registry = LocalRegistry.start(directory, false);
  }

  @AfterEach
  void close() throws Exception {
    if (registry != null) {
      registry.close();
    }
    if (fixture != null) {
      fixture.close();
    }
  }

  private Reference reference(String rest) {
    return Reference.parse(registry.host() + "/" + rest);
  }

  private void push(Reference reference, RegistryCredentials credentials) {
    fixture.images.push(new PushRequest(reference, null, credentials), fixture.messages::add);
  }

  private void pull(Reference reference, RegistryCredentials credentials) {
    fixture.images.pull(new PullRequest(reference, null, credentials), fixture.messages::add);
  }

  private List<String> statuses() {
    return fixture.messages.stream()
        .map(ProgressSink.Message::status)
        .filter(Objects::nonNull)
        .toList();
  }

  private void removeEverything() {
    for (Image image : fixture.images.list(ImageFilters.NONE, true)) {
      fixture.images.remove(image.id().toString(), true, true);
    }
    assertThat(fixture.images.list(ImageFilters.NONE, true)).isEmpty();
    fixture.messages.clear();
  }

  @Test
  void pushesAndPullsTheSameImage() throws IOException {
    Reference name = reference("some/app:1");
    Image pushed = fixture.loadOne(dockerArchive(name.toString(), LOWER, UPPER));
    push(name, ANONYMOUS);
    String digest = fixture.images.find(name.toString()).repoDigests().getFirst();
    assertThat(statuses())
        .startsWith("Loading layer", "Loading layer")
        .contains("The push refers to repository [" + name.name() + "]", "Preparing", "Pushed");
    ProgressSink.Message last = fixture.messages.getLast();
    assertThat(last.pushed()).isNotNull();
    assertThat(digest).endsWith(Objects.requireNonNull(last.pushed()).digest());
    fixture.messages.clear();
    push(name, ANONYMOUS);
    assertThat(statuses()).contains("Layer already exists").doesNotContain("Pushed");

    removeEverything();
    assertThat(fixture.directories()).isEmpty();
    pull(name, ANONYMOUS);

    Image pulled = fixture.images.find(name.toString());
    assertThat(pulled.id()).isEqualTo(pushed.id());
    assertThat(pulled.repoDigests()).containsExactly(digest);
    assertThat(fixture.topLayer(pulled).resolve("bin/app")).hasContent("#!/bin/sh");
    assertThat(statuses())
        .startsWith("Pulling from some/app", "Pulling fs layer", "Pulling fs layer")
        .contains("Verifying Checksum", "Download complete", "Pull complete")
        .endsWith("Status: Downloaded newer image for " + name);
    fixture.messages.clear();
    pull(name, ANONYMOUS);
    assertThat(statuses())
        .contains("Already exists")
        .endsWith("Status: Image is up to date for " + name);
    assertThat(fixture.actions()).contains("push", "pull");
  }

  @Test
  void keepsThePulledManifestWhenItIsPushedAgain() {
    Reference name = reference("app:1");
    fixture.load(dockerArchive(name.toString(), LOWER));
    push(name, ANONYMOUS);
    removeEverything();
    pull(name, ANONYMOUS);
    Reference other = reference("copy:1");
    fixture.images.tag(name.toString(), other.name(), "1");
    push(other, ANONYMOUS);

    List<String> digests = fixture.images.find(name.toString()).repoDigests();
    assertThat(digests).hasSize(2);
    assertThat(digests.stream().map(text -> text.substring(text.indexOf('@'))).distinct())
        .hasSize(1);
    assertThat(statuses()).contains("Mounted from app");
  }

  @Test
  void choosesThePlatformFromAnIndex() throws IOException {
    Reference name = reference("multi:1");
    fixture.load(dockerArchive(reference("multi:amd64").toString(), LOWER));
    push(reference("multi:amd64"), ANONYMOUS);
    String foreign = configuration(List.of(UPPER), "{}").replace("amd64", "s390x");
    fixture.load(dockerArchive(reference("multi:s390x").toString(), foreign, List.of(UPPER)));
    push(reference("multi:s390x"), ANONYMOUS);
    String index = putIndex(name);
    removeEverything();

    pull(name, ANONYMOUS);
    Image image = fixture.images.find(name.toString());
    assertThat(image.document().platform().architecture()).isEqualTo("amd64");
    assertThat(image.repoDigests()).containsExactly(name.name() + "@" + index);

    fixture.images.pull(
        new PullRequest(name, Platform.parse("linux/s390x"), ANONYMOUS), fixture.messages::add);
    assertThat(fixture.images.find(name.toString()).document().platform().architecture())
        .isEqualTo("s390x");
    assertThatThrownBy(() ->
            fixture.images.pull(
                new PullRequest(name, Platform.parse("linux/riscv64"), ANONYMOUS),
                ProgressSink.ignoring()))
        .hasMessage("no matching manifest for linux/riscv64 in the manifest list entries");

    pull(name.withDigest(Digest.parse(index)), ANONYMOUS);
    assertThat(statuses()).contains("Digest: " + index);
  }

  private String putIndex(Reference name) throws IOException {
    try (RegistryClient client =
        new RegistryClient(name, ANONYMOUS, RegistrySettings.DEFAULT, true)) {
      client.connect();
      List<String> entries = new ArrayList<>();
      for (String architecture : List.of("s390x", "amd64")) {
        RegistryClient.Fetched manifest = client.manifest(architecture);
        entries.add(
            "{\"mediaType\":\""
                + manifest.mediaType()
                + "\",\"digest\":\""
                + manifest.digest()
                + "\",\"size\":"
                + manifest.text().length()
                + ",\"platform\":{\"os\":\"linux\",\"architecture\":\""
                + architecture
                + "\"}}");
      }
      byte[] index =
          bytes(
              "{\"schemaVersion\":2,\"mediaType\":\""
                  + MediaTypes.DOCKER_INDEX
                  + "\",\"manifests\":["
                  + String.join(",", entries)
                  + "]}");
      client.putManifest("1", MediaTypes.DOCKER_INDEX, index);
      return Digest.of(index).toString();
    }
  }

  @Test
  void pullsAndPushesAllTags() {
    fixture.load(dockerArchive(reference("many:a").toString(), LOWER));
    fixture.load(dockerArchive(reference("many:b").toString(), UPPER));
    push(reference("many"), ANONYMOUS);
    removeEverything();

    pull(reference("many"), ANONYMOUS);

    assertThat(fixture.images.list(ImageFilters.NONE, false)).hasSize(2);
    assertThat(fixture.images.find(reference("many:b").toString())).isNotNull();
  }

  @Test
  void refusesWhatIsNotThere() {
    assertThatThrownBy(() -> pull(reference("nothing:1"), ANONYMOUS))
        .hasMessage(
            "manifest for "
                + reference("nothing:1")
                + " not found: manifest unknown: manifest unknown");
    assertThatThrownBy(() -> push(reference("nothing:1"), ANONYMOUS))
        .hasMessage("An image does not exist locally with the tag: " + reference("nothing"));
    fixture.load(dockerArchive(reference("app:1").toString(), LOWER));
    assertThatThrownBy(() -> push(reference("app:2"), ANONYMOUS))
        .hasMessage("tag does not exist: " + reference("app:2"));
  }

  @Test
  void namesTheAddressWhereNobodyListens() throws Exception {
    Reference name = reference("app:1");
    registry.close();
    assertThatThrownBy(() -> pull(name, ANONYMOUS))
        .hasMessage(
            "Get \"http://"
                + registry.host()
                + "/v2/\": dial tcp "
                + registry.host()
                + ": connect: connection refused");
  }

  @Test
  void refusesALayerThatWasExchanged() throws Exception {
    Reference name = reference("app:1");
    fixture.load(dockerArchive(name.toString(), LOWER, UPPER));
    push(name, ANONYMOUS);
    removeEverything();
    exchangeLargestBlobs();

    assertThatThrownBy(() -> pull(name, ANONYMOUS)).isInstanceOf(EngineException.class);
    assertThat(fixture.images.list(ImageFilters.NONE, true)).isEmpty();
    assertThat(fixture.directories()).isEmpty();
  }

  /** Replaces the content of each gzip blob by that of another layer. */
  private void exchangeLargestBlobs() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("data/docker/registry/v2/blobs"))) {
      for (Path file : files.filter(path -> path.endsWith("data")).toList()) {
        if (Files.isRegularFile(file) && (Files.readAllBytes(file)[0] & 0xFF) == 0x1F) {
          Files.write(file, TestArchives.gzip(layer("evil", "content")));
        }
      }
    }
  }

  @Test
  void saysWhoAsksToARegistryWithPasswords() throws Exception {
    registry.close();
    registry = LocalRegistry.start(directory, true);
    Reference name = reference("secret:1");
    fixture.load(dockerArchive(name.toString(), LOWER));

    assertThatThrownBy(() -> push(name, ANONYMOUS)).hasMessage("no basic auth credentials");
    RegistryCredentials wrong = new RegistryCredentials(LocalRegistry.USER, "no", null, null);
    assertThatThrownBy(() -> push(name, wrong)).hasMessage("unauthorized: authentication required");
    assertThatThrownBy(() -> fixture.images.login("http://" + registry.host(), wrong))
        .hasMessage("unauthorized: authentication required");
    fixture.images.login(registry.host(), TESTER);
    push(name, TESTER);
    assertThat(fixture.images.inspectRemote(name, TESTER).platforms())
        .containsExactly(new Platform("linux", "amd64", null));
    removeEverything();
    pull(name, TESTER);
    assertThat(fixture.images.find(name.toString()).repoTags()).containsExactly(name.toString());
    assertThatThrownBy(() -> pull(name, ANONYMOUS)).hasMessage("no basic auth credentials");
  }
}
