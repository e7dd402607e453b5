package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Networks of a plugin, by the unchanged Docker client. */
@Tag("blackbox")
class NetworkPluginTest {
  private static Scene scene;
  private static Path sockets;
  private WiringPlugin plugin;

  @BeforeAll
  static void start() throws IOException {
    EngineUnderTest engine = EngineUnderTest.prepare();
    sockets = Files.createDirectories(engine.folder().resolve("plugins"));
    // The standard folder, seen by this engine only.
    engine
        .onHost(
            "sh",
            "-c",
            "mount -t tmpfs tmpfs /run && mkdir -p /run/docker/plugins && mount --bind "
                + sockets
                + " /run/docker/plugins")
        .run()
        .ok();
    engine.startEngine();
    scene = Scene.on(engine.withBusybox());
  }

  @AfterAll
  static void stop() {
    scene.close();
  }

  @BeforeEach
  void plug() throws IOException {
    plugin = WiringPlugin.start(scene.engine(), sockets.resolve("np.sock"));
  }

  @AfterEach
  void unplug() throws IOException {
    scene.clear();
    plugin.close();
  }

  private static void create(String name) {
    scene
        .docker("network", "create", "-d", "np", "--subnet", "10.221.0.0/24", "-o", "k=v", name)
        .ok();
  }

