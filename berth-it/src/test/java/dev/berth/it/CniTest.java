package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Networks of the distribution's CNI plugins, by the unchanged Docker client. */
@Tag("blackbox")
class CniTest {
  private static final String BRIDGE =
      """
      {"cniVersion":"1.0.0","name":"blue","plugins":[
        {"type":"bridge","bridge":"cni0","isDefaultGateway":true,"hairpinMode":true,
         "ipam":{"type":"host-local","subnet":"10.85.0.0/24"},
         "dns":{"search":["blue.example"]}},
        {"type":"portmap","capabilities":{"portMappings":true}},
        {"type":"firewall"},
        {"type":"tuning","sysctl":{"net.core.somaxconn":"517"}}]}
      """;

  private static Scene scene;
  private static Path configurations;
  private static Path state;
  private static Path programs;

  @BeforeAll
  static void start() throws IOException {
    EngineUnderTest engine = EngineUnderTest.prepare();
    Path folder = engine.folder();
    Path etc = Files.createDirectories(folder.resolve("etc"));
    configurations = Files.createDirectories(etc.resolve("cni/net.d"));
    state = Files.createDirectories(folder.resolve("cni-state"));
    programs = Files.createDirectories(folder.resolve("cni-bin"));
    Files.createDirectories(folder.resolve("etc-work"));
    Files.writeString(configurations.resolve("10-blue.conflist"), BRIDGE);
    // The standard folders, seen by this engine only.
    engine
        .onHost(
            "sh",
            "-c",
            "mount -t overlay -o lowerdir=/etc,upperdir=%s,workdir=%s overlay /etc"
                    .formatted(etc, folder.resolve("etc-work"))
                + " && mount -t tmpfs tmpfs /var/lib && mkdir -p /var/lib/cni"
                + " && mount --bind "
                + state
                + " /var/lib/cni"
                + " && mount -t tmpfs tmpfs /opt && mkdir -p /opt/cni/bin"
                + " && mount --bind "
                + programs
                + " /opt/cni/bin")
        .run()
        .ok();
    engine.startEngine();
    scene = Scene.on(engine.withBusybox());
  }

  @AfterAll
  static void stop() {
    scene.close();
  }

  @AfterEach
  void clear() {
    scene.clear();
  }

  private static boolean isTaken(String address) {
    return Files.exists(state.resolve("networks/blue").resolve(address));
  }

  @Test
  void aConfigurationByItsName() {
    scene.docker("network", "create", "-d", "cni", "blue").ok();
    scene.docker("network", "create", "-d", "cni", "-o", "conflist=blue", "second").ok();
    scene.server("web", "--network", "blue", "--network-alias", "shop", "-p", "8088:80");
    JsonNode endpoint = scene.endpoint("web", "blue");
    String address = endpoint.path("IPAddress").asText();
    assertThat(address).startsWith("10.85.0.");
    assertThat(endpoint.path("IPPrefixLen").asInt()).isEqualTo(24);
    assertThat(endpoint.path("Gateway").asText()).isEqualTo("10.85.0.1");
    assertThat(endpoint.path("MacAddress").asText()).isNotEmpty();
    assertThat(scene.in("web", "cat /sys/class/net/eth0/address").ok().line())
        .isEqualTo(endpoint.path("MacAddress").asText());
    assertThat(scene.in("web", "cat /proc/sys/net/core/somaxconn").ok().line()).isEqualTo("517");
    assertThat(scene.in("web", "cat /etc/resolv.conf").ok().lines())
        .contains("search blue.example", "nameserver 127.0.0.11");
    assertThat(scene.docker("port", "web").ok().line()).isEqualTo("80/tcp -> 0.0.0.0:8088");
    assertThat(scene.inspect("blue").path("Containers").toString()).contains(address + "/24");
    scene.on("blue", "client");
    scene.reads("page of web", "client", "web");
    scene.reads("page of web", "client", "shop");
    scene.readsOnHost("page of web", address);
    Eventually.equal("page of web", () -> scene.fetchOnHost("127.0.0.1:8088"));
    assertThat(isTaken(address)).isTrue();
    scene.docker("rm", "-f", "web", "client").ok();
    assertThat(isTaken(address)).isFalse();
    assertThat(scene.host("iptables-save -t nat").output()).isNotEmpty();
    assertThat(scene.host("iptables-save -t nat | grep -c 8088").line()).isEqualTo("0");
    scene.docker("network", "rm", "blue").ok();
  }

