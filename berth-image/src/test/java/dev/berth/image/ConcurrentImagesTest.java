package dev.berth.image;

import static dev.berth.image.TestArchives.dockerArchive;
import static dev.berth.image.TestArchives.layer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that share layers, brought and removed at the same time. */
@Tag("kernel")
final class ConcurrentImagesTest {
  private static final byte[] SHARED = layer("shared", "shared");
  private static final int THREADS = 4;
  private static final int ROUNDS = 15;

  @TempDir private Path directory;

  @Test
  void everyImageThatIsThereHasItsLayers() throws Exception {
    try (ImageFixture fixture = new ImageFixture(directory);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        String name = "image" + i + ":1";
        byte[] archive = dockerArchive(name, SHARED, layer("own" + i, "own"));
        running.add(threads.submit(() -> loadAndRemove(fixture, name, archive)));
      }
      for (Future<?> future : running) {
        future.get();
      }
      assertThat(fixture.images.list(ImageFilters.NONE, true)).isEmpty();
      assertThat(fixture.directories()).isEmpty();
    }
  }

  private static Void loadAndRemove(ImageFixture fixture, String name, byte[] archive)
      throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      fixture.images.load(new ByteArrayInputStream(archive), null, true, ProgressSink.ignoring());
      Image image = fixture.images.find(name);
      assertThat(fixture.topLayer(image)).isNotEmptyDirectory();
      String lower = String.valueOf(image.graphDriver().data().get("LowerDir"));
      try (Stream<Path> files = Files.list(Path.of(lower))) {
        assertThat(files).isNotEmpty();
      }
      fixture.images.remove(name, false, true);
    }
    return null;
  }

  @Test
  void oneNameIsTakenInTurns() throws Exception {
    try (ImageFixture fixture = new ImageFixture(directory);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        byte[] archive = dockerArchive("same:1", SHARED, layer("own", "own" + (i % 2)));
        running.add(threads.submit(() -> takeAndRemove(fixture, archive)));
      }
      for (Future<?> future : running) {
        future.get();
      }
      fixture.images.prune(ImageFilters.NONE);
      fixture
          .images
          .list(ImageFilters.NONE, true)
          .forEach(image -> fixture.images.remove(image.id().toString(), true, true));
      assertThat(fixture.directories()).isEmpty();
    }
  }

  private static Void takeAndRemove(ImageFixture fixture, byte[] archive) {
    for (int round = 0; round < ROUNDS; round++) {
      fixture.images.load(new ByteArrayInputStream(archive), null, true, ProgressSink.ignoring());
      try {
        fixture.images.remove("same:1", false, true);
      } catch (EngineException gone) {
        assertThat(gone.kind()).isEqualTo(ErrorKind.NOT_FOUND);
      }
    }
    return null;
  }
}
