package dev.berth.runtime.driver.crun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.linux.Signals;
import dev.berth.runtime.ConsoleSize;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.ContainerStreams;
import dev.berth.runtime.ExecProcess;
import dev.berth.runtime.ExecSpec;
import dev.berth.runtime.IoSpec;
import dev.berth.runtime.LaunchException;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.ProcessSpec;
import dev.berth.runtime.ProcessUser;
import dev.berth.runtime.driver.crun.TestContainers.Output;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input, output and terminals of containers and of execs, with the real programs. */
@Tag("kernel")
class StreamsTest {
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

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private LaunchSpec interactive(boolean once, String... args) {
    LaunchSpec spec = containers.spec(args);
    return TestContainers.withIo(spec, new IoSpec(true, once, spec.io().log()));
  }

  @Test
  void deliversAllOutputToAClientThatCameBeforeTheStart() throws Exception {
    Output output = new Output();
    ContainerProcess container =
        containers.create(containers.spec("sh", "-c", "seq 1 20000; echo end >&2"));
    container.attachOutput(output);
    container.start();

    assertThat(output.await().lines().count()).isEqualTo(20_000);
    assertThat(output.errors()).isEqualTo("end\n");
  }

  @Test
  void endsInputWithItsOnlyClient() throws Exception {
    Output output = new Output();
    ContainerProcess container = containers.create(interactive(true, "cat"));
    ContainerStreams streams = container.attach(output);
    container.start();
    streams.write(bytes("hello\n"));
    output.awaitText("hello\n");
    streams.closeInput();

    assertThat(TestContainers.await(container).exitCode()).isZero();
    assertThat(output.await()).isEqualTo("hello\n");
  }

  @Test
  void takesMoreInputThanFitsIntoPipes() throws Exception {
    Output output = new Output();
    ContainerProcess container =
        containers.create(interactive(true, "sh", "-c", "sleep 0.2; cat | dd of=/dev/null"));
    ContainerStreams streams = container.attach(output);
    container.start();
    streams.write(ByteBuffer.allocate(3_000_000));
    streams.closeInput();

    assertThat(TestContainers.await(container).exitCode()).isZero();
    output.await();
    assertThat(output.errors()).contains("5859+1 records in");
  }

  @Test
  void keepsInputOpenWhenClientsLeave() throws Exception {
    Output first = new Output();
    Output second = new Output();
    ContainerProcess container = containers.create(interactive(false, "cat"));
    ContainerStreams streams = container.attach(first);
    container.start();
    streams.write(bytes("one\n"));
    first.awaitText("one\n");
    streams.close();
    ContainerStreams again = container.attach(second);
    again.write(bytes("two\n"));
    second.awaitText("two\n");

    assertThat(first.await()).isEqualTo("one\n");
    assertThat(container.exit()).isNotDone();
  }

  @Test
  void aReaderThatLeavesDoesNotEndTheInputOfAnother() throws Exception {
    Output writing = new Output();
    ContainerProcess container = containers.create(interactive(true, "cat"));
    ContainerStreams writer = container.attach(writing);
    ContainerStreams reader = container.attachOutput(new Output());
    container.start();
    reader.close();
    writer.write(bytes("still\n"));
    writing.awaitText("still\n");
    writer.close();

    assertThat(TestContainers.await(container).exitCode()).isZero();
  }

  @Test
  void hasATerminalOfTheRightSize() throws Exception {
    LaunchSpec spec =
        TestContainers.withTerminal(
            interactive(false, "sh", "-c", "while read line; do stty size; done"));
    Output output = new Output();
    ContainerProcess container = containers.create(spec);
    ContainerStreams streams = container.attach(output);
    container.resize(new ConsoleSize(33, 101));
    container.start();
    container.resize(new ConsoleSize(33, 101));
    streams.write(bytes("\n"));
    output.awaitText("33 101");
  }

  @Test
  void stopsDeliveryWhileTheFlowIsOff() throws Exception {
    Output output = new Output();
    ContainerProcess container = containers.create(containers.spec("sh", "-c", "seq 1 300000"));
    ContainerStreams streams = container.attachOutput(output);
    streams.flow(false);
    container.start();
    Thread.sleep(200);
    assertThat(output.text()).isEmpty();
    streams.flow(true);

    assertThat(output.await().lines().count()).isEqualTo(300_000);
  }

