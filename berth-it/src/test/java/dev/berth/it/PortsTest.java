package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Published ports: every form of them, what lists show, and what is refused. With either packet
 * filter.
 */
@Tag("blackbox")
@ParameterizedClass(name = "with {0}")
@ValueSource(strings = {"iptables", "nftables"})
class PortsTest {
  private static Scene scene;

  @Parameter String backend;

  @BeforeParameterizedClassInvocation
  static void start(String backend) {
    scene = Scene.open("--firewall-backend", backend);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    scene.close();
  }

  @AfterEach
  void clear() {
    scene.clear();
  }

  private static final String WEB = "\"ExposedPorts\":{\"80/tcp\":{}},";

  private static String bindings(String port, String json) {
    return WEB + "\"HostConfig\":{\"PortBindings\":{\"" + port + "\":" + json + "}}";
  }

  private static JsonNode ports(String container) {
    return scene.container(container).path("NetworkSettings").path("Ports");
  }

  private static List<String> published(String container, String port) {
    List<String> found = new ArrayList<>();
    for (JsonNode binding : ports(container).path(port)) {
      found.add(binding.path("HostIp").asText() + " " + binding.path("HostPort").asText());
    }
    return found;
  }

  @Test
  @DisplayName("lists show a published port for both families (net-153, net-177)")
  void listed() {
    scene.running("aa", bindings("80/tcp", "[{\"HostPort\":\"8080\"}]"));
    scene.running("bb", "");
    assertThat(scene.docker("ps", "--filter", "name=aa", "--format", "{{.Ports}}").line())
        .isEqualTo("0.0.0.0:8080->80/tcp, [::]:8080->80/tcp");
    for (String filter :
        List.of("publish=8080", "expose=80/tcp", "publish=8000-8100", "expose=80", "publish=80")) {
      List<String> wanted = filter.equals("publish=80") ? List.of() : List.of("aa");
      assertThat(scene.docker("ps", "--filter", filter, "--format", "{{.Names}}").lines())
          .as(filter)
          .isEqualTo(wanted);
    }
    assertThat(scene.docker("ps", "--filter", "network=bridge", "-q").lines()).hasSize(2);
    assertThat(scene.docker("ps", "--filter", "network=nosuch", "-q").lines()).isEmpty();
    JsonNode shown =
        scene
            .get("/containers/json?filters=" + Scene.encoded("{\"name\":[\"aa\"]}"))
            .json()
            .get(0)
            .path("Ports");
    assertThat(shown.toString())
        .isEqualTo(
            "[{\"IP\":\"0.0.0.0\",\"PrivatePort\":80,\"PublicPort\":8080,\"Type\":\"tcp\"},"
                + "{\"IP\":\"::\",\"PrivatePort\":80,\"PublicPort\":8080,\"Type\":\"tcp\"}]");
  }

  @Test
  @DisplayName("a binding of a port that is not exposed publishes nothing (net-155)")
  void notExposed() {
    scene.running("aa", "\"HostConfig\":{\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"8080\"}]}}");
    assertThat(ports("aa").toString()).isEqualTo("{}");
    scene.running("bb", bindings("80/tcp", "[]"));
    assertThat(ports("bb").toString()).isEqualTo("{\"80/tcp\":null}");
  }

