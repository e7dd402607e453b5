package dev.berth.runtime.driver.crun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.linux.Signals;
import dev.berth.runtime.ContainerLog;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.LaunchException;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.LogEntry;
import dev.berth.runtime.LogQuery;
import dev.berth.runtime.LogReader;
import dev.berth.runtime.ProcessSpec;
import dev.berth.runtime.driver.crun.TestContainers.Output;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the creation of a container to its removal, with the real programs. */
@Tag("kernel")
class ContainerLifeTest {
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

  @Test
  void reportsTheExitCode() throws Exception {
    ContainerProcess container = containers.start(containers.spec("sh", "-c", "exit 7"));

    assertThat(TestContainers.await(container).exitCode()).isEqualTo(7);
    assertThat(TestContainers.await(container).outOfMemory()).isFalse();
  }

  @Test
  void runsNothingBeforeTheStart() throws Exception {
    LaunchSpec spec = containers.spec("sh", "-c", "echo ran > /tmp/ran");
    ContainerProcess container = containers.create(spec);

    assertThat(Files.readString(Path.of("/proc/" + container.pid() + "/cgroup")))
        .contains(spec.id());
    assertThat(containers.rootfs.resolve("tmp/ran")).doesNotExist();
    container.start();
    TestContainers.await(container);
    assertThat(containers.rootfs.resolve("tmp/ran")).exists();
  }

  @Test
  void keepsOutputInTheLogWithItsStreams() throws Exception {
    LaunchSpec spec = containers.spec("sh", "-c", "echo out; echo err >&2");
    ContainerProcess container = containers.start(spec);
    TestContainers.await(container);

    try (LogReader reader =
        new ContainerLog(containers.log(spec.id())).read(LogQuery.ALL, container.exit())) {
      assertThat(Stream.generate(reader::next).takeWhile(entry -> entry != null).map(this::text))
          .containsExactlyInAnyOrder("STDOUT out\n", "STDERR err\n");
    }
  }

  private String text(LogEntry entry) {
    return entry.stream() + " " + new String(entry.line(), StandardCharsets.UTF_8);
  }

  @Test
  void isKilledBySignal() throws Exception {
    ContainerProcess container = containers.start(containers.spec("sleep", "1000"));
    container.kill(Signals.KILL);

    assertThat(TestContainers.await(container).exitCode()).isEqualTo(137);
  }

  @Test
  void leavesNothingBehindWhenDeleted() throws Exception {
    LaunchSpec spec = containers.spec("sleep", "1000");
    ContainerProcess container = containers.start(spec);
    assertThat(containers.cgroups()).isNotEmpty();
    container.delete();
    containers.restart();

    assertThat(containers.cgroups()).isEmpty();
    assertThat(directory.resolve("state/containers/" + spec.id())).doesNotExist();
    assertThat(directory.resolve("state/crun/" + spec.id())).doesNotExist();
    assertThat(Path.of("/proc/" + container.pid())).doesNotExist();
  }

  @Test
  void anIdCanBeUsedAgainAtOnce() throws Exception {
    LaunchSpec spec = containers.spec("sleep", "1000");
    containers.start(spec).delete();
    ContainerProcess second = containers.start(spec);
    second.kill(Signals.KILL);

    assertThat(TestContainers.await(second).exitCode()).isEqualTo(137);
  }

  @Test
  void namesAProgramThatDoesNotExist() throws Exception {
    LaunchSpec spec = containers.spec("nosuch");

    assertThatThrownBy(() -> containers.create(spec))
        .isInstanceOfSatisfying(
            LaunchException.class,
            failure -> assertThat(failure.kind()).isEqualTo(LaunchException.Kind.NOT_FOUND))
        .hasMessage(
            "failed to create task for container: failed to create shim task: OCI runtime create"
                + " failed: crun create failed: unable to start container process: exec:"
                + " \"nosuch\": executable file not found in $PATH: unknown");
    assertThat(containers.cgroups()).isEmpty();
    assertThat(directory.resolve("state/containers/" + spec.id())).doesNotExist();
    assertThat(directory.resolve("state/crun/" + spec.id())).doesNotExist();
  }

  @Test
  void tellsADirectoryFromAProgram() {
    assertThatThrownBy(() -> containers.create(containers.spec("/bin")))
        .isInstanceOfSatisfying(
            LaunchException.class,
            failure -> assertThat(failure.kind()).isEqualTo(LaunchException.Kind.NOT_EXECUTABLE))
        .hasMessageContaining("exec: \"/bin\": is a directory");
  }

  @Test
  void tellsAFileThatMayNotBeExecuted() {
    assertThatThrownBy(() -> containers.create(containers.spec("/etc/passwd")))
        .isInstanceOfSatisfying(
            LaunchException.class,
            failure -> assertThat(failure.kind()).isEqualTo(LaunchException.Kind.NOT_EXECUTABLE))
        .hasMessageContaining("exec: \"/etc/passwd\": permission denied");
  }

  @Test
  void isFoundAgainWhileItRuns() throws Exception {
    LaunchSpec spec = containers.spec("sleep", "1000");
    int pid = containers.start(spec).pid();
    containers.restart();
    ContainerProcess found = containers.recovered(spec.id());

    assertThat(found.pid()).isEqualTo(pid);
    assertThat(found.exit()).isNotDone();
    found.kill(Signals.TERM);
    found.kill(Signals.KILL);
    assertThat(TestContainers.await(found).exitCode()).isEqualTo(137);
  }

  @Test
  void isFoundAgainAfterItsEnd() throws Exception {
    LaunchSpec spec = containers.spec("sh", "-c", "cat; exit 3");
    ContainerProcess container = containers.start(spec);
    TestContainers.await(container);
    containers.restart();
    ContainerProcess found = containers.recovered(spec.id());

    assertThat(found.exit()).isDone();
    assertThat(TestContainers.await(found).exitCode()).isEqualTo(3);
  }

  @Test
  void isNotFoundWhenNothingIsLeft() {
    assertThat(containers.runtime().recover(TestContainers.nextId())).isEmpty();
  }

  @Test
  void outlivesItsMonitor() throws Exception {
    LaunchSpec spec = containers.spec("sleep", "1000");
    ContainerProcess container = containers.start(spec);
    int monitor =
        Integer.parseInt(
            Files.readString(directory.resolve("state/containers/" + spec.id() + "/conmon.pid")));
    dev.berth.linux.Processes.kill(monitor, Signals.KILL);

    Thread.sleep(100);
    assertThat(container.exit()).isNotDone();
    container.kill(Signals.KILL);
    assertThat(TestContainers.await(container).exitCode()).isEqualTo(255);
  }

  @Test
  void startsUnderAnInitProcess() throws Exception {
    LaunchSpec spec =
        TestContainers.withProcess(
            containers.spec("sh", "-c", "cat /proc/1/cmdline; exit 4"),
            p ->
                new ProcessSpec(
                    p.args(), p.env(), p.cwd(), p.user(), false, null, true, p.ulimits()));
    Output output = new Output();
    ContainerProcess container = containers.create(spec);
    container.attachOutput(output);
    container.start();

    assertThat(TestContainers.await(container).exitCode()).isEqualTo(4);
    assertThat(output.await()).startsWith("/sbin/docker-init\0--\0sh");
  }
}
