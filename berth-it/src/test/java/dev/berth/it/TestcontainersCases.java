package dev.berth.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.HealthCheck;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.output.ToStringConsumer;
import org.testcontainers.containers.output.WaitingConsumer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.utility.MountableFile;

/**
 * What users of Testcontainers for Java write, against the engine in whose namespaces this runs.
 *
 * @see <a href="https://java.testcontainers.org/features/">Testcontainers: features</a>
 */
class TestcontainersCases {
  private static final String IMAGE = "berth/busybox";
  private static final String SERVE = "mkdir -p /www; echo page > /www/index.html; ";
  private static final Duration LIMIT = Patience.of(Duration.ofSeconds(120));

  private static GenericContainer<?> shell(String line) {
    return new GenericContainer<>(IMAGE)
        .withCommand("sh", "-c", line)
        .withStartupTimeout(LIMIT);
  }

  private static GenericContainer<?> server() {
    return shell(SERVE + "echo serving; exec httpd -f -p 80 -h /www").withExposedPorts(80);
  }

  private static String get(GenericContainer<?> server) throws Exception {
    URI page = URI.create("http://" + server.getHost() + ":" + server.getMappedPort(80) + "/");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body();
    }
  }

  @Test
  @DisplayName("the test that the README shows")
  void readme() throws Exception {
    try (GenericContainer<?> web =
        new GenericContainer<>("berth/busybox")
            .withCommand("sh", "-c", "echo hello > index.html; exec httpd -f -p 80")
            .withExposedPorts(80)) {
      web.start();
      URI page = URI.create("http://" + web.getHost() + ":" + web.getMappedPort(80));
      assertEquals("hello\n", new String(page.toURL().openStream().readAllBytes(), UTF_8));
    }
  }

  private static void assertEquals(String wanted, String found) {
    assertThat(found).isEqualTo(wanted);
  }

  @Test
  @DisplayName("a port is waited for by default, and mapped to a free one of the host")
  void port() throws Exception {
    try (GenericContainer<?> server = server()) {
      server.start();
      assertThat(get(server)).isEqualTo("page\n");
      assertThat(server.getExposedPorts()).containsExactly(80);
      assertThat(server.isRunning()).isTrue();
      assertThat(server.isHealthy()).isTrue();
      assertThat(server.getContainerInfo().getName()).startsWith("/");
      server.stop();
      assertThat(server.isRunning()).isFalse();
    }
  }

  @Test
  @DisplayName("waiting for an answer over HTTP, for a line of output, and for a command")
  void waits() throws Exception {
    try (GenericContainer<?> http =
            server().waitingFor(Wait.forHttp("/").forResponsePredicate(text -> text.contains("page")));
        GenericContainer<?> log =
            shell("echo once; sleep 1; echo twice; sleep 100")
                .waitingFor(Wait.forLogMessage(".*twice.*\\n", 1));
        GenericContainer<?> command =
            shell("sleep 1; touch /ready; sleep 100")
                .waitingFor(Wait.forSuccessfulCommand("test -e /ready"))) {
      Startables.deepStart(http, log, command).join();
      assertThat(log.getLogs(OutputFrame.OutputType.STDOUT)).isEqualTo("once\ntwice\n");
      assertThat(get(http)).isEqualTo("page\n");
    }
  }

  @Test
  @DisplayName("waiting for health")
  void health() {
    try (GenericContainer<?> healthy =
        shell("sleep 1; touch /ready; sleep 100")
            .withCreateContainerCmdModifier(command ->
                command.withHealthcheck(
                    new HealthCheck()
                        .withTest(List.of("CMD-SHELL", "test -e /ready"))
                        .withInterval(500_000_000L)
                        .withTimeout(5_000_000_000L)
                        .withRetries(100)))
            .waitingFor(Wait.forHealthcheck())) {
      healthy.start();
      assertThat(healthy.isHealthy()).isTrue();
      assertThat(healthy.getCurrentContainerInfo().getState().getHealth().getStatus())
          .isEqualTo("healthy");
    }
  }

  @Test
  @DisplayName("a container that ends at once is an error with its output")
  void failure() {
    try (GenericContainer<?> broken = shell("echo no luck >&2; exit 3").withStartupAttempts(1)) {
      assertThatThrownBy(
              broken.waitingFor(Wait.forLogMessage("never", 1)).withStartupTimeout(
                      Duration.ofSeconds(3))
                  ::start)
          .isInstanceOf(ContainerLaunchException.class);
    }
  }

  @Test
  @DisplayName("a container that runs to its end is started once it has ended well")
  void oneShot() {
    try (GenericContainer<?> once =
        shell("echo done")
            .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(LIMIT))) {
      once.start();
      assertThat(once.getLogs()).isEqualTo("done\n");
    }
  }

  @Test
  @DisplayName("containers on a network find each other by alias; dependencies are started first")
  void network() throws Exception {
    try (Network network = Network.newNetwork();
        GenericContainer<?> server =
            server().withNetwork(network).withNetworkAliases("server", "other");
        GenericContainer<?> client =
            shell("sleep 100").withNetwork(network).dependsOn(server)) {
      client.start();
      assertThat(server.isRunning()).isTrue();
      assertThat(client.execInContainer("wget", "-q", "-O", "-", "http://server").getStdout())
          .isEqualTo("page\n");
      assertThat(client.execInContainer("ping", "-c", "1", "other").getExitCode()).isZero();
    }
  }

  @Test
  @DisplayName("files are copied into a container before and after its start, and out of it")
  void copy(@TempDir Path folder) throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\necho script\n");
    Files.createDirectories(folder.resolve("tree/deep"));
    Files.writeString(folder.resolve("tree/deep/file"), "deep");
    try (GenericContainer<?> container =
        shell("cat /etc/early; exec sleep 100")
            .withCopyToContainer(Transferable.of("early\n"), "/etc/early")
            .withCopyFileToContainer(MountableFile.forHostPath(script, 0755), "/bin/script")
            .withCopyFileToContainer(MountableFile.forHostPath(folder.resolve("tree")), "/tree")) {
      container.start();
      assertThat(container.getLogs()).isEqualTo("early\n");
      assertThat(container.execInContainer("script").getStdout()).isEqualTo("script\n");
      assertThat(container.execInContainer("cat", "/tree/deep/file").getStdout()).isEqualTo("deep");
      container.copyFileToContainer(Transferable.of("late"), "/new/folder/late");
      String text =
          container.copyFileFromContainer(
              "/new/folder/late", stream -> new String(stream.readAllBytes(), UTF_8));
      assertThat(text).isEqualTo("late");
      assertThatThrownBy(() -> container.copyFileFromContainer("/none", "/dev/null"))
          .hasStackTraceContaining("Could not find the file /none in container");
    }
  }

  @Test
  @DisplayName("exec tells output, errors and exit code")
  void exec() throws Exception {
    try (GenericContainer<?> container = shell("sleep 100")) {
      container.start();
      ExecResult result =
          container.execInContainer("sh", "-c", "echo out; echo err >&2; id -u; exit 7");
      assertThat(result.getExitCode()).isEqualTo(7);
      assertThat(result.getStdout()).isEqualTo("out\n0\n");
      assertThat(result.getStderr()).isEqualTo("err\n");
      assertThat(container.execInContainer("no-such-program").getExitCode()).isIn(126, 127);
    }
  }

  @Test
  @DisplayName("output is followed, and waited for")
  void output() throws TimeoutException {
    ToStringConsumer all = new ToStringConsumer();
    WaitingConsumer lines = new WaitingConsumer();
    try (GenericContainer<?> container =
        shell("for i in 1 2 3; do echo line $i; echo error $i >&2; sleep 1; done; sleep 100")
            .withLogConsumer(all.andThen(lines))) {
      container.start();
      lines.waitUntil(
          frame -> frame.getUtf8String().contains("error 3"),
          (int) LIMIT.toSeconds(),
          TimeUnit.SECONDS);
      assertThat(all.toUtf8String()).contains("line 1", "line 2", "error 1");
      assertThat(container.getLogs(OutputFrame.OutputType.STDERR))
          .isEqualTo("error 1\nerror 2\nerror 3\n");
    }
  }

  @Test
  @DisplayName("environment, labels, mounts, memory and privileges arrive")
  @SuppressWarnings("deprecation") // users' tests still bind folders so
  void options(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("file"), "bound");
    try (GenericContainer<?> container =
        shell("sleep 100")
            .withEnv("GREETING", "hello")
            .withLabel("tier", "test")
            .withWorkingDirectory("/tmp")
            .withFileSystemBind(folder.toString(), "/bound", BindMode.READ_ONLY)
            .withTmpFs(Map.of("/scratch", "rw,size=1m"))
            .withSharedMemorySize(8L << 20)
            .withPrivilegedMode(true)
            .withCreateContainerCmdModifier(command ->
                command.withHostName("named").getHostConfig().withMemory(64L << 20))) {
      container.start();
      assertThat(
              container
                  .execInContainer(
                      "sh", "-c", "echo $GREETING; hostname; pwd; cat /bound/file; touch /bound/x")
                  .getStdout())
          .isEqualTo("hello\nnamed\n/tmp\nbound");
      assertThat(container.execInContainer("cat", "/proc/mounts").getStdout())
          .containsPattern("tmpfs /scratch tmpfs .*size=1024k")
          .containsPattern("shm /dev/shm tmpfs .*size=8192k");
      assertThat(container.getContainerInfo().getHostConfig().getMemory()).isEqualTo(64L << 20);
      assertThat(container.getContainerInfo().getConfig().getLabels())
          .containsEntry("tier", "test")
          .containsKey("org.testcontainers.sessionId");
    }
  }

  @Test
  @DisplayName("the engine is one that Testcontainers takes for Docker")
  void engine() {
    assertThat(DockerClientFactory.instance().isDockerAvailable()).isTrue();
    assertThat(DockerClientFactory.instance().getActiveApiVersion()).isNotEmpty();
  }
}
