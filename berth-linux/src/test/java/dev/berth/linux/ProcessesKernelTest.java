package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class ProcessesKernelTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private static SpawnRequest shell(String script) {
    return SpawnRequest.of(List.of("/bin/sh", "-c", script));
  }

  @Test
  void aChildHasExactlyTheDescriptorsOfTheRequest() {
    // A descriptor without close-on-exec, as libraries leave them, must not leak.
    try (Fd careless = FileCalls.open("/dev/null", FileFlags.O_RDONLY);
        FileData.Pipe pipe = FileData.pipe2(0)) {
      FileData.fcntl(careless, FileData.F_SETFD, 0);
      Map<Integer, Fd> map = Map.of(1, pipe.write(), 5, pipe.read(), 3, pipe.write());
      try (Pidfd child = Processes.spawn(shell("ls /proc/self/fd").withDescriptors(map))) {
        ExitStatus status = Processes.await(child, LONG).orElseThrow();
        assertThat(status.isSuccess()).isTrue();
      }
      byte[] bytes = new byte[1000];
      int count = FileData.read(pipe.read(), bytes, 0, bytes.length);
      String listed = new String(bytes, 0, count, StandardCharsets.US_ASCII);
      // ls opens the directory itself, as the lowest free number.
      assertThat(listed.split("\n")).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5");
    }
  }

  @Test
  void descriptorsMayBeExchanged() {
    try (FileData.Pipe one = FileData.pipe2(0);
        FileData.Pipe two = FileData.pipe2(0)) {
      Map<Integer, Fd> crossed =
          Map.of(one.write().number(), two.write(), two.write().number(), one.write());
      String script = "echo two >&" + one.write().number() + "; echo one >&" + two.write().number();
      // sh knows descriptors of one digit only; bash knows all.
      SpawnRequest request = SpawnRequest.of(List.of("bash", "-c", script));
      try (Pidfd child = Processes.spawn(request.withDescriptors(crossed))) {
        assertThat(Processes.await(child, LONG)).hasValue(new ExitStatus(0, false));
      }
      byte[] bytes = new byte[100];
      int count = FileData.read(one.read(), bytes, 0, 100);
      assertThat(new String(bytes, 0, count, StandardCharsets.US_ASCII)).isEqualTo("one\n");
    }
  }

  @Test
  void environmentAndDirectoryAreThoseOfTheRequest() {
    Capture.Result result =
        Capture.run(
            shell("pwd; env")
                .withEnvironment(Map.of("A", "b c"))
                .withDirectory(Path.of("/usr/lib")));
    assertThat(result.output().lines())
        .contains("/usr/lib", "A=b c")
        .noneMatch(line -> line.startsWith("HOME="));
  }

  @Test
  void signalsAreNeitherBlockedNorIgnored() {
    String status = Capture.run(SpawnRequest.of(List.of("cat", "/proc/self/status"))).output();
    assertThat(status).contains("SigBlk:\t0000000000000000\n");
    assertThat(status).contains("SigIgn:\t0000000000000000\n");
  }

  @Test
  void aMissingProgramIsAnException() {
    LinuxException failure =
        catchThrowableOfType(
            LinuxException.class,
            () -> Processes.spawn(SpawnRequest.of(List.of("/no/such/program"))));
    assertThat(failure).hasMessage("exec /no/such/program: no such file or directory");
  }

  @Test
  void exitsAreSeenByTheLoop() throws Exception {
    CountDownLatch ended = new CountDownLatch(50);
    try (EventLoop loop = EventLoop.start("test-loop")) {
      for (int i = 0; i < 50; i++) {
        Pidfd child = Processes.spawn(shell("exit " + i));
        int expected = i;
        EventLoop.Registration[] registration = new EventLoop.Registration[1];
        synchronized (registration) {
          registration[0] =
              loop.register(
                  child.fd(),
                  EventLoop.READABLE,
                  _ -> {
                    synchronized (registration) {
                      ExitStatus status = child.reap().orElseThrow();
                      registration[0].close();
                      child.close();
                      if (status.code() == expected) {
                        ended.countDown();
                      }
                    }
                  });
        }
      }
      assertThat(ended.await(90, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aSignalledChildTellsItsSignal() {
    try (Pidfd child = Processes.spawn(SpawnRequest.of(List.of("sleep", "100")))) {
      assertThat(child.hasEnded()).isFalse();
      assertThat(child.reap()).isEmpty();
      assertThat(Processes.await(child, Duration.ofMillis(1))).isEmpty();
      assertThat(child.sendSignal(Signals.TERM)).isTrue();
      ExitStatus status = Processes.await(child, LONG).orElseThrow();
      assertThat(status).isEqualTo(new ExitStatus(15, true));
      assertThat(status.shellCode()).isEqualTo(143);
      assertThat(child.sendSignal(Signals.TERM)).isFalse();
      assertThat(Processes.kill(child.pid(), 0)).isFalse();
    }
  }

  @Test
  void inputAndBothOutputsAreTaken() {
    byte[] input = "x".repeat(300_000).getBytes(StandardCharsets.US_ASCII);
    Capture.Result result =
        Capture.run(shell("cat; echo oops >&2; exit 3"), input, Capture.Limits.DEFAULT);
    assertThat(result.output()).hasSize(300_000);
    assertThat(result.errors()).isEqualTo("oops\n");
    assertThat(result.status()).isEqualTo(new ExitStatus(3, false));
  }

  @Test
  void outputBeyondTheLimitIsThrownAway() {
    Capture.Limits limits = new Capture.Limits(LONG, 1000);
    Capture.Result result = Capture.run(shell("head -c 500000 /dev/zero"), new byte[0], limits);
    assertThat(result.output()).hasSize(1000);
    assertThat(result.status().isSuccess()).isTrue();
  }

  @Test
  void aCommandThatTakesTooLongIsKilled() {
    Capture.Limits limits = new Capture.Limits(Duration.ofMillis(100), 1000);
    LinuxException failure =
        catchThrowableOfType(
            LinuxException.class,
            () -> Capture.run(SpawnRequest.of(List.of("sleep", "100")), new byte[0], limits));
    assertThat(failure.errno()).isEqualTo(Errno.ETIMEDOUT);
  }

  @Test
  void aGrandchildThatKeepsThePipeDoesNotHoldTheCaller() {
    Capture.Result result = Capture.run(shell("sleep 5 & echo done"));
    assertThat(result.output()).isEqualTo("done\n");
  }

  @Test
  void aVirtualThreadMayRunCommands() throws Exception {
    String[] output = new String[1];
    Thread.ofVirtual()
        .start(() -> output[0] = Capture.run(SpawnRequest.of(List.of("echo", "hi"))).output())
        .join();
    assertThat(output[0]).isEqualTo("hi\n");
  }

  @Test
  void aCommandStartsInTheGivenNamespace() {
    try (Fd network = Namespaces.createNetwork()) {
      SpawnRequest request =
          SpawnRequest.of(List.of("readlink", "/proc/self/ns/net"))
              .withNamespaces(List.of(network));
      assertThat(Capture.run(request).output())
          .isEqualTo("net:[" + Namespaces.inode(network) + "]\n");
    }
  }

  @Test
  void preparationMountsForTheChildOnly() {
    SpawnRequest request =
        SpawnRequest.of(List.of("stat", "-f", "-c", "%T", "/mnt"))
            .withPreparation(() -> {
              Namespaces.unshare(NamespaceKind.MOUNT);
              Mounts.propagation("/", MountFlags.MS_PRIVATE | MountFlags.MS_REC);
              Mounts.mount("tmpfs", "/mnt", "tmpfs", 0, "");
            });
    assertThat(Capture.run(request).output()).isEqualTo("tmpfs\n");
    assertThat(FileCalls.statfs("/mnt").type()).isNotEqualTo(FileSystemStatus.TMPFS);
  }
}
