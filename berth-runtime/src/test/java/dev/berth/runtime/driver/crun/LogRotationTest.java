package dev.berth.runtime.driver.crun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.runtime.ContainerLog;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.IoSpec;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.LogEntry;
import dev.berth.runtime.LogQuery;
import dev.berth.runtime.LogReader;
import dev.berth.testing.Waiting;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  private static final long LIMIT_BYTES = 2_000;

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

  /** Has a script go on that waits with {@link #waitFor}. */
  private void allow(String step) {
    try {
      Files.createFile(containers.rootfs.resolve("tmp/" + step));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String waitFor(String step) {
    return "; until [ -e /tmp/" + step + " ]; do sleep 0.05; done; ";
  }

  private static boolean isRotated(ContainerLog log) {
    File newest = log.newest().toFile();
    return newest.exists() && newest.length() < LIMIT_BYTES;
  }

  @Test
  void aFollowerSeesEveryLineOnce() throws Exception {
    LaunchSpec spec =
        rotated(
            "i=0; while [ $i -lt 3000 ]; do echo $i; i=$((i+1)); done"
                + waitFor("end")
                + "echo 3000",
            new IoSpec.LogRotation(20_000, 3, true));
    ContainerProcess container = containers.create(spec);
    ContainerLog log = new ContainerLog(containers.log(spec.id()));
    LogReader reader = log.read(new LogQuery(true, true, -1, null, null, true), container.exit());
    CompletableFuture<List<Integer>> seen = CompletableFuture.supplyAsync(() -> numbers(reader));
    container.start();
    Waiting.until(() -> Files.exists(log.file(1)));
    allow("end");

    assertThat(seen.get(TestContainers.LIMIT_SECONDS, TimeUnit.SECONDS))
        .hasSize(3001)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void keepsSoManyFilesAndCompressesTheOldOnes() throws Exception {
    LaunchSpec spec =
        rotated(
            "for j in 1 2 3 4 5; do seq ${j}001 ${j}100" + waitFor("$j") + "done",
            new IoSpec.LogRotation(LIMIT_BYTES, 3, true));
    ContainerProcess container = containers.create(spec);
    ContainerLog log = new ContainerLog(containers.log(spec.id()));
    TestContainers.Output output = new TestContainers.Output();
    container.attachOutput(output);
    container.start();
    for (int turn = 1; turn <= 5; turn++) {
      output.awaitText(turn + "100\n");
      Waiting.until(() -> isRotated(log));
      allow(Integer.toString(turn));
    }
    TestContainers.await(container);

    assertThat(log.file(1)).exists();
    assertThat(log.compressedFile(2)).exists();
    assertThat(log.file(3)).doesNotExist();
    assertThat(log.compressedFile(3)).doesNotExist();
    assertThat(numbers(log.read(LogQuery.ALL, container.exit())))
        .isSorted()
        .contains(4100, 5001)
        .endsWith(5100)
        .doesNotContain(3001);
  }

  @Test
  void withOneFileThrowsTheOldLinesAway() throws Exception {
    LaunchSpec spec =
        rotated(
            "seq 1 1000" + waitFor("end") + "echo 1001",
            new IoSpec.LogRotation(LIMIT_BYTES, 1, false));
    ContainerProcess container = containers.create(spec);
    ContainerLog log = new ContainerLog(containers.log(spec.id()));
    TestContainers.Output output = new TestContainers.Output();
    container.attachOutput(output);
    container.start();
    output.awaitText("1000\n");
    Waiting.until(() -> isRotated(log));
    allow("end");
    TestContainers.await(container);

    assertThat(numbers(log.read(LogQuery.ALL, container.exit()))).endsWith(1001).doesNotContain(1);
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