  @Test
  void aRunningContainerComesAndGoes() {
    scene.docker("network", "create", "-d", "cni", "blue").ok();
    scene.on("bridge", "one");
    scene.docker("network", "connect", "--ip", "10.85.0.77", "blue", "one").ok();
    assertThat(scene.in("one", "ip -o addr show eth1").ok().text()).contains("10.85.0.77/24");
    assertThat(scene.in("one", "ip route | grep default").ok().lines())
        .containsExactly("default via 10.85.0.1 dev eth1 ");
    scene.docker("network", "disconnect", "blue", "one").ok();
    assertThat(scene.in("one", "ip -o link show eth1").exitCode()).isNotZero();
    assertThat(isTaken("10.85.0.77")).isFalse();
    assertThat(scene.in("one", "ip route | grep default").ok().lines())
        .containsExactly("default via 172.17.0.1 dev eth0 ");
  }

  @Test
  void containersOutliveTheEngineAndWhatEndedMeanwhileIsDetached() {
    scene.docker("network", "create", "-d", "cni", "blue").ok();
    scene.server("web", "--network", "blue");
    scene.on("blue", "client");
    scene.on("blue", "ends");
    String lost = scene.address("ends", "blue");
    JsonNode before = scene.endpoint("web", "blue");
    String pid = scene.container("ends").path("State").path("Pid").asText();
    scene.engine().killEngine();
    scene.host("kill -9 " + pid).ok();
    scene.engine().startEngine();
    assertThat(scene.endpoint("web", "blue")).isEqualTo(before);
    scene.reads("page of web", "client", "web");
    Eventually.holds("the address of the one that ended is free", () -> !isTaken(lost));
    assertThat(scene.start("ends").status()).isEqualTo(204);
  }

  @Test
  void onePluginThatHangsBlocksNobodyElseAndIsDetachedAfterAKill() throws Exception {
    Path program = programs.resolve("slow");
    Path marker = scene.engine().folder().resolve("asked");
    Files.writeString(
        program,
        """
        #!/bin/sh
        echo $CNI_COMMAND $CNI_CONTAINERID >> %s
        [ $CNI_COMMAND = ADD ] && exec sleep 50
        exit 0
        """
            .formatted(marker));
    scene.host("chmod +x /opt/cni/bin/slow").ok();
    scene
        .docker(
            "network",
            "create",
            "-d",
            "cni",
            "-o",
            "config={\"cniVersion\":\"1.0.0\",\"type\":\"slow\"}",
            "slownet")
        .ok();
    scene.createContainer("hung", Scene.mode("slownet"));
    Thread start =
        Thread.startVirtualThread(() -> {
          try {
            scene.start("hung");
          } catch (RuntimeException ended) {
            // The engine goes away before it answers.
          }
        });
    Eventually.holds("the plugin was asked", () -> Files.exists(marker));
    assertThat(within(scene.engine().docker("ps", "-a", "-q")).lines()).hasSize(1);
    assertThat(within(scene.engine().docker("network", "ls", "-q")).lines()).hasSize(4);
    assertThat(within(scene.engine().docker("run", "--rm", "busybox", "echo", "fine")).line())
        .isEqualTo("fine");
    scene.engine().killEngine();
    start.join(Duration.ofSeconds(20));
    scene.engine().startEngine();
    Eventually.holds(
        "it was detached", () -> scene.host("grep -c DEL " + marker).line().equals("1"));
  }

  @Test
  void whatCannotWorkIsSaidAtOnce() {
    ApiClient.Answer missing = scene.create("nosuch", "\"Driver\":\"cni\"");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.message())
        .contains("CNI configuration \"nosuch\" not found")
        .contains("there are: blue");
    ApiClient.Answer bad =
        scene.create("bad", "\"Driver\":\"cni\",\"Options\":{\"config\":\"{}\"}");
    assertThat(bad.status()).isEqualTo(400);
    assertThat(scene.inspect("bridge").path("Driver").asText()).isEqualTo("bridge");
  }

  private static Command.Result within(Command command) {
    return command.within(Duration.ofSeconds(15)).run().ok();
  }
}
