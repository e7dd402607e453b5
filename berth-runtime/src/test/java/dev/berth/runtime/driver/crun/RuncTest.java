package dev.berth.runtime.driver.crun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.runtime.Cgroups;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.ExecProcess;
import dev.berth.runtime.ExecSpec;
import dev.berth.runtime.LaunchException;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.Resources;
import dev.berth.runtime.RuntimeConfiguration;
import dev.berth.runtime.driver.crun.TestContainers.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other runtime program that users ask for. */
@Tag("kernel")
class RuncTest {
  private static final Path RUNC = Path.of("/usr/sbin/runc");

  @TempDir Path directory;
  private TestContainers containers;

  @BeforeEach
  void open() {
    Assumptions.assumeTrue(
        TestContainers.possible() && Files.isExecutable(RUNC), "needs root, runc and conmon");
    containers =
        new TestContainers(
            directory,
            new RuntimeConfiguration(
                "runc",
                RUNC,
                Path.of("/usr/bin/conmon"),
                directory.resolve("state"),
                directory.resolve("cache"),
                Cgroups.Driver.CGROUPFS));
  }

  @AfterEach
  void close() throws Exception {
    containers.close();
  }

  @Test
  void runsAContainerAndAnExec() throws Exception {
    LaunchSpec spec = containers.spec("sh", "-c", "echo up; sleep 1000");
    ContainerProcess container = containers.create(spec);
    Output output = new Output();
    container.attachOutput(output);
    container.start();
    output.awaitText("up\n");
    Output execOutput = new Output();
    ExecProcess exec =
        container.exec(
            new ExecSpec(
                TestContainers.nextId(),
                TestContainers.process("sh", "-c", "echo in; exit 4"),
                null,
                false,
                false,
                false),
            execOutput);

    assertThat(exec.exit().get(TestContainers.LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(4);
    assertThat(execOutput.await()).isEqualTo("in\n");
    container.update(Resources.UNLIMITED);
    container.delete();
    containers.restart();
    assertThat(containers.cgroups()).isEmpty();
    assertThat(directory.resolve("state/runc/" + spec.id())).doesNotExist();
  }

  @Test
  void namesAProgramThatDoesNotExist() throws Exception {
    assertThatThrownBy(() -> containers.create(containers.spec("nosuch")))
        .isInstanceOfSatisfying(
            LaunchException.class,
            failure -> assertThat(failure.kind()).isEqualTo(LaunchException.Kind.NOT_FOUND))
        .hasMessageEndingWith("exec: \"nosuch\": executable file not found in $PATH: unknown");
    assertThat(containers.cgroups()).isEmpty();
  }

  @Test
  void tellsAFileThatMayNotBeExecuted() {
    assertThatThrownBy(() -> containers.create(containers.spec("/etc/passwd")))
        .isInstanceOfSatisfying(
            LaunchException.class,
            failure -> assertThat(failure.kind()).isEqualTo(LaunchException.Kind.NOT_EXECUTABLE))
        .hasMessageContaining("exec: \"/etc/passwd\": permission denied");
  }
}
