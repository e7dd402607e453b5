package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Volumes as the API makes, shows, finds, removes and prunes them. */
@Tag("blackbox")
class VolumeApiTest {
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

  private static ApiClient.Answer create(String body) {
    return stage.api().post("/v1.51/volumes/create", body);
  }

  private static ApiClient.Answer list(String filters) {
    return stage.api().get("/v1.51/volumes?filters=" + encoded(filters));
  }

  private static ApiClient.Answer prune(String filters) {
    return stage.api().post("/v1.51/volumes/prune?filters=" + encoded(filters), "");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String names(ApiClient.Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return String.join(
        " ", answer.json().path("Volumes").findValuesAsText("Name").stream().sorted().toList());
  }

  private static void refused(ApiClient.Answer answer, int status, String message) {
    assertThat(answer.status() + " " + answer.message()).isEqualTo(status + " " + message);
  }

  @Test
  void answersWithWhatWasGiven() {
    ApiClient.Answer answer =
        create("{\"Name\":\"v1\",\"Labels\":{\"a\":\"1\"},\"DriverOpts\":{}}");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().path("Labels").toString()).isEqualTo("{\"a\":\"1\"}");
    assertThat(answer.json().path("Options").toString()).isEqualTo("{}");
    ApiClient.Answer bare = create("{\"Name\":\"v2\"}");
    assertThat(bare.json().path("Labels").isNull()).as(bare.text()).isTrue();
    assertThat(bare.json().path("Options").isNull()).as(bare.text()).isTrue();
    assertThat(bare.json().path("CreatedAt").asText()).matches("\\d{4}-..-..T..:..:..(Z|[+-].*)");
    assertThat(stage.api().get("/v1.51/volumes/v2").text()).isEqualTo(bare.text());
  }

