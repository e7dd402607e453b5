package dev.berth.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of docker-java, the library below Testcontainers and many build tools, over the
 * engine's socket.
 */
@Tag("blackbox")
class DockerJavaTest {
  private static EngineUnderTest engine;
  private static DockerClient client;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start().withBusybox();
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(engine.host())
            .withDockerTlsVerify(false)
            .build();
    client =
        DockerClientImpl.getInstance(
            config,
            new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
  }

  @AfterAll
  static void stop() throws IOException {
    try {
      client.close();
    } finally {
      engine.close();
    }
  }

  /** What a stream brought until it ended. */
  private static final class Collected<T> extends ResultCallback.Adapter<T> {
    private final List<T> items = new CopyOnWriteArrayList<>();

    @Override
    public void onNext(T item) {
      items.add(item);
    }

    List<T> all() throws InterruptedException {
      assertThat(awaitCompletion(60, TimeUnit.SECONDS)).isTrue();
      return items;
    }
  }

  private static String text(List<Frame> frames, StreamType stream) {
    StringBuilder text = new StringBuilder();
    for (Frame frame : frames) {
      if (frame.getStreamType() == stream) {
        text.append(new String(frame.getPayload(), UTF_8));
      }
    }
    return text.toString();
  }

  private static CreateContainerCmd shell(String line) {
    return client.createContainerCmd("busybox").withCmd("sh", "-c", line);
  }

  private static String started(CreateContainerCmd create) {
    String id = create.exec().getId();
    client.startContainerCmd(id).exec();
    return id;
  }

  private static void remove(String id) {
    client.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
  }

  @Test
  @DisplayName("ping, version, info")
  void system() {
    client.pingCmd().exec();
    assertThat(client.versionCmd().exec().getApiVersion()).startsWith("1.");
    assertThat(client.infoCmd().exec().getOsType()).isEqualTo("linux");
  }

  @Test
  @DisplayName("the life of a container")
  void life() {
    String id = started(shell("exec sleep 1000").withName("java-life"));
    assertThatThrownBy(() -> client.startContainerCmd(id).exec())
        .isInstanceOf(NotModifiedException.class);
    client.pauseContainerCmd(id).exec();
    assertThat(client.inspectContainerCmd(id).exec().getState().getPaused()).isTrue();
    client.unpauseContainerCmd(id).exec();
    client.renameContainerCmd(id).withName("java-renamed").exec();
    client.updateContainerCmd(id).withMemory(64L << 20).withMemorySwap(128L << 20).exec();
    InspectContainerResponse facts = client.inspectContainerCmd("java-renamed").exec();
    assertThat(facts.getHostConfig().getMemory()).isEqualTo(64L << 20);
    assertThat(client.topContainerCmd(id).exec().getProcesses()).isNotEmpty();
    client.restartContainerCmd(id).withTimeout(0).exec();
    assertThat(client.listContainersCmd().withIdFilter(List.of(id)).exec()).hasSize(1);
    client.killContainerCmd(id).withSignal("KILL").exec();
    assertThat(client.waitContainerCmd(id).start().awaitStatusCode(60, TimeUnit.SECONDS))
        .isEqualTo(137);
    assertThatThrownBy(() -> client.stopContainerCmd(id).exec())
        .isInstanceOf(NotModifiedException.class);
    remove(id);
    assertThatThrownBy(() -> client.inspectContainerCmd(id).exec())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("No such container");
  }

  @Test
  @DisplayName("logs and attach tell the outputs apart")
  void streams() throws InterruptedException {
    String id = started(shell("echo one; echo two >&2; sleep 1; echo three"));
    Collected<Frame> logs = new Collected<>();
    client
        .logContainerCmd(id)
        .withStdOut(true)
        .withStdErr(true)
        .withFollowStream(true)
        .exec(logs);
    assertThat(text(logs.all(), StreamType.STDOUT)).isEqualTo("one\nthree\n");
    assertThat(text(logs.all(), StreamType.STDERR)).isEqualTo("two\n");
    remove(id);
    String cat = shell("cat").withStdinOpen(true).withStdInOnce(true).exec().getId();
    Collected<Frame> attached = new Collected<>();
    client
        .attachContainerCmd(cat)
        .withStdOut(true)
        .withStdErr(true)
        .withFollowStream(true)
        .withStdIn(new ByteArrayInputStream("through cat\n".getBytes(UTF_8)))
        .exec(attached);
    client.startContainerCmd(cat).exec();
    assertThat(text(attached.all(), StreamType.STDOUT)).isEqualTo("through cat\n");
    remove(cat);
  }

  @Test
  @DisplayName("exec tells output and exit code")
  void exec() throws InterruptedException {
    String id = started(shell("exec sleep 1000"));
    String exec =
        client
            .execCreateCmd(id)
            .withCmd("sh", "-c", "echo $A; pwd; echo err >&2; exit 5")
            .withEnv(List.of("A=1"))
            .withWorkingDir("/tmp")
            .withAttachStdout(true)
            .withAttachStderr(true)
            .exec()
            .getId();
    Collected<Frame> output = new Collected<>();
    client.execStartCmd(exec).exec(output);
    assertThat(text(output.all(), StreamType.STDOUT)).isEqualTo("1\n/tmp\n");
    assertThat(text(output.all(), StreamType.STDERR)).isEqualTo("err\n");
    assertThat(client.inspectExecCmd(exec).exec().getExitCodeLong()).isEqualTo(5L);
    remove(id);
  }

