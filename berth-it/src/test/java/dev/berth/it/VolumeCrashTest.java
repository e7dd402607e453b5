package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

  private static VolumeCrash crash;
  private static VolumeStage stage;

  @BeforeAll
  static void start() {
    stage = VolumeStage.open();
    crash = VolumeCrash.prepare(stage, FILES);
  }

  @AfterAll
  static void stop() {
    crash.close();
  }

  @AfterEach
  void removeTheRest() {
    for (String name : crash.volumes()) {
      if (!name.equals("source")) {
        stage.docker("volume", "rm", name).ok();
      }
    }
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
      String archive = crash.archive().toString();
      operation.forEach(word -> words.add(word.equals("ARCHIVE") ? archive : word));
      crash.kill(
          () -> stage.engine().berth(words.toArray(String[]::new)).run(),
          100 + moments.nextInt(LONGEST_MILLISECONDS));
      crash.everythingIsWhole();
      if (pausing) {
        assertThat(stage.docker("inspect", "-f", "{{.State.Status}}", "runner").line())
            .isEqualTo("running");
        stage.docker("rm", "-f", "runner").ok();
      }
      crash.backToTheBeginning();
    }
  }
}
