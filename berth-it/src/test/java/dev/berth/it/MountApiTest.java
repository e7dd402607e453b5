package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The long form of mounts as requests give it. */
@Tag("blackbox")
class MountApiTest {
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

  private static void refused(ApiClient.Answer answer, String message) {
    assertThat(answer.status() + " " + answer.message()).isEqualTo("400 " + message);
  }

  private static void refused(String mount, String message) {
    refused(stage.mounts("[" + mount + "]"), message);
    assertThat(stage.docker("ps", "-aq").line() + stage.docker("volume", "ls", "-q").line())
        .isEmpty();
  }

  @Test
  void refusesMissingAndRelativeTargets() {
    refused(
        "{\"Type\":\"volume\",\"Source\":\"vv\",\"Target\":\"\"}",
        "invalid mount config for type \"volume\": field Target must not be empty");
    refused(
        "{\"Type\":\"volume\",\"Source\":\"vv\",\"Target\":\"rel\"}",
        "invalid mount config for type \"volume\": invalid mount path: 'rel' mount path must be"
            + " absolute");
    refused(
        "{\"Type\":\"volume\",\"Source\":\"vv\",\"Target\":\"/\"}",
        "invalid mount config for type \"volume\": invalid specification: destination can't be"
            + " '/'");
    refused(
        "{\"Type\":\"odd\",\"Source\":\"vv\",\"Target\":\"/m\"}",
        "invalid mount config for type \"odd\": mount type unknown");
  }

  @Test
  void refusesFieldsOfOtherTypes() {
    refused(
        "{\"Type\":\"tmpfs\",\"Source\":\"xx\",\"Target\":\"/t\"}",
        "invalid mount config for type \"tmpfs\": field Source must not be specified");
    refused(
        "{\"Type\":\"bind\",\"Target\":\"/t\"}",
        "invalid mount config for type \"bind\": field Source must not be empty");
    refused(
        "{\"Type\":\"volume\",\"Source\":\"vv\",\"Target\":\"/t\",\"BindOptions\":{}}",
        "BindOptions must not be specified on mount type \"volume\"");
  }

  @Test
  void refusesSubpathsThatLeaveTheVolume() {
    for (String subpath : new String[] {"../x", "/abs"}) {
      refused(
          "{\"Type\":\"volume\",\"Source\":\"vv\",\"Target\":\"/m\",\"VolumeOptions\":{\"Subpath\":\""
              + subpath
              + "\"}}",
          "invalid mount config for type \"volume\": subpath must be a relative path within the"
              + " volume");
    }
  }

  @Test
  void mountsADirectoryOrAFileOfAVolume() {
    stage.run("mkdir -p /d/a/b && echo x > /d/a/b/f", "-v", "vv:/d").ok();
    assertThat(stage.run("ls /m", "--mount", "src=vv,dst=/m,volume-subpath=a/b").ok().line())
        .isEqualTo("f");
    assertThat(stage.run("cat /m", "--mount", "src=vv,dst=/m,volume-subpath=a/b/f").ok().line())
        .isEqualTo("x");
    assertThat(stage.run("true", "--mount", "src=vv,dst=/m,volume-subpath=a/none").exitCode())
        .isNotZero();
  }

  @Test
  void aSubpathCannotLeaveByALink() {
    stage.run("ln -s / /d/out && ln -s ../../../../../../../etc /d/up", "-v", "vv:/d").ok();
    for (String link : new String[] {"out/etc", "up", "out/root"}) {
      Command.Result result =
          stage.run("ls -A /m", "--mount", "src=vv,dst=/m,volume-subpath=" + link);
      assertThat(result.exitCode()).as(link + ": " + result.text()).isNotZero();
    }
  }

  @Test
  void makesTheVolumeWithLabelsDriverAndOptions() {
    ApiClient.Answer answer =
        stage.mounts(
            "[{\"Type\":\"volume\",\"Source\":\"fresh\",\"Target\":\"/m\",\"VolumeOptions\":{"
                + "\"Labels\":{\"a\":\"1\"},\"DriverConfig\":{\"Name\":\"local\",\"Options\":{"
                + "\"type\":\"tmpfs\",\"device\":\"tmpfs\",\"o\":\"size=1m\"}}}}]");
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    var volume = stage.api().get("/v1.51/volumes/fresh").json();
    assertThat(volume.path("Labels").toString()).isEqualTo("{\"a\":\"1\"}");
    assertThat(volume.path("Driver").asText()).isEqualTo("local");
    assertThat(volume.path("Options").path("o").asText()).isEqualTo("size=1m");
  }

  @Test
  void mountsImagesReadOnly() {
    String mount = "[{\"Type\":\"image\",\"Source\":\"busybox\",\"Target\":\"/image\"}]";
    ApiClient.Answer answer = stage.mounts(mount);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(answer.json().path("Warnings").toString())
        .isEqualTo("[\"Image mount is an experimental feature\"]");
    refused(
        stage
            .api()
            .post(
                "/v1.47/containers/create",
                "{\"Image\":\"busybox\",\"HostConfig\":{\"Mounts\":" + mount + "}}"),
        "Mount type \"Image\" needs API v1.48 or newer");
    assertThat(
            stage
                .run("head -1 /image/etc/passwd", "--mount", "type=image,src=busybox,dst=/image")
                .ok()
                .line())
        .startsWith("root:");
    assertThat(stage.run("touch /image/x", "--mount", "type=image,src=busybox,dst=/image").errors())
        .contains("Read-only file system");
    assertThat(
            stage
                .run(
                    "ls /image",
                    "--mount",
                    "type=image,src=busybox,dst=/image,image-subpath=var/www")
                .exitCode())
        .isZero();
  }

  @Test
  void readsImageMountsOfRunningContainersAfterwards() {
    stage.keep("cc", "--mount", "type=image,src=busybox,dst=/image");
    assertThat(stage.docker("inspect", "--format", "{{json .Mounts}}", "cc").line())
        .contains("\"Type\":\"image\"")
        .contains("\"Destination\":\"/image\"")
        .contains("\"RW\":false");
  }
}