  @Test
  void returnsTheVolumeThatExists() {
    create("{\"Name\":\"v1\",\"Labels\":{\"a\":\"1\"}}");
    ApiClient.Answer again = create("{\"Name\":\"v1\",\"Labels\":{\"b\":\"2\"}}");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.json().path("Labels").toString()).isEqualTo("{\"a\":\"1\"}");
  }

  @Test
  void namesAnonymousVolumesItself() {
    ApiClient.Answer answer = create("{}");
    assertThat(answer.json().path("Name").asText()).matches("[0-9a-f]{64}");
    assertThat(answer.json().path("Labels").toString())
        .isEqualTo("{\"com.docker.volume.anonymous\":\"\"}");
  }

  @Test
  void refusesBadNames() {
    for (String name : new String[] {"bad/name", "-bad", "sp ace", "..", "x"}) {
      refused(
          create("{\"Name\":\"" + name + "\"}"),
          400,
          "create "
              + name
              + (name.length() == 1
                  ? ": volume name is too short, names should be at least two alphanumeric"
                      + " characters"
                  : ": \""
                      + name
                      + "\" includes invalid characters for a local volume name, only"
                      + " \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host"
                      + " directory, use absolute path"));
    }
    assertThat(names(stage.api().get("/v1.51/volumes"))).isEmpty();
  }

  @Test
  void refusesBadOptionsAndBodies() {
    refused(
        create("{\"Name\":\"vx\",\"DriverOpts\":{\"foo\":\"bar\"}}"),
        400,
        "create vx: invalid option: \"foo\"");
    refused(
        create("notjson"),
        400,
        "invalid JSON: invalid character 'o' in literal null (expecting 'u')");
    refused(
        create("{\"Name\":\"vd\",\"Driver\":\"nosuch\"}"),
        404,
        "create vd: error looking up volume plugin nosuch: plugin \"nosuch\" not found");
    assertThat(names(stage.api().get("/v1.51/volumes"))).isEmpty();
  }

  @Test
  void refusesAQuotaWhereTheFileSystemHasNone() {
    ApiClient.Answer answer = create("{\"Name\":\"vs\",\"DriverOpts\":{\"size\":\"10M\"}}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message())
        .startsWith("create vs: quota size requested but no quota support: ")
        .contains("prjquota");
  }

  @Test
  void listsWithNullWarnings() {
    create("{\"Name\":\"v1\"}");
    ApiClient.Answer answer = stage.api().get("/v1.51/volumes");
    assertThat(answer.json().path("Volumes").isArray()).isTrue();
    assertThat(answer.json().has("Warnings")).isTrue();
    assertThat(answer.json().path("Warnings").isNull()).isTrue();
  }

  @Test
  void filtersByName() {
    create("{\"Name\":\"alpha\"}");
    create("{\"Name\":\"alphabet\"}");
    create("{\"Name\":\"beta\"}");
    assertThat(names(list("{\"name\":[\"pha\"]}"))).isEqualTo("alpha alphabet");
    assertThat(names(list("{\"name\":[\"^b\"]}"))).isEqualTo("beta");
    assertThat(names(list("{\"name\":[\"alpha$\",\"be.a\"]}"))).isEqualTo("alpha beta");
  }

  @Test
  void filtersByUse() {
    create("{\"Name\":\"free\"}");
    stage.docker("create", "--volume", "used:/u", "busybox").ok();
    for (String yes : new String[] {"true", "1"}) {
      assertThat(names(list("{\"dangling\":[\"" + yes + "\"]}"))).isEqualTo("free");
    }
    for (String no : new String[] {"false", "0"}) {
      assertThat(names(list("{\"dangling\":[\"" + no + "\"]}"))).isEqualTo("used");
    }
    refused(list("{\"dangling\":[\"x\"]}"), 400, "invalid filter 'dangling=[x]'");
  }

  @Test
  void filtersByLabelAndDriver() {
    create("{\"Name\":\"v1\",\"Labels\":{\"a\":\"1\"}}");
    create("{\"Name\":\"v2\",\"Labels\":{\"a\":\"2\"}}");
    create("{\"Name\":\"v3\"}");
    assertThat(names(list("{\"label\":[\"a\"]}"))).isEqualTo("v1 v2");
    assertThat(names(list("{\"label\":[\"a=2\"]}"))).isEqualTo("v2");
    assertThat(names(list("{\"driver\":[\"local\"]}"))).isEqualTo("v1 v2 v3");
    assertThat(names(list("{\"driver\":[\"other\"]}"))).isEmpty();
  }

  @Test
  void refusesUnknownFilters() {
    refused(list("{\"label!\":[\"a\"]}"), 400, "invalid filter 'label!'");
    refused(list("{\"bad\":[\"x\"]}"), 400, "invalid filter 'bad'");
  }

  @Test
  void removes() {
    refused(stage.api().delete("/v1.51/volumes/nosuch"), 404, "get nosuch: no such volume");
    assertThat(stage.api().delete("/v1.51/volumes/nosuch?force=1").status()).isEqualTo(204);
    create("{\"Name\":\"f2\"}");
    create("{\"Name\":\"v1\"}");
    Command.Result result = stage.docker("volume", "rm", "f2", "nosuch", "v1");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.lines()).containsExactly("f2", "v1");
    assertThat(result.errors()).contains("get nosuch: no such volume");
  }

  @Test
  void prunesAnonymousOnesUnlessAllAreMeant() {
    create("{\"Name\":\"named\"}");
    String anonymous = create("{}").json().path("Name").asText();
    ApiClient.Answer first = prune("{}");
    assertThat(first.json().path("VolumesDeleted").toString()).isEqualTo("[\"" + anonymous + "\"]");
    refused(
        prune("{\"all\":[\"x\"]}"),
        400,
        "invalid filter 'all': strconv.ParseBool: parsing \"x\": invalid syntax");
    assertThat(prune("{\"all\":[\"1\"]}").text()).contains("\"named\"");
    create("{\"Name\":\"named\"}");
    assertThat(prune("{\"all\":[\"true\"]}").text()).contains("\"named\"");
  }

  @Test
  void pruneTellsWhatItReclaimed() {
    stage.run("head -c 100000 /dev/zero > /d/f", "-v", "sized:/d").ok();
    assertThat(prune("{\"all\":[\"1\"]}").json().path("SpaceReclaimed").asLong())
        .isGreaterThanOrEqualTo(100_000);
  }

  @Test
  void neverPrunesVolumesWithOptions() {
    create("{\"Name\":\"elsewhere\",\"DriverOpts\":{\"type\":\"tmpfs\",\"device\":\"tmpfs\"}}");
    create("{\"Name\":\"plain\"}");
    assertThat(prune("{\"all\":[\"1\"]}").json().path("VolumesDeleted").toString())
        .isEqualTo("[\"plain\"]");
    assertThat(names(stage.api().get("/v1.51/volumes"))).isEqualTo("elsewhere");
  }

  @Test
  void anonymousVolumesOfContainers() {
    stage.docker("create", "--name", "cc", "-v", "/x", "-v", "name:/y", "busybox").ok();
    var mounts = stage.api().get("/v1.51/containers/cc/json").json().path("Mounts");
    for (var mount : mounts) {
      boolean anonymous = mount.path("Destination").asText().equals("/x");
      assertThat(mount.path("Type").asText()).isEqualTo("volume");
      assertThat(mount.path("Driver").asText()).isEqualTo("local");
      assertThat(mount.path("RW").asBoolean()).isTrue();
      assertThat(mount.path("Propagation").asText()).isEmpty();
      assertThat(mount.path("Mode").asText()).isEqualTo(anonymous ? "" : "z");
      assertThat(mount.path("Name").asText()).matches(anonymous ? "[0-9a-f]{64}" : "name");
    }
    assertThat(mounts).hasSize(2);
    assertThat(names(list("{\"label\":[\"com.docker.volume.anonymous\"]}"))).hasSize(64);
  }

  @Test
  void removalSparesWhatOthersUse() {
    stage.docker("create", "--name", "first", "-v", "/x", "busybox").ok();
    stage.docker("create", "--name", "second", "--volumes-from", "first", "busybox").ok();
    String name = names(stage.api().get("/v1.51/volumes"));
    stage.docker("rm", "-v", "first").ok();
    assertThat(names(stage.api().get("/v1.51/volumes"))).isEqualTo(name);
    stage.docker("rm", "-v", "second").ok();
    assertThat(names(stage.api().get("/v1.51/volumes"))).isEmpty();
  }
}