  private static ExecSpec exec(boolean input, String... args) {
    return new ExecSpec(
        TestContainers.nextId(), TestContainers.process(args), null, false, input, false);
  }

  private static int await(ExecProcess exec) throws Exception {
    return exec.exit().get(TestContainers.LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void executesAFurtherProcess() throws Exception {
    ContainerProcess container = containers.start(containers.spec("sleep", "1000"));
    Output output = new Output();
    ExecProcess exec =
        container.exec(exec(false, "sh", "-c", "echo out; echo err >&2; exit 5"), output);

    assertThat(await(exec)).isEqualTo(5);
    assertThat(output.await()).isEqualTo("out\n");
    assertThat(output.errors()).isEqualTo("err\n");
    assertThat(exec.pid()).isPositive();
    assertThat(directory.resolve("state/containers/" + container.id() + "/exec"))
        .isEmptyDirectory();
  }

  @Test
  void passesInputToAnExec() throws Exception {
    ContainerProcess container = containers.start(containers.spec("sleep", "1000"));
    Output output = new Output();
    ExecProcess exec = container.exec(exec(true, "cat"), output);
    exec.streams().write(bytes("in\n"));
    exec.streams().closeInput();

    assertThat(await(exec)).isZero();
    assertThat(output.await()).isEqualTo("in\n");
  }

  @Test
  void namesAProgramThatAnExecDoesNotFind() {
    ContainerProcess container = containers.start(containers.spec("sleep", "1000"));

    assertThatThrownBy(() -> container.exec(exec(false, "nosuch"), new Output()))
        .isInstanceOfSatisfying(
            LaunchException.class,
            failure -> assertThat(failure.kind()).isEqualTo(LaunchException.Kind.NOT_FOUND))
        .hasMessage(
            "OCI runtime exec failed: exec failed: unable to start container process: exec:"
                + " \"nosuch\": executable file not found in $PATH: unknown");
    assertThat(container.exit()).isNotDone();
  }

  @Test
  void executesWithATerminal() throws Exception {
    ContainerProcess container = containers.start(containers.spec("sleep", "1000"));
    ProcessSpec shell =
        new ProcessSpec(
            List.of("sh", "-c", "tty; read line; stty size; exit 6"),
            List.of("PATH=/bin"),
            "/tmp",
            new ProcessUser(0, 0, List.of(7L)),
            true,
            new ConsoleSize(20, 70),
            false,
            List.of());
    Output output = new Output();
    ExecProcess exec =
        container.exec(
            new ExecSpec(TestContainers.nextId(), shell, null, false, true, false), output);
    output.awaitText("/dev/pts/");
    exec.resize(new ConsoleSize(31, 99));
    TimeUnit.MILLISECONDS.sleep(50);
    exec.streams().write(bytes("\n"));
    output.awaitText("31 99");

    assertThat(await(exec)).isEqualTo(6);
    output.await();
  }

  @Test
  void executesDetached() throws Exception {
    ContainerProcess container = containers.start(containers.spec("sleep", "1000"));
    Output output = new Output();
    ExecProcess exec =
        container.exec(
            new ExecSpec(
                TestContainers.nextId(),
                TestContainers.process("sh", "-c", "echo unseen; exit 9"),
                null,
                false,
                false,
                true),
            output);

    assertThat(await(exec)).isEqualTo(9);
    assertThat(output.await()).isEmpty();
  }

  @Test
  void killsOnlyTheExec() throws Exception {
    ContainerProcess container = containers.start(containers.spec("sleep", "1000"));
    ExecProcess exec = container.exec(exec(false, "sleep", "1000"), new Output());
    exec.kill(Signals.KILL);

    assertThat(await(exec)).isEqualTo(137);
    assertThat(container.exit()).isNotDone();
  }

  @Test
  void anExecDoesNotWaitForProcessesItLeavesBehind() throws Exception {
    ContainerProcess container = containers.start(containers.spec("sleep", "1000"));
    Output output = new Output();
    ExecProcess exec = container.exec(exec(false, "sh", "-c", "sleep 1000 & echo done"), output);

    assertThat(await(exec)).isZero();
    assertThat(output.await()).isEqualTo("done\n");
    assertThat(Files.exists(Path.of("/proc/" + container.pid()))).isTrue();
  }
}