  @Test
  @DisplayName("files into a container and out of it; what has changed")
  void files(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "content");
    String id = started(shell("exec sleep 1000"));
    client
        .copyArchiveToContainerCmd(id)
        .withHostResource(file.toString())
        .withRemotePath("/tmp")
        .exec();
    try (InputStream tar = client.copyArchiveFromContainerCmd(id, "/tmp/file").exec()) {
      assertThat(new String(tar.readAllBytes(), UTF_8)).contains("content");
    }
    assertThat(client.containerDiffCmd(id).exec())
        .anyMatch(change -> change.getPath().equals("/tmp/file"));
    assertThatThrownBy(() -> client.copyArchiveFromContainerCmd(id, "/none").exec())
        .isInstanceOf(NotFoundException.class);
    remove(id);
  }

  @Test
  @DisplayName("statistics and events")
  void observation() throws InterruptedException {
    Collected<Event> events = new Collected<>();
    client.eventsCmd().withLabelFilter("watched=java").exec(events);
    String id = started(shell("exec sleep 1000").withLabels(Map.of("watched", "java")));
    Collected<Statistics> once = new Collected<>();
    client.statsCmd(id).withNoStream(true).exec(once);
    assertThat(once.all()).hasSize(1);
    assertThat(once.all().getFirst().getMemoryStats().getUsage()).isPositive();
    remove(id);
    Eventually.holds(
        "the removal is told",
        () -> events.items.stream().anyMatch(event -> "destroy".equals(event.getAction())));
    assertThat(events.items)
        .extracting(Event::getAction)
        .containsExactly("create", "start", "kill", "die", "destroy");
    try {
      events.close();
    } catch (IOException ended) {
      throw new AssertionError(ended);
    }
  }

  @Test
  @DisplayName("networks")
  void networks() {
    String network =
        client
            .createNetworkCmd()
            .withName("java-net")
            .withDriver("bridge")
            .withInternal(true)
            .withIpam(
                new Network.Ipam()
                    .withConfig(new Network.Ipam.Config().withSubnet("172.31.9.0/24")))
            .exec()
            .getId();
    String id = started(shell("exec sleep 1000"));
    client
        .connectToNetworkCmd()
        .withNetworkId(network)
        .withContainerId(id)
        .withContainerNetwork(
            new ContainerNetwork()
                .withAliases("other")
                .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address("172.31.9.9")))
        .exec();
    Network facts = client.inspectNetworkCmd().withNetworkId("java-net").exec();
    assertThat(facts.getContainers().get(id).getIpv4Address()).isEqualTo("172.31.9.9/24");
    assertThat(client.listNetworksCmd().withNameFilter("java-net").exec()).hasSize(1);
    client.disconnectFromNetworkCmd().withNetworkId(network).withContainerId(id).exec();
    client.removeNetworkCmd(network).exec();
    assertThatThrownBy(() -> client.inspectNetworkCmd().withNetworkId(network).exec())
        .isInstanceOf(NotFoundException.class);
    remove(id);
  }

  @Test
  @DisplayName("volumes, binds and ports")
  void volumes() {
    client.createVolumeCmd().withName("java-volume").withLabels(Map.of("by", "java")).exec();
    ExposedPort port = ExposedPort.tcp(80);
    String id =
        started(
            shell("exec sleep 1000")
                .withExposedPorts(port)
                .withHostConfig(
                    HostConfig.newHostConfig()
                        .withBinds(new Bind("java-volume", new Volume("/data")))
                        .withPortBindings(PortBinding.parse("127.0.0.1:18080:80"))));
    InspectContainerResponse facts = client.inspectContainerCmd(id).exec();
    assertThat(facts.getNetworkSettings().getPorts().getBindings().get(port)[0].getHostPortSpec())
        .isEqualTo("18080");
    assertThatThrownBy(() -> client.removeVolumeCmd("java-volume").exec())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("volume is in use");
    remove(id);
    assertThat(client.listVolumesCmd().withFilter("label", List.of("by=java")).exec().getVolumes())
        .hasSize(1);
    client.removeVolumeCmd("java-volume").exec();
    assertThatThrownBy(() -> client.inspectVolumeCmd("java-volume").exec())
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  @DisplayName("images: tag, save, load, commit, remove")
  void images() throws IOException {
    String id = client.inspectImageCmd("busybox").exec().getId();
    client.tagImageCmd(id, "java/copy", "1").exec();
    byte[] saved;
    try (InputStream tar = client.saveImageCmd("java/copy:1").exec()) {
      saved = tar.readAllBytes();
    }
    client.removeImageCmd("java/copy:1").exec();
    assertThatThrownBy(() -> client.inspectImageCmd("java/copy:1").exec())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("No such image: java/copy:1");
    client.loadImageCmd(new ByteArrayInputStream(saved)).exec();
    assertThat(client.inspectImageCmd("java/copy:1").exec().getId()).isEqualTo(id);
    client.removeImageCmd("java/copy:1").exec();
    String container = shell("true").exec().getId();
    String made = client.commitCmd(container).withRepository("java/made").withTag("1").exec();
    assertThat(client.inspectImageCmd("java/made:1").exec().getId()).isEqualTo(made);
    remove(container);
    client.removeImageCmd("java/made:1").exec();
  }

  @Test
  @DisplayName("what is refused comes as the exception of its kind")
  void errors() {
    assertThatThrownBy(() -> client.createContainerCmd("none:1").exec())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("No such image: none:1");
    String id = started(shell("exec sleep 1000").withName("java-taken"));
    assertThatThrownBy(() -> shell("true").withName("java-taken").exec())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("is already in use by container");
    assertThatThrownBy(() -> client.removeContainerCmd(id).exec())
        .isInstanceOf(ConflictException.class);
    assertThatThrownBy(
            () ->
                shell("true")
                    .withHostConfig(HostConfig.newHostConfig().withMemory(1L << 20))
                    .exec())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("Minimum memory limit");
    remove(id);
  }
}
