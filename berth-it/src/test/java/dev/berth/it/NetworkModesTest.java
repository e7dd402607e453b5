package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The modes that join another's namespace: host and container. */
@Tag("blackbox")
class NetworkModesTest extends SceneTest {
  @Test
  @DisplayName("host mode is the host: interfaces, name and resolver (net-137)")
  void hostMode() {
    scene.on("host", "hh");
    assertThat(scene.in("hh", "readlink /proc/self/ns/net").line())
        .isEqualTo(scene.host("readlink /proc/self/ns/net").line());
    assertThat(scene.in("hh", "ls /sys/class/net").text()).contains("docker0");
    assertThat(scene.in("hh", "hostname").line()).isEqualTo(scene.host("hostname").line());
    String settings = "grep -E '^(nameserver|search|options)' /etc/resolv.conf";
    assertThat(scene.in("hh", settings).text()).isEqualTo(scene.host(settings).text());
    assertThat(
            scene
                .docker(
                    "run",
                    "--rm",
                    "--network",
                    "host",
                    "--hostname",
                    "named",
                    "busybox",
                    "hostname")
                .ok()
                .line())
        .isEqualTo("named");
  }

  @Test
  @DisplayName("container mode shares interfaces, hosts and hostname (net-139)")
  void containerMode() {
    scene.running("base", "\"Hostname\":\"basehost\"");
    scene.on("container:base", "joined");
    for (String line : List.of("ip addr", "cat /etc/hosts", "hostname", "cat /etc/resolv.conf")) {
      assertThat(scene.in("joined", line).text()).isEqualTo(scene.in("base", line).text());
    }
    JsonNode joined = scene.container("joined");
    assertThat(joined.path("HostConfig").path("NetworkMode").asText())
        .isEqualTo("container:" + scene.container("base").path("Id").asText());
    assertThat(joined.path("NetworkSettings").path("Networks").toString()).isEqualTo("{}");
    assertThat(joined.path("NetworkSettings").path("Ports").toString()).isEqualTo("{}");
    assertThat(joined.path("NetworkSettings").path("SandboxID").asText("missing")).isEmpty();
  }

  @ParameterizedTest(name = "container mode goes not with {0} (net-141, net-143, net-145)")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"ExposedPorts\":{\"80/tcp\":{}} | | port exposing and the container type network mode",
        "| ,\"Dns\":[\"1.1.1.1\"] | dns and the network mode",
        "| ,\"Links\":[\"base:bb\"] | container type network can't be used with links. This would"
            + " result in undefined behavior",
        "| ,\"ExtraHosts\":[\"a:1.1.1.1\"] | custom host-to-IP mapping and the network mode",
        "| ,\"PublishAllPorts\":true | port publishing and the container type network mode",
        "\"Hostname\":\"other\" | | hostname and the network mode",
        "\"MacAddress\":\"02:42:0a:00:00:07\" | | mac-address and the network mode"
      })
  void conflicts(String config, String host, String reason) {
    scene.running("base", "");
    String members = config == null ? "" : config + ",";
    refuses(
        scene.createContainer(
            "joined",
            members
                + "\"HostConfig\":{\"NetworkMode\":\"container:base\""
                + (host == null ? "" : host)
                + "}"),
        400,
        "conflicting options: " + reason);
  }

  @Test
  @DisplayName("the container to join must be there and run when it starts (net-147, net-149)")
  void absentOwner() {
    assertThat(scene.createContainer("lost", Scene.mode("container:nosuch")).status())
        .isEqualTo(201);
    refuses(
        scene.start("lost"),
        500,
        "joining network namespace of container: No such container: nosuch");
    scene.createContainer("stopped", "");
    assertThat(scene.createContainer("early", Scene.mode("container:stopped")).status())
        .isEqualTo(201);
    refuses(
        scene.start("early"),
        409,
        "cannot join network namespace of a non running container: container stopped is created");
  }

  @Test
  @DisplayName("who joined a namespace keeps only lo when its owner stops (net-151)")
  void ownerStops() {
    scene.running("base", "");
    scene.on("container:base", "joined");
    scene.stop("base");
    Eventually.equal("lo", () -> scene.in("joined", "ls /sys/class/net").line());
    assertThat(scene.start("base").status()).isEqualTo(204);
    assertThat(scene.in("joined", "ls /sys/class/net").line()).isEqualTo("lo");
    assertThat(scene.in("base", "ls /sys/class/net").lines()).containsExactly("eth0", "lo");
  }
}
