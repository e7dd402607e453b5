package dev.berth.runtime.driver.crun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.runtime.ContainerLog;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.IoSpec;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.LogEntry;
import dev.berth.runtime.LogQuery;
import dev.berth.runtime.LogReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs that outgrow their limit while a container writes. */
@Tag("kernel")
class LogRotationTest {
  @TempDir Path directory;
  private TestContainers containers;

  @BeforeEach
  void open() {
    Assumptions.assumeTrue(TestContainers.possible(), "needs root, crun and conmon");
    containers = new TestContainers(directory);
  }

  @AfterEach
  void close() throws Exception {
    containers.close();
  }

  private LaunchSpec rotated(String script, IoSpec.LogRotation rotation) {
    LaunchSpec spec = containers.spec("sh", "-c", script);
    return TestContainers.withIo(
        spec,
        new IoSpec(false, false, new IoSpec.LogTarget.File(containers.log(spec.id()), rotation)));
  }

  private static List<Integer> numbers(LogReader reader) {
    List<Integer> numbers = new ArrayList<>();
    try (reader) {
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        numbers.add(Integer.parseInt(new String(entry.line(), StandardCharsets.UTF_8).strip()));
      }
    }
    return numbers;
  }

  @Test
  void aFollowerSeesEveryLineOnce() throws Exception {
    LaunchSpec spec =
        rotated(
            "i=0; while [ $i -lt 3000 ]; do echo $i; i=$((i+1)); done; sleep 0.6; echo 3000",
            new IoSpec.LogRotation(20_000, 3, true));
    ContainerProcess container = containers.create(spec);
    ContainerLog log = new ContainerLog(containers.log(spec.id()));
    LogReader reader = log.read(new LogQuery(true, true, -1, null, null, true), container.exit());
    CompletableFuture<List<Integer>> seen = CompletableFuture.supplyAsync(() -> numbers(reader));
    container.start();

    assertThat(seen.get(90, TimeUnit.SECONDS)).hasSize(3001).isSorted().doesNotHaveDuplicates();
    assertThat(log.file(1)).exists();
  }

  @Test
  void keepsSoManyFilesAndCompressesTheOldOnes() throws Exception {
    LaunchSpec spec =
        rotated(
            "for j in 1 2 3 4 5; do seq 1 100; sleep 0.4; done",
            new IoSpec.LogRotation(2_000, 3, true));
    ContainerProcess container = containers.start(spec);
    TestContainers.await(container);
    ContainerLog log = new ContainerLog(containers.log(spec.id()));

    assertThat(log.file(1)).exists();
    assertThat(log.compressedFile(2)).exists();
    assertThat(log.file(3)).doesNotExist();
    assertThat(log.compressedFile(3)).doesNotExist();
    List<Integer> kept = numbers(log.read(LogQuery.ALL, container.exit()));
    assertThat(kept.size() % 100).isZero();
    assertThat(kept).hasSizeBetween(200, 300);
  }

  @Test
  void withOneFileThrowsTheOldLinesAway() throws Exception {
    LaunchSpec spec =
        rotated("seq 1 1000; sleep 0.6; echo 1001", new IoSpec.LogRotation(2_000, 1, false));
    ContainerProcess container = containers.start(spec);
    TestContainers.await(container);
    ContainerLog log = new ContainerLog(containers.log(spec.id()));

    assertThat(numbers(log.read(LogQuery.ALL, container.exit()))).containsExactly(1001);
    assertThat(log.file(1)).doesNotExist();
  }

  @Test
  void withoutALogWritesNone() throws Exception {
    LaunchSpec spec = containers.spec("echo", "seen");
    LaunchSpec silent =
        TestContainers.withIo(spec, new IoSpec(false, false, new IoSpec.LogTarget.None()));

    assertThat(containers.output(silent)).isEqualTo("seen\n");
    assertThat(Files.exists(containers.log(spec.id()))).isFalse();
  }
}
