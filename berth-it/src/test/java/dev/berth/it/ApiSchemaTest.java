package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Answers of a real engine against the published description of the Engine API. */
@Tag("blackbox")
class ApiSchemaTest {
  private static final String VERSION = "/v1.50";

  private static OpenApiSchemas schemas;
  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    Optional<OpenApiSchemas> found = OpenApiSchemas.find("v1.50");
    assumeTrue(found.isPresent(), "the description of the Engine API is not on this machine");
    schemas = found.get();
    engine = EngineUnderTest.start().withBusybox();
    engine.docker("network", "create", "--label", "a=b", "described").run().ok();
    engine.docker("volume", "create", "described").run().ok();
    engine
        .docker(
            "run",
            "-d",
            "--name",
            "described",
            "--network",
            "described",
            "-p",
            "8080:80",
            "-v",
            "described:/data",
            "--tmpfs",
            "/t",
            "--memory",
            "64m",
            "--ulimit",
            "nofile=64",
            "--health-cmd",
            "true",
            "busybox",
            "sleep",
            "600")
        .run()
        .ok();
    engine.docker("create", "--name", "neverrun", "busybox", "true").run().ok();
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  private static String get(String path) {
    ApiClient.Answer answer = engine.api().get(VERSION + path);
    assertThat(answer.status()).as("%s: %s", path, answer.text()).isEqualTo(200);
    return answer.text();
  }

  private static String post(String path, String body, int status) {
    ApiClient.Answer answer = engine.api().post(VERSION + path, body);
    assertThat(answer.status()).as("%s: %s", path, answer.text()).isEqualTo(status);
    return answer.text();
  }

  @Test
  void theEngineItself() {
    schemas.assertValid("SystemVersion", get("/version"));
    schemas.assertValid("SystemInfo", get("/info"));
  }

  @Test
  void containers() throws JsonProcessingException {
    schemas.assertEachValid("ContainerSummary", get("/containers/json?all=1&size=1"));
    schemas.assertValid("ContainerInspectResponse", get("/containers/described/json?size=1"));
    schemas.assertValid("ContainerInspectResponse", get("/containers/neverrun/json"));
    schemas.assertValid("ContainerTopResponse", get("/containers/described/top"));
    schemas.assertValid("ContainerStatsResponse", get("/containers/described/stats?stream=0"));
    schemas.assertValid("ContainerStatsResponse", get("/containers/neverrun/stats?stream=0"));
    schemas.assertEachValid("FilesystemChange", get("/containers/described/changes"));
  }

  @Test
  void whatChangesContainers() {
    String created = post("/containers/create?name=brief", "{\"Image\":\"busybox\"}", 201);
    schemas.assertValid("ContainerCreateResponse", created);
    schemas.assertValid(
        "ContainerUpdateResponse", post("/containers/brief/update", "{\"Memory\":67108864}", 200));
    post("/containers/brief/start", "", 204);
    schemas.assertValid("ContainerWaitResponse", post("/containers/brief/wait", "", 200));
    String exec = post("/containers/described/exec", "{\"Cmd\":[\"true\"]}", 201);
    schemas.assertValid("IDResponse", exec);
    assertThat(engine.api().delete(VERSION + "/containers/brief").status()).isEqualTo(204);
  }

  @Test
  void images() throws JsonProcessingException {
    schemas.assertEachValid("ImageSummary", get("/images/json?shared-size=1"));
    schemas.assertValid("ImageInspect", get("/images/busybox/json"));
  }

  @Test
  void networks() throws JsonProcessingException {
    schemas.assertEachValid("Network", get("/networks"));
    for (String network : new String[] {"described", "bridge", "host", "none"}) {
      schemas.assertValid("Network", get("/networks/" + network));
    }
    schemas.assertValid(
        "NetworkCreateResponse", post("/networks/create", "{\"Name\":\"second\"}", 201));
  }

  @Test
  void volumes() {
    schemas.assertValid("VolumeListResponse", get("/volumes"));
    schemas.assertValid("Volume", get("/volumes/described"));
    schemas.assertValid("Volume", post("/volumes/create", "{}", 201));
  }

  @Test
  void refusals() {
    for (String path :
        new String[] {"/nosuch", "/containers/nosuch/json", "/networks/nosuch", "/swarm"}) {
      ApiClient.Answer answer = engine.api().get(VERSION + path);
      assertThat(answer.status()).isIn(404, 503);
      schemas.assertValid("ErrorResponse", answer.text());
      assertThat(answer.message()).isNotEmpty();
    }
  }
}
