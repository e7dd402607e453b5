package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** File systems in memory. */
@Tag("blackbox")
class TmpfsTest {
  private static VolumeStage stage;

  @BeforeAll
  static void start() {
    stage = VolumeStage.open();
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @AfterEach
  void clear() {
    stage.clear();
  }

  @Test
  void optionsOfTheShortForm() {
    assertThat(
            stage
                .run(
                    "grep ' /t ' /proc/mounts; stat -c '%a %u' /t",
                    "--tmpfs", "/t:size=1m,mode=1777,uid=5,noexec")
                .ok()
                .text())
        .contains("size=1024k")
        .contains("uid=5")
        .contains("noexec")
        .contains("nosuid")
        .contains("nodev")
        .contains("1777 5");
    assertThat(stage.run("grep ' /t ' /proc/mounts", "--tmpfs", "/t:exec").ok().line())
        .doesNotContain("noexec");
    assertThat(stage.run("grep ' /t ' /proc/mounts", "--tmpfs", "/t").ok().line())
        .contains("noexec");
  }

  @Test
  void optionsOfTheLongForm() {
    String line =
        "grep ' /t ' /proc/mounts; stat -c %a /t; head -c 100000 /dev/zero > /t/f || stat -c full-%s /t/f";
    ApiClient.Answer created =
        stage
            .api()
            .post(
                "/v1.51/containers/create?name=tt",
                "{\"Image\":\"busybox\",\"Cmd\":[\"sh\",\"-c\",\""
                    + line
                    + "\"],\"HostConfig\":{\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/t\","
                    + "\"TmpfsOptions\":{\"SizeBytes\":65536,\"Mode\":448}}]}}");
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    Command.Result result = stage.docker("start", "--attach", "tt");
    assertThat(result.text())
        .contains("size=64k")
        .contains("\n700\n")
        .as("more does not fit")
        .contains("full-65536");
  }

  @Test
  void contentIsGoneAfterARestart() {
    stage.keep("tt", "--tmpfs", "/a", "--mount", "type=tmpfs,dst=/b");
    stage.exec("tt", "touch /a/f /b/f").ok();
    stage.docker("restart", "--time", "0", "tt").ok();
    assertThat(stage.exec("tt", "ls /a /b | grep -c f").line()).isEqualTo("0");
  }

  @Test
  void readOnlyRootWithWritablePlaces() {
    assertThat(
            stage
                .run(
                    "touch /x; echo 1 > /t/f; echo 2 > /v/f; cat /t/f /v/f",
                    "--read-only",
                    "--tmpfs",
                    "/t",
                    "-v",
                    "vv:/v")
                .lines())
        .containsExactly("1", "2");
  }

  @Test
  void refusesBadOptions() {
    assertThat(stage.create("\"Tmpfs\":{\"rel\":\"\"}").message())
        .isEqualTo("invalid mount path: 'rel' mount path must be absolute");
    Command.Result result = stage.run("true", "--tmpfs", "/t:nonsense");
    assertThat(result.exitCode()).isEqualTo(125);
    assertThat(result.errors()).contains("nonsense");
  }
}
