package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An engine that is killed in the midst of an operation on a whole volume: afterwards every volume
 * and snapshot that is shown is complete, and nothing else is on the disk.
 */
@Tag("blackbox")
class VolumeCrashTest {
  private static final int KILLS = 2;
  private static final int FILES = 3000;
  private static final int LONGEST_MILLISECONDS = 900;

  private static VolumeStage stage;
  private static Path archive;
  private static String whole;

  @BeforeAll
  static void start() {
    stage = VolumeStage.open();
    archive = stage.engine().folder().resolve("archive.tar");
    stage
        .run(
            "mkdir /data/many; i=0; while [ $i -lt "
                + FILES
                + " ]; do i=$((i+1));"
                + " echo content of $i > /data/many/$i; done;"
                + " dd if=/dev/urandom of=/data/large bs=1M count=80 2>/dev/null",
            "-v",
            "source:/data")
        .ok();
    stage.engine().berth("volume", "export", "-o", archive.toString(), "source").run().ok();
    stage.engine().berth("volume", "snapshot", "source", "kept").run().ok();
    whole = sum(folder("source/_data"));
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @AfterEach
  void removeTheRest() {
    for (String name : volumes()) {
      if (!name.equals("source")) {
        stage.docker("volume", "rm", name).ok();
      }
    }
  }

  private static Path folder(String below) {
    return stage.engine().dataRoot().resolve("volumes").resolve(below);
  }

  private static Set<String> volumes() {
    return new TreeSet<>(stage.docker("volume", "ls", "-q").ok().lines());
  }

  /** A sum over names, owners, modes, times and content. */
  private static String sum(Path data) {
    return stage.onHost(
        "tar -C "
            + data
            + " --sort=name --format=posix --pax-option=delete=atime,delete=ctime"
            + " -c . | sha256sum");
  }

  static Stream<List<String>> operations() {
    return Stream.of(
        List.of("export", "-o", "/dev/null", "source"),
        List.of("import", "made", "ARCHIVE"),
        List.of("import", "--force", "source", "ARCHIVE"),
        List.of("import", "--merge", "source", "ARCHIVE"),
        List.of("copy", "source", "made"),
        List.of("copy", "--consistency", "pause", "source", "made"),
        List.of("snapshot", "source", "taken"),
        List.of("snapshot-rm", "source", "kept"),
        List.of("restore", "source", "kept"),
        List.of("rename", "source", "made"),
        List.of("update", "--label-add", "a=b", "source"));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void nothingIsLostAndNothingIsLeft(List<String> operation) throws Exception {
    Random moments = new Random(operation.hashCode());
    boolean pausing = operation.contains("pause");
    for (int kill = 0; kill < KILLS; kill++) {
      if (pausing) {
        stage.keep("runner", "-v", "source:/data");
      }
      List<String> words = new ArrayList<>(List.of("volume"));
      operation.forEach(word -> words.add(word.equals("ARCHIVE") ? archive.toString() : word));
      Thread client =
          Thread.ofPlatform().start(() -> stage.engine().berth(words.toArray(String[]::new)).run());
      Thread.sleep(100 + moments.nextInt(LONGEST_MILLISECONDS));
      stage.engine().killEngine();
      client.join();
      stage.engine().startEngine();
      everythingIsWhole();
      if (pausing) {
        assertThat(stage.docker("inspect", "-f", "{{.State.Status}}", "runner").line())
            .isEqualTo("running");
        stage.docker("rm", "-f", "runner").ok();
      }
      backToTheBeginning();
    }
  }

  private static void everythingIsWhole() throws IOException {
    Set<String> shown = volumes();
    assertThat(Set.of("source", "made")).containsAll(shown);
    assertThat(shown).isNotEmpty();
    try (Stream<Path> folders = Files.list(folder(""))) {
      assertThat(folders.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(shown);
    }
    for (String name : shown) {
      assertThat(sum(folder(name + "/_data"))).as(name).isEqualTo(whole);
      List<String> kept =
          stage.engine().berth("volume", "snapshots", "-q", name).run().ok().lines();
      for (String snapshot : kept) {
        assertThat(sum(folder(name + "/_snapshots/" + snapshot))).as(snapshot).isEqualTo(whole);
      }
      try (Stream<Path> inside = Files.list(folder(name))) {
        assertThat(inside.map(path -> path.getFileName().toString()))
            .isSubsetOf("_data", "_snapshots");
      }
      Path snapshots = folder(name + "/_snapshots");
      if (Files.exists(snapshots)) {
        try (Stream<Path> inside = Files.list(snapshots)) {
          assertThat(inside.map(path -> path.getFileName().toString()))
              .containsExactlyInAnyOrderElementsOf(kept);
        }
      }
    }
  }

  private static void backToTheBeginning() {
    Set<String> shown = volumes();
    if (!shown.contains("source")) {
      stage.engine().berth("volume", "rename", "made", "source").run().ok();
    } else if (shown.contains("made")) {
      stage.docker("volume", "rm", "made").ok();
    }
    List<String> kept =
        stage.engine().berth("volume", "snapshots", "-q", "source").run().ok().lines();
    if (kept.contains("taken")) {
      stage.engine().berth("volume", "snapshot-rm", "source", "taken").run().ok();
    }
    if (!kept.contains("kept")) {
      stage.engine().berth("volume", "snapshot", "source", "kept").run().ok();
    }
  }
}
