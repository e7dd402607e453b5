package dev.berth.runtime.driver.crun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.linux.Fd;
import dev.berth.linux.Signals;
import dev.berth.runtime.Cgroups;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.ExecProcess;
import dev.berth.runtime.ExecSpec;
import dev.berth.runtime.LaunchException;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.OciMount;
import dev.berth.runtime.OciRuntime;
import dev.berth.runtime.ProcessSpec;
import dev.berth.runtime.RuntimeConfiguration;
import dev.berth.runtime.driver.crun.TestContainers.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failures at each step of a launch, and what they leave behind. */
@Tag("kernel")
class FaultsTest {
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

  private Path script(String name, String text) throws IOException {
    Path script = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  private TestContainers with(Path runtime, Path monitor) {
    return new TestContainers(
        directory.resolve("other"),
        new RuntimeConfiguration(
            "crun",
            runtime,
            monitor,
            directory.resolve("other/state"),
            directory.resolve("other/cache"),
            Cgroups.Driver.CGROUPFS));
  }

  private static void assertNothingIsLeft(TestContainers containers, LaunchSpec spec)
      throws Exception {
    assertThat(containers.cgroups()).isEmpty();
    for (String place : new String[] {"state/containers/", "state/crun/"}) {
      assertThat(containers.directory.resolve(place + spec.id())).doesNotExist();
    }
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      assertThat(processes.map(process -> process.resolve("cmdline")).filter(Files::exists))
          .noneMatch(commandLine -> names(commandLine, spec.id()));
    }
  }

  private static boolean names(Path commandLine, String id) {
    try {
      return Files.readString(commandLine).contains(id);
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void aMountThatCannotBeMade() throws Exception {
    LaunchSpec good = containers.spec("true");
    List<OciMount> mounts = new ArrayList<>(good.mounts());
    mounts.add(OciMount.bind("/nosuch/source", "/x", List.of()));
    LaunchSpec spec =
        new LaunchSpec(
            good.id(),
            good.process(),
            good.root(),
            mounts,
            good.isolation(),
            good.resources(),
            good.security(),
            good.io());

    assertThatThrownBy(() -> containers.create(spec))
        .isInstanceOfSatisfying(
            LaunchException.class,
            failure -> assertThat(failure.kind()).isEqualTo(LaunchException.Kind.RUNTIME))
        .hasMessageContaining("/nosuch/source");
    assertNothingIsLeft(containers, spec);
  }

  @Test
  void aMonitorThatEndsWithoutAWord() throws Exception {
    try (TestContainers other = with(Path.of("/usr/bin/crun"), script("conmon", "exit 1"))) {
      LaunchSpec spec = other.spec("true");
      assertThatThrownBy(() -> other.create(spec)).isInstanceOf(LaunchException.class);
      assertNothingIsLeft(other, spec);
    }
  }

  @Test
  void aMonitorThatCannotBeExecuted() throws Exception {
    Path broken = Files.write(directory.resolve("conmon"), new byte[] {0x7f, 1, 2});
    Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwx------"));
    try (TestContainers other = with(Path.of("/usr/bin/crun"), broken)) {
      LaunchSpec spec = other.spec("true");
      assertThatThrownBy(() -> other.create(spec)).isInstanceOf(RuntimeException.class);
      assertNothingIsLeft(other, spec);
    }
  }

  @Test
  void aRuntimeThatFailsAfterMakingTheContainer() throws Exception {
    Path runtime = script("crun", "/usr/bin/crun \"$@\" && echo odd >&2 && exit 1");
    try (TestContainers other = with(runtime, Path.of("/usr/bin/conmon"))) {
      LaunchSpec spec = other.spec("true");
      assertThatThrownBy(() -> other.create(spec))
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("odd");
      assertNothingIsLeft(other, spec);
    }
  }

  @Test
  void aProgramThatIsNotInstalled() {
    RuntimeConfiguration missing =
        new RuntimeConfiguration(
            "crun",
            directory.resolve("nosuch"),
            Path.of("/usr/bin/conmon"),
            directory.resolve("s"),
            directory.resolve("c"),
            Cgroups.Driver.CGROUPFS);
    assertThatThrownBy(() -> OciRuntime.open(missing, InstantSource.system()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("install the package");
  }

  @Test
  void anEngineKilledBeforeTheContainerWasMade() throws Exception {
    LaunchSpec spec = containers.spec("sleep", "1000");
    containers.start(spec);
    Files.delete(directory.resolve("state/containers/" + spec.id() + "/pidfile"));
    containers.restart();
    assertThat(containers.runtime().recover(spec.id())).isEmpty();
    assertThat(containers.runtime().remains()).containsExactly(spec.id());
    containers.runtime().purge(spec.id());
    TimeUnit.MILLISECONDS.sleep(200);

    assertNothingIsLeft(containers, spec);
  }

  @Test
  void anExecWithATerminalWhoseProgramIsMissing() {
    ContainerProcess container = containers.start(containers.spec("sleep", "1000"));
    ProcessSpec process =
        new ProcessSpec(
            List.of("nosuch"),
            List.of("PATH=/bin"),
            "/",
            dev.berth.runtime.ProcessUser.ROOT,
            true,
            null,
            false,
            List.of());
    assertThatThrownBy(() ->
            container.exec(
                new ExecSpec(TestContainers.nextId(), process, null, false, true, false),
                new Output()))
        .isInstanceOfSatisfying(
            LaunchException.class,
            failure -> assertThat(failure.kind()).isEqualTo(LaunchException.Kind.NOT_FOUND));
    assertThat(directory.resolve("state/containers/" + container.id() + "/exec"))
        .isEmptyDirectory();
  }

  @Test
  void leaksNoDescriptor() throws Exception {
    Fd.trackLeaks(true);
    try (TestContainers other = with(Path.of("/usr/bin/crun"), Path.of("/usr/bin/conmon"))) {
      other.output(other.spec("echo", "x"));
      assertThatThrownBy(() -> other.create(other.spec("nosuch")))
          .isInstanceOf(LaunchException.class);
      ContainerProcess container = other.start(other.spec("sleep", "1000"));
      ExecProcess exec =
          container.exec(
              new ExecSpec(
                  TestContainers.nextId(),
                  TestContainers.process("true"),
                  null,
                  false,
                  true,
                  false),
              new Output());
      exec.exit().get(TestContainers.LIMIT_SECONDS, TimeUnit.SECONDS);
      container.kill(Signals.KILL);
      TestContainers.await(container);
    }
    try {
      assertThat(Fd.openStacks()).isEmpty();
    } finally {
      Fd.trackLeaks(false);
    }
  }

  @Test
  void manyAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> outputs = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        String word = "word" + i;
        outputs.add(threads.submit(() -> containers.output(containers.spec("echo", word))));
      }
      for (int i = 0; i < outputs.size(); i++) {
        assertThat(outputs.get(i).get(TestContainers.LIMIT_SECONDS, TimeUnit.SECONDS))
            .isEqualTo("word" + i + "\n");
      }
    }
  }
}
