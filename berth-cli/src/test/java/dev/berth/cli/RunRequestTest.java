package dev.berth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RunRequestTest {
  private static JsonNode request(String... words) {
    RunCommands.Run run = new RunCommands.Run();
    CommandLine line = new CommandLine(run);
    line.setStopAtPositional(true);
    line.parseArgs(words);
    return run.request().config();
  }

  @Test
  void everythingBehindTheImageBelongsToTheContainer() {
    JsonNode body = request("--rm", "-it", "busybox", "sh", "-c", "echo --rm");
    assertThat(body.path("Image").asText()).isEqualTo("busybox");
    assertThat(body.path("Cmd").toString()).isEqualTo("[\"sh\",\"-c\",\"echo --rm\"]");
    assertThat(body.path("Tty").asBoolean()).isTrue();
    assertThat(body.path("OpenStdin").asBoolean()).isTrue();
    assertThat(body.path("HostConfig").path("AutoRemove").asBoolean()).isTrue();
  }

  @Test
  void readsLimits() {
    JsonNode host =
        request("-m", "64m", "--cpus", "1.5", "--ulimit", "nofile=10:20", "--pids-limit", "9", "x")
            .path("HostConfig");
    assertThat(host.path("Memory").asLong()).isEqualTo(64L << 20);
    assertThat(host.path("NanoCpus").asLong()).isEqualTo(1_500_000_000L);
    assertThat(host.path("PidsLimit").asInt()).isEqualTo(9);
    assertThat(host.path("Ulimits").toString())
        .isEqualTo("[{\"Name\":\"nofile\",\"Soft\":10,\"Hard\":20}]");
  }

  @Test
  void readsMounts() {
    JsonNode body =
        request(
            "-v",
            "data:/d:ro",
            "-v",
            "/anonymous",
            "--tmpfs",
            "/t:size=1m",
            "--mount",
            "type=bind,src=/srv,dst=/m,readonly,bind-propagation=rslave",
            "x");
    JsonNode host = body.path("HostConfig");
    assertThat(host.path("Binds").toString()).isEqualTo("[\"data:/d:ro\"]");
    assertThat(body.path("Volumes").toString()).isEqualTo("{\"/anonymous\":{}}");
    assertThat(host.path("Tmpfs").toString()).isEqualTo("{\"/t\":\"size=1m\"}");
    assertThat(host.path("Mounts").toString())
        .isEqualTo(
            "[{\"Type\":\"bind\",\"Source\":\"/srv\",\"Target\":\"/m\",\"ReadOnly\":true,"
                + "\"BindOptions\":{\"Propagation\":\"rslave\"}}]");
  }

  @Test
  void namesTheMountFieldItDoesNotKnow() {
    assertThatThrownBy(() -> request("--mount", "type=bind,colour=red", "x"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("unexpected key 'colour' in 'colour=red'");
  }

  @Test
  void readsNetworks() {
    JsonNode body =
        request(
            "--network",
            "front",
            "--network-alias",
            "web",
            "--network",
            "name=back,ip=10.0.0.9",
            "x");
    assertThat(body.path("HostConfig").path("NetworkMode").asText()).isEqualTo("front");
    assertThat(body.path("NetworkingConfig").path("EndpointsConfig").toString())
        .isEqualTo(
            "{\"front\":{\"Aliases\":[\"web\"]},"
                + "\"back\":{\"IPAMConfig\":{\"IPv4Address\":\"10.0.0.9\"}}}");
  }

  @Test
  void readsPorts() {
    JsonNode body =
        request("-p", "127.0.0.1:8000-8001:80-81/udp", "-p", "90", "--expose", "70", "x");
    assertThat(body.path("HostConfig").path("PortBindings").toString())
        .isEqualTo(
            "{\"80/udp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"8000\"}],"
                + "\"81/udp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"8001\"}],"
                + "\"90/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"\"}]}");
    assertThat(body.path("ExposedPorts").has("70/tcp")).isTrue();
  }
}
