package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An engine with a volume {@code source} and a snapshot {@code kept} of it, that is killed in the
 * midst of operations which would give {@code made} or {@code taken} the same content: whatever is
 * shown afterwards must have that content.
 */
final class VolumeCrash implements AutoCloseable {
  private final VolumeStage stage;
  private final Path archive;
  private final String whole;

  private VolumeCrash(VolumeStage stage) {
    this.stage = stage;
    this.archive = stage.engine().folder().resolve("archive.tar");
    this.whole = sum(folder("source/_data"));
  }

  /** Fills the volume with that many small files, and one large. */
  static VolumeCrash prepare(VolumeStage stage, int files) {
    stage
        .run(
            "mkdir /data/many; i=0; while [ $i -lt "
                + files
                + " ]; do i=$((i+1));"
                + " echo content of $i > /data/many/$i; done;"
                + " dd if=/dev/urandom of=/data/large bs=1M count=80 2>/dev/null",
            "-v",
            "source:/data")
        .ok();
    VolumeCrash crash = new VolumeCrash(stage);
    stage.engine().berth("volume", "export", "-o", crash.archive.toString(), "source").run().ok();
    stage.engine().berth("volume", "snapshot", "source", "kept").run().ok();
    return crash;
  }

  VolumeStage stage() {
    return stage;
  }

  Path archive() {
    return archive;
  }

  /** Kills the engine some time after the operation has begun, and starts it again. */
  void kill(Runnable operation, int milliseconds) throws InterruptedException {
    Thread client =
        Thread.ofPlatform()
            .start(() -> {
              try {
                operation.run();
              } catch (RuntimeException ended) {
                // The engine goes away before it answers.
              }
            });
    Thread.sleep(milliseconds);
    stage.engine().killEngine();
    client.join();
    stage.engine().startEngine();
  }

  private Path folder(String below) {
    return stage.engine().dataRoot().resolve("volumes").resolve(below);
  }

  Set<String> volumes() {
    return new TreeSet<>(stage.docker("volume", "ls", "-q").ok().lines());
  }

  private List<String> snapshots(String volume) {
    return stage.engine().berth("volume", "snapshots", "-q", volume).run().ok().lines();
  }

  /** A sum over names, owners, modes, times and content. */
  private String sum(Path data) {
    return stage.onHost(
        "tar -C "
            + data
            + " --sort=name --format=posix --pax-option=delete=atime,delete=ctime"
            + " -c . | sha256sum");
  }

  void everythingIsWhole() throws IOException {
    Set<String> shown = volumes();
    assertThat(Set.of("source", "made")).containsAll(shown);
    assertThat(shown).isNotEmpty();
    assertThat(names(folder(""))).containsExactlyInAnyOrderElementsOf(shown);
    for (String name : shown) {
      assertThat(sum(folder(name + "/_data"))).as(name).isEqualTo(whole);
      List<String> kept = snapshots(name);
      for (String snapshot : kept) {
        assertThat(sum(folder(name + "/_snapshots/" + snapshot))).as(snapshot).isEqualTo(whole);
      }
      assertThat(names(folder(name))).isSubsetOf("_data", "_snapshots");
      Path snapshots = folder(name + "/_snapshots");
      if (Files.exists(snapshots)) {
        assertThat(names(snapshots)).containsExactlyInAnyOrderElementsOf(kept);
      }
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.map(path -> path.getFileName().toString()).toList();
    }
  }

  void backToTheBeginning() {
    Set<String> shown = volumes();
    if (!shown.contains("source")) {
      stage.engine().berth("volume", "rename", "made", "source").run().ok();
    } else if (shown.contains("made")) {
      stage.docker("volume", "rm", "made").ok();
    }
    List<String> kept = snapshots("source");
    if (kept.contains("taken")) {
      stage.engine().berth("volume", "snapshot-rm", "source", "taken").run().ok();
    }
    if (!kept.contains("kept")) {
      stage.engine().berth("volume", "snapshot", "source", "kept").run().ok();
    }
  }

  @Override
  public void close() {
    stage.close();
  }
}
