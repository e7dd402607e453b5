package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole volumes on file systems that copy on write, and on one that can be frozen. */
@Tag("blackbox")
class VolumeFileSystemsTest {
  private static final int MEGABYTES = 100;
  private static final int CRASH_FILES = 500;
  private static final int SOON_MILLISECONDS = 20;
  private static final int LATE_MILLISECONDS = 200;

  private static long usedMegabytes(EngineUnderTest engine) {
    engine.onHost("sync", "-f", engine.dataRoot().toString()).run().ok();
    return Long.parseLong(
        engine
            .onHost("sh", "-c", "df -m --output=used " + engine.dataRoot() + " | tail -1")
            .run()
            .ok()
            .line()
            .strip());
  }

  @ParameterizedTest
  @CsvSource({"mkfs.btrfs -q -f,subvolume", "mkfs.xfs -q -f -m reflink=1,reflink"})
  void copiesShareTheirBlocks(String make, String method) {
    try (VolumeStage stage = VolumeStage.onFileSystem(make)) {
      EngineUnderTest engine = stage.engine();
      stage
          .run(
              "dd if=/dev/urandom of=/data/large bs=1M count="
                  + MEGABYTES
                  + " 2>/dev/null;"
                  + " echo one > /data/small; mkdir /data/sub; echo two > /data/sub/two",
              "-v",
              "source:/data")
          .ok();
      long before = usedMegabytes(engine);
      stage.keep("runner", "-v", "source:/data");
      engine.berth("volume", "snapshot", "--consistency", "pause", "source", "s1").run().ok();
      engine.berth("volume", "copy", "source", "copied").run().ok();
      assertThat(usedMegabytes(engine) - before).isLessThan(MEGABYTES / 2);
      JsonNode kept = stage.api().get("/berth/v1/volumes/source/snapshots").json().path(0);
      assertThat(kept.path("Method").asText()).isEqualTo(method);
      assertThat(kept.path("Size").asLong()).isEqualTo(((long) MEGABYTES << 20) + 8);
      byte[] archive =
          engine.berth("volume", "export", "--consistency", "pause", "source").run().ok().output();
      assertThat(archive.length).isGreaterThan(MEGABYTES << 20);
      stage.docker("rm", "-f", "runner").ok();
      stage.run("rm -r /data/large /data/sub", "-v", "source:/data").ok();
      engine.berth("volume", "restore", "source", "s1").run().ok();
      assertThat(stage.run("cat /data/small /data/sub/two", "-v", "source:/data").lines())
          .containsExactly("one", "two");
      stage.docker("volume", "rm", "source", "copied").ok();
      assertThat(stage.onHost("ls -A " + engine.dataRoot() + "/volumes | wc -l")).isEqualTo("0");
    }
  }

  /** What shares its blocks is quick, so the kills come quickly, and go by the API. */
  @ParameterizedTest
  @ValueSource(strings = {"mkfs.btrfs -q -f", "mkfs.xfs -q -f -m reflink=1"})
  void nothingIsLostWhereBlocksAreShared(String make) throws Exception {
    String volume = "/berth/v1/volumes/source";
    Random moments = new Random(make.hashCode());
    try (VolumeCrash crash = VolumeCrash.prepare(VolumeStage.onFileSystem(make), CRASH_FILES)) {
      ApiClient api = crash.stage().api();
      for (Runnable operation :
          List.<Runnable>of(
              () -> api.post(volume + "/snapshots", "{\"Name\":\"taken\"}"),
              () -> api.post(volume + "/restore?snapshot=kept", ""),
              () -> api.delete(volume + "/snapshots?snapshot=kept"),
              () -> api.post(volume + "/copy", "{\"Name\":\"made\"}"))) {
        for (int longest : new int[] {SOON_MILLISECONDS, LATE_MILLISECONDS}) {
          crash.kill(operation, moments.nextInt(longest));
          crash.everythingIsWhole();
          crash.backToTheBeginning();
        }
      }
    }
  }

  @Test
  void aFileSystemOfItsOwnIsFrozenAndGoesOn() {
    try (EngineUnderTest engine = EngineUnderTest.start()) {
      VolumeStage stage = VolumeStage.on(engine);
      Path image = engine.folder().resolve("own.img");
      stage.onHost("truncate -s 64M " + image + " && mkfs.ext4 -q " + image);
      stage
          .docker(
              "volume",
              "create",
              "--opt",
              "type=ext4",
              "--opt",
              "device=" + image,
              "--opt",
              "o=loop",
              "own")
          .ok();
      stage.keep("writer", "-v", "own:/data");
      stage.exec("writer", "echo kept > /data/file").ok();
      byte[] archive =
          engine.berth("volume", "export", "--consistency", "freeze", "own").run().ok().output();
      assertThat(Command.of("tar", "-t").input(archive).run().ok().lines()).contains("./file");
      assertThat(stage.exec("writer", "echo more > /data/file && sync && cat /data/file").line())
          .isEqualTo("more");
      engine.berth("volume", "copy", "--consistency", "freeze", "own", "plain").run().ok();
      assertThat(stage.run("cat /data/file", "-v", "plain:/data").line()).isEqualTo("more");
      JsonNode stats = stage.api().get("/berth/v1/volumes/stats?name=own").json().path(0);
      assertThat(stats.path("WrittenBytes").asLong()).isPositive();
      assertThat(stats.path("Users").path(0).asText()).isEqualTo("writer");
      engine.berth("volume", "snapshot", "own", "s1").run().ok();
      byte[] kept = engine.berth("volume", "export", "--snapshot", "s1", "own").run().ok().output();
      assertThat(Command.of("tar", "-xO", "./file").input(kept).run().ok().line())
          .isEqualTo("more");
      assertThat(engine.berth("volume", "restore", "own", "s1").run().errors())
          .contains("its data does not lie in a folder of the engine's own");
      stage.clear();
    }
  }

  @Test
  void aVolumeIsMeasuredAndCounted() {
    try (EngineUnderTest engine = EngineUnderTest.start()) {
      VolumeStage stage = VolumeStage.on(engine);
      stage
          .run(
              "mkdir /data/sub; head -c 5000 /dev/zero > /data/sub/a; ln /data/sub/a /data/b",
              "-v",
              "measured:/data")
          .ok();
      Command.Result table =
          engine.berth("volume", "bench", "--scale", "0.001", "measured").run().ok();
      assertThat(table.lines()).hasSize(8);
      assertThat(table.lines().getFirst()).contains("CASE", "READS/S", "MEAN LATENCY");
      assertThat(table.lines().stream().skip(1).map(line -> line.replaceAll("   .*", "")).toList())
          .isEqualTo(
              List.of(
                  "sequential write",
                  "sequential read",
                  "random mix",
                  "database",
                  "files made, removed",
                  "small writes",
                  "latency"));
      Command.Result stats = engine.berth("volume", "stats", "--no-stream").run().ok();
      assertThat(stats.lines().get(1)).matches("measured +local +5kB +3 +- +- +-");
      assertThat(engine.berth("volume", "bench", "--scale", "7", "measured").run().errors())
          .contains("invalid scale");
    }
  }
}
