package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that must be refused by name and reason, and leave nothing. */
@Tag("blackbox")
class BadInputTest {
  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start().withBusybox();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  private static ApiClient.Answer create(String json) {
    return engine.api().post("/v1.51/containers/create", json);
  }

  private static void assertNothingMade() {
    assertThat(engine.api().get("/containers/json?all=1").text().strip()).isEqualTo("[]");
  }

  @Test
  void malformedJson() {
    ApiClient.Answer answer = engine.api().post("/networks/create", "notjson");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message())
        .isEqualTo("invalid JSON: invalid character 'o' in literal null (expecting 'u')");
    assertThat(create("{").status()).isEqualTo(400);
    assertThat(create("").status()).isEqualTo(400);
    assertThat(create("{\"Image\": 5}").status()).isEqualTo(400);
    assertThat(create("{\"Image\": 5}").message()).contains("Image");
    assertNothingMade();
  }

  @Test
  void bodiesOverTheLimit() {
    byte[] big = ("{\"Image\":\"" + "x".repeat(8 << 20) + "\"}").getBytes(StandardCharsets.UTF_8);
    ApiClient.Answer answer =
        engine
            .api()
            .call("POST", "/containers/create", Map.of("Content-Type", "application/json"), big);
    assertThat(answer.status()).isIn(400, 413);
    assertNothingMade();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"Image":"nosuch"} | 404 | No such image: nosuch:latest
          {"Image":"busybox","HostConfig":{"Memory":1000}} | 400 | Minimum memory limit allowed is 6MB
          {"Image":"busybox","HostConfig":{"NetworkMode":"container:x","Dns":["1.1.1.1"]}} | 400 | conflicting options: dns and the network mode
          {"Image":"busybox","HostConfig":{"Binds":["/srv:rel"]}} | 400 | invalid mount path: 'rel' mount path must be absolute
          {"Image":"busybox","HostConfig":{"RestartPolicy":{"Name":"sometimes"}}} | 400 | invalid restart policy
          {"Image":"busybox","HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"notaport"}]}},"ExposedPorts":{"80/tcp":{}}} | 400 | invalid port specification: "notaport"
          {"Image":"busybox","StopSignal":"NOSUCH"} | 400 | NOSUCH
          {"Image":"busybox","HostConfig":{"LogConfig":{"Type":"splunk"}}} | 400 | splunk
          """)
  void badContainers(String json, int status, String reason) {
    ApiClient.Answer answer = create(json);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.message()).contains(reason);
    assertNothingMade();
  }

  @Test
  void badNames() {
    ApiClient.Answer answer =
        engine.api().post("/containers/create?name=a", "{\"Image\":\"busybox\"}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message())
        .isEqualTo("Invalid container name (a), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    assertThat(engine.api().get("/containers/..%2f..%2fetc/json").status()).isIn(400, 404);
    assertThat(engine.api().get("/nosuch").status()).isEqualTo(404);
    assertThat(engine.api().get("/nosuch").message()).isEqualTo("page not found");
    assertNothingMade();
  }

  @Test
  void aFailedStartLeavesNothing() {
    Command.Result started =
        engine.docker("run", "--name", "half", "-v", "made:/etc/passwd/x", "busybox").run();
    assertThat(started.exitCode()).isNotZero();
    engine.docker("rm", "half").run().ok();
    engine.docker("volume", "rm", "-f", "made").run();
    assertThat(engine.onHost("cat", "/proc/self/mountinfo").run().text()).doesNotContain("merged");
    assertThat(Leftovers.cgroups(engine.cgroupParent())).isEmpty();
    assertThat(
            engine
                .onHost("sh", "-c", "ls " + engine.execRoot() + "/netns 2>/dev/null | wc -l")
                .run()
                .line())
        .isIn("0", "1");
  }
}