  @Test
  @DisplayName("a port that a process of the host has is refused (net-157)")
  void takenByHost() throws Exception {
    Process holder =
        new ProcessBuilder(scene.engine().hostCommand("busybox", "nc", "-l", "-p", "8181")).start();
    try {
      Eventually.holds(
          "nc listens", () -> scene.host("busybox netstat -lnt").text().contains(":8181 "));
      ApiClient.Answer answer = scene.start("aa", bindings("80/tcp", "[{\"HostPort\":\"8181\"}]"));
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.message())
          .matches(
              ".*failed to bind host port for 0\\.0\\.0\\.0:8181:172\\.17\\.0\\.\\d+:80/tcp: address"
                  + " already in use");
      assertThat(scene.inspect("bridge").path("Containers")).isEmpty();
    } finally {
      holder.destroyForcibly().waitFor();
    }
    assertThat(scene.start("aa").status()).isEqualTo(204);
  }

  @Test
  @DisplayName("a port that a container has is refused, also on one address of it")
  void takenByContainer() {
    scene.running("aa", bindings("80/tcp", "[{\"HostPort\":\"8080\"}]"));
    for (String ip : List.of("", "127.0.0.1", "0.0.0.0")) {
      ApiClient.Answer answer =
          scene.start(
              "b" + ip.length(),
              bindings("80/tcp", "[{\"HostIp\":\"" + ip + "\",\"HostPort\":\"8080\"}]"));
      assertThat(answer.status()).as(ip).isEqualTo(500);
      assertThat(answer.message()).as(ip).contains(":8080 failed: port is already allocated");
    }
    scene.running(
        "udp",
        "\"ExposedPorts\":{\"80/udp\":{}},"
            + "\"HostConfig\":{\"PortBindings\":{\"80/udp\":[{\"HostPort\":\"8080\"}]}}");
  }

  @Test
  @DisplayName("a port nobody chose is ephemeral, and new after a restart (net-159)")
  void ephemeral() {
    scene.running("aa", bindings("80/tcp", "[{\"HostPort\":\"\"}]"));
    List<String> first = published("aa", "80/tcp");
    assertThat(first).hasSize(2);
    int port = Integer.parseInt(first.get(0).replace("0.0.0.0 ", ""));
    assertThat(port).isGreaterThanOrEqualTo(32768);
    assertThat(first.get(1)).isEqualTo(":: " + port);
    scene.stop("aa");
    assertThat(scene.start("aa").status()).isEqualTo(204);
    assertThat(published("aa", "80/tcp")).isNotEqualTo(first);
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "bb",
            "-P",
            "--expose",
            "80",
            "--expose",
            "53/udp",
            "busybox",
            "sleep",
            "1000")
        .ok();
    assertThat(published("bb", "80/tcp")).hasSize(2);
    assertThat(published("bb", "53/udp")).hasSize(2);
  }

  @Test
  @DisplayName(
      "ephemeral ports are the kernel's, without those that are reserved, until all are out")
  void ephemeralRange() {
    String range = scene.host("cat /proc/sys/net/ipv4/ip_local_port_range").line();
    scene
        .host(
            "echo 40000 40003 > /proc/sys/net/ipv4/ip_local_port_range"
                + " && echo 40001 > /proc/sys/net/ipv4/ip_local_reserved_ports")
        .ok();
    try {
      List<String> chosen = new ArrayList<>();
      for (String name : List.of("e1", "e2", "e3")) {
        scene.running(name, bindings("80/tcp", "[{\"HostIp\":\"127.0.0.1\"}]"));
        chosen.addAll(published(name, "80/tcp"));
      }
      assertThat(chosen)
          .containsExactlyInAnyOrder("127.0.0.1 40000", "127.0.0.1 40002", "127.0.0.1 40003");
      ApiClient.Answer answer =
          scene.start("e4", bindings("80/tcp", "[{\"HostIp\":\"127.0.0.1\"}]"));
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.message()).matches(".*(all ports are|port is already) allocated.*");
      scene.stop("e2");
      assertThat(scene.start("e4").status()).isEqualTo(204);
    } finally {
      scene.host(
          "echo "
              + range
              + " > /proc/sys/net/ipv4/ip_local_port_range;"
              + " echo > /proc/sys/net/ipv4/ip_local_reserved_ports");
    }
  }

  @Test
  @DisplayName(
      "a range of ports takes no process more than no port, and each port leads to its own")
  void noProcess() {
    scene.running("idle", "");
    List<String> children = children();
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "many",
            "-p",
            "9200-9299:9300-9399",
            "busybox",
            "sh",
            "-c",
            "for p in 9300 9399; do mkdir -p /w$p; echo page $p > /w$p/index.html; done;"
                + " httpd -p 9300 -h /w9300; exec httpd -f -p 9399 -h /w9399")
        .ok();
    Eventually.equal("page 9300", () -> scene.fetchOnHost("127.0.0.1:9200"));
    Eventually.equal("page 9399", () -> scene.fetchOnHost("127.0.0.1:9299"));
    Eventually.equal("page 9399", () -> scene.fetchOnHost("[::1]:9299"));
    assertThat(children()).as("a monitor more").hasSize(children.size() + 1).containsOnly("conmon");
  }

  /** The names of the engine's own child processes. */
  private static List<String> children() {
    return scene.host("ps -o comm= --ppid " + scene.engine().enginePid()).lines();
  }

  @ParameterizedTest(name = "HostIp {0} is bound as {1} (net-161)")
  @CsvSource({"0.0.0.0, 0.0.0.0", "::, ::", "::1, ::1", "127.0.0.1, 127.0.0.1"})
  void oneAddress(String asked, String bound) {
    scene.running(
        "aa", bindings("80/tcp", "[{\"HostIp\":\"" + asked + "\",\"HostPort\":\"8080\"}]"));
    assertThat(published("aa", "80/tcp")).containsExactly(bound + " 8080");
  }

  @ParameterizedTest(name = "host port [{0}] is no port (net-163)")
  @CsvSource({"notaport", "70000", "80-70", "-1", "80x"})
  void noPort(String text) {
    ApiClient.Answer answer =
        scene.createContainer("aa", bindings("80/tcp", "[{\"HostPort\":\"" + text + "\"}]"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).isEqualTo("invalid port specification: \"" + text + "\"");
  }

  @Test
  @DisplayName("a range is published one to one (net-165)")
  void range() {
    scene
        .docker("run", "-d", "--name", "aa", "-p", "9100-9102:80-82", "busybox", "sleep", "1000")
        .ok();
    for (int i = 0; i < 3; i++) {
      assertThat(published("aa", (80 + i) + "/tcp"))
          .containsExactly("0.0.0.0 " + (9100 + i), ":: " + (9100 + i));
    }
    scene
        .docker("run", "-d", "--name", "bb", "-p", "9101-9110:80", "busybox", "sleep", "1000")
        .ok();
    assertThat(published("bb", "80/tcp")).containsExactly("0.0.0.0 9103", ":: 9103");
  }

  @Test
  @DisplayName("SCTP needs a kernel that has it (net-169)")
  void sctp() {
    ApiClient.Answer answer =
        scene.start(
            "aa",
            "\"ExposedPorts\":{\"80/sctp\":{}},"
                + "\"HostConfig\":{\"PortBindings\":{\"80/sctp\":[{\"HostPort\":\"9132\"}]}}");
    // The attempt has made the kernel load the protocol where it has it.
    if (scene.host("grep -q '^SCTP' /proc/net/protocols").exitCode() == 0) {
      assertThat(answer.status()).isEqualTo(204);
    } else {
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.message())
          .contains(
              "error starting userland proxy: failed to listen on 0.0.0.0:9132: protocol not"
                  + " supported")
          .endsWith("(the kernel lacks CONFIG_IP_SCTP)");
    }
  }

  @Test
  @DisplayName("the ports of a stopped container are free at once (net-171)")
  void stopped() {
    for (int i = 0; i < 5; i++) {
      scene.server("web" + i, "-p", "8080:80");
      scene.readsOnHost("page of web" + i, "127.0.0.1:8080");
      scene.stop("web" + i);
      assertThat(ports("web" + i).toString()).isEqualTo("{}");
      assertThat(scene.docker("port", "web" + i).text()).isEmpty();
      assertThat(scene.fetchOnHost("127.0.0.1:8080")).isEmpty();
    }
  }

  @Test
  @DisplayName("an internal network publishes nothing (net-175)")
  void internal() {
    scene.network("inside", "\"Internal\":true");
    scene.running(
        "aa",
        WEB
            + "\"HostConfig\":{\"NetworkMode\":\"inside\","
            + "\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"8080\"}]}}");
    assertThat(published("aa", "80/tcp")).isEmpty();
    scene.running("bb", bindings("80/tcp", "[{\"HostPort\":\"8080\"}]"));
  }

  @Test
  @DisplayName("a port is held again after a crash of the engine")
  void heldAfterCrash() {
    scene.server("web", "-p", "8080:80", "-p", "127.0.0.1:8081:80", "-p", "[::1]:8082:80");
    scene.engine().killEngine();
    scene.engine().startEngine();
    scene.readsOnHost("page of web", "127.0.0.1:8080");
    scene.readsOnHost("page of web", "127.0.0.1:8081");
    Command.Result other = scene.docker("run", "-d", "-p", "8080:80", "busybox", "true");
    assertThat(other.exitCode()).isEqualTo(125);
    assertThat(other.errors()).contains("Bind for 0.0.0.0:8080 failed: port is already allocated");
    for (int port : List.of(8080, 8081, 8082)) {
      assertThat(scene.host("timeout 1 busybox nc -l -p " + port + " 2>&1").text())
          .as("port %d", port)
          .contains("in use");
    }
    scene.stop("web");
    scene.server("next", "-p", "8080:80");
  }
}
