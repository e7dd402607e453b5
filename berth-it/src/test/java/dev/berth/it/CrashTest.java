package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An engine that is killed at any moment, again and again, leaves nothing half-made. */
@Tag("blackbox")
class CrashTest {
  private static final int KILLS = 5;
  private static final int LONGEST_LIFE_MILLISECONDS = 1500;

  /** What a subnet of /29 has beside its gateway. */
  private static final int ADDRESSES = 5;

  private EngineUnderTest engine;

  @BeforeEach
  void start() {
    engine = EngineUnderTest.start().withBusybox();
    engine.docker("network", "create", "--subnet", "10.77.0.0/29", "small").run().ok();
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void nothingStaysOfWhatAKilledEngineWasAt() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    Thread client = Thread.ofPlatform().name("client").start(() -> liveAndDie(enough));
    Random moments = new Random(11);
    try {
      for (int kill = 0; kill < KILLS; kill++) {
        Thread.sleep(moments.nextInt(LONGEST_LIFE_MILLISECONDS));
        engine.killEngine();
        engine.startEngine();
      }
    } finally {
      enough.set(true);
      client.join();
    }
    recordsTellTheTruth();
    removeAll();
    everyAddressIsFree();
    engine.docker("run", "--rm", "-p", "9011:80", "busybox", "true").run().ok();
    engine.docker("network", "rm", "small").run().ok();
    engine.docker("volume", "prune", "--all", "--force").run().ok();
    assertNothingIsLeft();
  }

  /** Each command may fail, for the engine may be dead just then. */
  private void liveAndDie(AtomicBoolean enough) {
    for (int number = 0; !enough.get(); number++) {
      String name = "victim" + number;
      engine
          .docker(
              "create",
              "--name",
              name,
              "--network",
              "small",
              "-p",
              "9011:80",
              "-v",
              "named:/named",
              "-v",
              "/anonymous",
              "busybox",
              "sleep",
              "600")
          .run();
      engine.docker("start", name).run();
      engine.docker("stop", "--timeout", "0", name).run();
      engine.docker("rm", "--force", "--volumes", name).run();
    }
  }

  private void recordsTellTheTruth() {
    for (String id : engine.docker("ps", "--all", "--quiet").run().ok().lines()) {
      String status = "{{.State.Running}} {{.State.Pid}}";
      String[] words =
          engine.docker("inspect", "--format", status, id).run().ok().line().split(" ");
      boolean alive = !words[1].equals("0") && Files.exists(Path.of("/proc", words[1]));
      assertThat(alive).as(id).isEqualTo(Boolean.parseBoolean(words[0]));
    }
  }

  private void removeAll() {
    List<String> ids = engine.docker("ps", "--all", "--quiet").run().ok().lines();
    if (!ids.isEmpty()) {
      List<String> words = new ArrayList<>(List.of("rm", "--force", "--volumes"));
      words.addAll(ids);
      engine.docker(words.toArray(String[]::new)).run().ok();
    }
  }

  private void everyAddressIsFree() {
    for (int number = 0; number < ADDRESSES; number++) {
      engine.docker("run", "-d", "--network", "small", "busybox", "sleep", "600").run().ok();
    }
    assertThat(
            engine.docker("run", "--rm", "--network", "small", "busybox", "true").run().exitCode())
        .isNotZero();
    removeAll();
  }

  private void assertNothingIsLeft() {
    String folder = engine.folder().toString();
    Eventually.holds("no cgroup is left", () -> Leftovers.cgroups(engine.cgroupParent()).isEmpty());
    Eventually.holds(
        "nothing is kept of a container's process",
        () -> entries(engine.execRoot().resolve("runtime/crun/containers")).isEmpty());
    assertThat(entries(engine.execRoot().resolve("netns"))).isEmpty();
    assertThat(entries(engine.dataRoot().resolve("containers"))).isEmpty();
    assertThat(entries(engine.dataRoot().resolve("volumes"))).isEmpty();
    assertThat(engine.onHost("cat", "/proc/self/mounts").run().ok().lines())
        .noneMatch(line -> line.contains(folder));
    Eventually.holds(
        "no link but docker0 is left",
        () ->
            engine.onHost("ip", "-brief", "link").run().ok().lines().stream()
                .allMatch(line -> line.startsWith("lo ") || line.startsWith("docker0 ")));
    assertThat(engine.onHost("iptables-save").run().ok().lines())
        .noneMatch(line -> line.contains("9011") || line.contains("10.77.0."));
  }

  private static List<String> entries(Path directory) {
    try (Stream<Path> below = Files.list(directory)) {
      return below.map(path -> path.getFileName().toString()).toList();
    } catch (IOException none) {
      return List.of();
    }
  }
}