  @Test
  void aContainerOnIt() {
    create("pnet");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "one",
            "--network",
            "pnet",
            "--expose",
            "81",
            "-p",
            "8081:80",
            "busybox",
            "sleep",
            "1000")
        .ok();
    assertThat(plugin.server().methods())
        .containsSubsequence(
            "NetworkDriver.CreateNetwork",
            "NetworkDriver.CreateEndpoint",
            "NetworkDriver.Join",
            "NetworkDriver.ProgramExternalConnectivity",
            "NetworkDriver.EndpointOperInfo");
    JsonNode made = plugin.bodies("NetworkDriver.CreateEndpoint").getFirst();
    assertThat(made.at("/Interface/Address").asText()).isEqualTo("10.221.0.2/24");
    assertThat(made.at("/Options/com.docker.network.endpoint.exposedports")).hasSize(2);
    assertThat(made.at("/Options/com.docker.network.portmap/0/HostPort").asInt()).isEqualTo(8081);
    JsonNode endpoint = scene.endpoint("one", "pnet");
    assertThat(endpoint.path("MacAddress").asText()).isEqualTo("02:11:22:33:44:01");
    assertThat(endpoint.path("IPAddress").asText()).isEqualTo("10.221.0.2");
    assertThat(endpoint.path("Gateway").asText()).isEqualTo("10.221.0.1");
    assertThat(plugin.bodies("NetworkDriver.Join").getFirst().path("SandboxKey").asText())
        .isEqualTo(scene.container("one").at("/NetworkSettings/SandboxKey").asText());
    assertThat(scene.in("one", "ip -o addr show net0").ok().line())
        .contains("inet 10.221.0.2/24")
        .contains("net0");
    assertThat(scene.in("one", "cat /sys/class/net/net0/address").ok().line())
        .isEqualTo("02:11:22:33:44:01");
    assertThat(scene.in("one", "ip route").ok().lines())
        .anyMatch(line -> line.startsWith("default via 10.221.0.1 dev net0"))
        .anyMatch(line -> line.startsWith("10.222.0.0/16 via 10.221.0.1 dev net0"));
    assertThat(scene.docker("info", "--format", "{{json .Plugins.Network}}").ok().line())
        .isEqualTo("[\"bridge\",\"cni\",\"host\",\"ipvlan\",\"macvlan\",\"np\",\"null\"]");
    scene.docker("rm", "-f", "one").ok();
    assertThat(plugin.held()).hasSize(1);
    scene.docker("network", "rm", "pnet").ok();
    assertThat(plugin.held()).isEmpty();
    assertThat(scene.host("ip -o link show npbr0").exitCode()).isNotZero();
  }

  @Test
  void whereItBringsNoWayOutPortsArePublishedAllTheSame() {
    plugin.bringNoGateway();
    create("pnet");
    scene.server("web", "--network", "pnet", "-p", "8090:80");
    assertThat(scene.docker("port", "web").ok().lines()).contains("80/tcp -> 0.0.0.0:8090");
    assertThat(scene.container("web").at("/NetworkSettings/Networks")).hasSize(1);
    Eventually.equal("page of web", () -> scene.fetchOnHost("127.0.0.1:8090"));
    assertThat(scene.inspect("docker_gwbridge").path("Containers")).hasSize(1);
    scene.docker("rm", "-f", "web").ok();
    assertThat(scene.inspect("docker_gwbridge").path("Containers")).isEmpty();
  }

  @Test
  void namesAndAliasesOnIt() {
    create("pnet");
    scene.server("web", "--network", "pnet", "--network-alias", "shop");
    scene.on("pnet", "client");
    scene.reads("page of web", "client", "web");
    scene.reads("page of web", "client", "shop");
    assertThat(scene.in("client", "nslookup web.pnet").output()).isNotEmpty();
  }

  @Test
  void aRunningContainerComesAndGoes() {
    create("pnet");
    scene.on("bridge", "one");
    scene.docker("network", "connect", "--ip", "10.221.0.77", "pnet", "one").ok();
    assertThat(scene.in("one", "ip -o addr show net0").ok().line()).contains("10.221.0.77/24");
    scene.docker("network", "disconnect", "pnet", "one").ok();
    assertThat(scene.in("one", "ip -o link show net0").exitCode()).isNotZero();
    assertThat(plugin.held()).hasSize(1);
    assertThat(scene.in("one", "ip route").ok().line()).startsWith("default via 172.17.0.1");
  }

  @Test
  void itsErrorsArePassedOnAndNothingStays() {
    plugin.refuse("NetworkDriver.CreateNetwork", "no more wires");
    ApiClient.Answer refused = scene.create("pnet", "\"Driver\":\"np\"");
    assertThat(refused.status() + " " + refused.message()).isEqualTo("500 remote: no more wires");
    create("pnet");
    for (String method : List.of("CreateEndpoint", "Join", "ProgramExternalConnectivity")) {
      plugin.refuse("NetworkDriver." + method, "not today");
      ApiClient.Answer start = scene.start("c-" + method.toLowerCase(), Scene.mode("pnet"));
      assertThat(start.status()).isEqualTo(500);
      assertThat(start.message()).contains("remote: not today");
      assertThat(plugin.held()).hasSize(1);
      assertThat(scene.host("ip -o link | grep -c ': [hc][0-9a-f]\\{7\\}@'").line()).isEqualTo("0");
    }
    ApiClient.Answer unknown = scene.create("nonet", "\"Driver\":\"nodriver\"");
    assertThat(unknown.status() + " " + unknown.message())
        .isEqualTo("404 plugin \"nodriver\" not found");
  }

  @Test
  void networksAndContainersOutliveEngineAndPlugin() throws IOException {
    create("pnet");
    scene.server("web", "--network", "pnet");
    scene.on("pnet", "client");
    Set<String> held = plugin.held();
    plugin.close();
    scene.engine().killEngine();
    scene.engine().startEngine();
    assertThat(scene.inspect("pnet").path("Driver").asText()).isEqualTo("np");
    assertThat(scene.inspect("pnet").path("Containers")).hasSize(2);
    scene.reads("page of web", "client", "web");
    plugin = WiringPlugin.start(scene.engine(), sockets.resolve("np.sock"));
    plugin.hold(held);
    scene.docker("rm", "-f", "web", "client").ok();
    scene.docker("network", "rm", "pnet").ok();
    assertThat(plugin.held()).isEmpty();
  }

  @Test
  void aNetworkOfAnAbsentPluginCanBeRemoved() throws IOException {
    create("pnet");
    Set<String> held = plugin.held();
    plugin.close();
    assertThat(scene.start("lost", Scene.mode("pnet")).message()).contains("\"np\" not found");
    scene.docker("network", "rm", "pnet").ok();
    assertThat(scene.docker("network", "ls", "-q").ok().lines()).hasSize(3);
    plugin = WiringPlugin.start(scene.engine(), sockets.resolve("np.sock"));
    plugin.hold(held);
    scene.engine().stopEngine();
    scene.engine().startEngine();
    Eventually.holds("the plugin was told", () -> plugin.held().isEmpty());
  }

  @Test
  void oneThatHangsBlocksNobodyElse() throws InterruptedException, IOException {
    create("pnet");
    scene.on("pnet", "on-it");
    plugin.server().hang("NetworkDriver.CreateEndpoint");
    scene.createContainer("hung", Scene.mode("pnet"));
    Thread start =
        Thread.startVirtualThread(() -> {
          try {
            scene.start("hung");
          } catch (RuntimeException ended) {
            // The engine goes away before it answers.
          }
        });
    Eventually.holds(
        "the plugin was asked", () -> plugin.bodies("NetworkDriver.CreateEndpoint").size() == 2);
    assertThat(within(scene.engine().docker("network", "ls", "-q")).lines()).hasSize(4);
    assertThat(within(scene.engine().docker("ps", "-a", "-q")).lines()).hasSize(2);
    within(scene.engine().docker("network", "create", "other"));
    assertThat(within(scene.engine().docker("run", "--rm", "busybox", "echo", "fine")).line())
        .isEqualTo("fine");
    assertThat(start.isAlive()).isTrue();
    plugin.server().hang("NetworkDriver.DeleteEndpoint");
    scene.engine().killEngine();
    scene.engine().startEngine();
    assertThat(within(scene.engine().docker("ps", "-q")).lines()).hasSize(1);
    start.join(Duration.ofSeconds(20));
    plugin.server().unhang("NetworkDriver.CreateEndpoint");
    plugin.server().unhang("NetworkDriver.DeleteEndpoint");
  }

  private static Command.Result within(Command command) {
    return command.within(Duration.ofSeconds(15)).run().ok();
  }

  @Test
  void whatAKilledEngineBeganIsGivenBack() throws InterruptedException {
    create("pnet");
    plugin.server().hang("NetworkDriver.Join");
    scene.createContainer("cut", Scene.mode("pnet"));
    Thread start =
        Thread.startVirtualThread(() -> {
          try {
            scene.start("cut");
          } catch (RuntimeException ended) {
            // The engine goes away before it answers.
          }
        });
    Eventually.holds("the plugin was asked", () -> !plugin.bodies("NetworkDriver.Join").isEmpty());
    assertThat(plugin.held()).hasSize(2);
    scene.engine().killEngine();
    plugin.server().unhang("NetworkDriver.Join");
    start.join(Duration.ofSeconds(20));
    scene.engine().startEngine();
    Eventually.holds("its endpoint was deleted", () -> plugin.held().size() == 1);
    assertThat(scene.start("cut").status()).isEqualTo(204);
  }

  @Test
  void addressesOfAPlugin() {
    scene
        .docker(
            "network",
            "create",
            "--ipam-driver",
            "np",
            "--ipam-opt",
            "o1=v1",
            "--ipam-opt",
            "o2=v2",
            "managed")
        .ok();
    JsonNode ipam = scene.inspect("managed").path("IPAM");
    assertThat(ipam.path("Driver").asText()).isEqualTo("np");
    assertThat(ipam.at("/Options/o1").asText()).isEqualTo("v1");
    assertThat(ipam.at("/Options/o2").asText()).isEqualTo("v2");
    assertThat(ipam.path("Config").toString())
        .isEqualTo("[{\"Subnet\":\"10.221.0.0/24\",\"Gateway\":\"10.221.0.1\"}]");
    assertThat(plugin.server().methods())
        .containsSubsequence("IpamDriver.RequestPool", "IpamDriver.RequestAddress");
    JsonNode pool = plugin.bodies("IpamDriver.RequestPool").getFirst();
    assertThat(pool.path("AddressSpace").asText()).isEqualTo("np-local");
    assertThat(pool.at("/Options/o1").asText()).isEqualTo("v1");
    assertThat(
            plugin
                .bodies("IpamDriver.RequestAddress")
                .getFirst()
                .at("/Options/RequestAddressType")
                .asText())
        .isEqualTo("com.docker.network.gateway");
    scene.server("web", "--network", "managed");
    assertThat(scene.address("web", "managed")).isEqualTo("10.221.0.10");
    scene.on("managed", "client");
    scene.reads("page of web", "client", "web");
    plugin.refuse("IpamDriver.RequestAddress", "none left");
    ApiClient.Answer full = scene.start("late", Scene.mode("managed"));
    assertThat(full.status()).isEqualTo(500);
    assertThat(full.message()).contains("remote: none left");
    scene.engine().killEngine();
    scene.engine().startEngine();
    scene.reads("page of web", "client", "web");
    scene.docker("rm", "-f", "web", "client", "late").ok();
    assertThat(plugin.held()).containsExactly("address np-pool 10.221.0.1", "pool np-pool");
    scene.docker("network", "rm", "managed").ok();
    assertThat(plugin.held()).isEmpty();
  }

  @Test
  void nothingStaysWithAnAddressManagerThatRefuses() {
    for (String method : List.of("RequestPool", "RequestAddress")) {
      plugin.refuse("IpamDriver." + method, "not today");
      ApiClient.Answer refused = scene.create("managed", "\"IPAM\":{\"Driver\":\"np\"}");
      assertThat(refused.status()).isEqualTo(500);
      assertThat(refused.message()).contains("remote: not today");
      assertThat(plugin.held()).isEmpty();
    }
  }
}
