package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** system df: what images share, what containers and volumes take. */
@Tag("blackbox")
class DiskUsageTest {
  private static final int MANY = 1000;

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

  private static JsonNode usage(String query) throws IOException {
    ApiClient.Answer answer = stage.api().get("/v1.51/system/df" + query);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return new JsonMapper().readTree(answer.text());
  }

  private static JsonNode named(JsonNode list, String member, String name) {
    for (JsonNode one : list) {
      if (one.path(member).toString().contains(name)) {
        return one;
      }
    }
    throw new AssertionError(name + " is not in " + list);
  }

  @Test
  void countsLayersOnce() throws IOException {
    stage
        .docker(
            "run",
            "--name",
            "maker",
            "busybox",
            "dd",
            "if=/dev/zero",
            "of=/x",
            "bs=1000",
            "count=7")
        .ok();
    stage.docker("commit", "maker", "upper:1").ok();
    stage.docker("tag", "upper:1", "upper:2").ok();
    JsonNode usage = usage("");
    JsonNode base = named(usage.path("Images"), "RepoTags", "busybox");
    JsonNode upper = named(usage.path("Images"), "RepoTags", "upper:1");

    assertThat(upper.path("Size").asLong()).isEqualTo(base.path("Size").asLong() + 7000);
    assertThat(upper.path("SharedSize").asLong()).isEqualTo(base.path("Size").asLong());
    assertThat(base.path("SharedSize").asLong()).isEqualTo(base.path("Size").asLong());
    assertThat(usage.path("LayersSize").asLong()).isEqualTo(upper.path("Size").asLong());
    assertThat(base.path("Containers").asInt()).isEqualTo(1);
    assertThat(upper.path("Containers").asInt()).isZero();
    JsonNode container = named(usage.path("Containers"), "Names", "maker");
    assertThat(container.path("SizeRw").asLong()).isEqualTo(7000);
    assertThat(container.path("SizeRootFs").asLong()).isEqualTo(upper.path("Size").asLong());
    assertThat(usage.path("BuildCache").isArray()).isTrue();
    List<String> rows = stage.docker("system", "df", "-v").ok().lines();
    assertThat(rows).anyMatch(row -> row.matches("upper +1 .* 7kB +0"));
    stage.docker("rmi", "-f", "upper:1", "upper:2").ok();
  }

  @Test
  void countsVolumesAndWhoUsesThem() throws IOException {
    stage.docker("volume", "create", "free").ok();
    stage.docker("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "elsewhere").ok();
    stage.keep("user", "-v", "used:/data");
    stage.exec("user", "dd if=/dev/zero of=/data/x bs=1000 count=3; ln /data/x /data/y").ok();
    JsonNode volumes = usage("?type=volume").path("Volumes");
    JsonNode used = named(volumes, "Name", "used").path("UsageData");
    assertThat(used.path("Size").asLong()).isEqualTo(3000);
    assertThat(used.path("RefCount").asInt()).isEqualTo(1);
    assertThat(named(volumes, "Name", "free").path("UsageData").path("RefCount").asInt()).isZero();
    assertThat(volumes.toString()).doesNotContain("elsewhere");
    assertThat(usage("?type=volume").path("Images").isNull()).isTrue();
    assertThat(stage.docker("system", "df").ok().lines())
        .anyMatch(row -> row.matches("Local Volumes +2 +1 +3kB +0B \\(0%\\)"));
  }

  @Test
  void refusesWhatIsNoType() {
    ApiClient.Answer answer = stage.api().get("/v1.51/system/df?type=nonsense");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).isEqualTo("unknown object type: nonsense");
  }

  @Test
  void isQuickWithManyVolumesAndForSeveralClients() throws IOException {
    ApiClient api = stage.api();
    for (int i = 0; i < MANY; i++) {
      assertThat(api.post("/v1.51/volumes/create", "{\"Name\":\"many-" + i + "\"}").status())
          .isEqualTo(201);
    }
    usage("");
    List<CompletableFuture<JsonNode>> clients =
        IntStream.range(0, 4).mapToObj(_ -> CompletableFuture.supplyAsync(this::volumes)).toList();
    clients.forEach(client -> assertThat(client.join()).hasSize(MANY));
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long begin = System.nanoTime();
      assertThat(usage("").path("Volumes")).hasSize(MANY);
      best = Math.min(best, System.nanoTime() - begin);
    }
    System.out.println("system df with " + MANY + " volumes: " + best / 1_000_000 + " ms");
    assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofSeconds(2));
    assertThat(stage.docker("volume", "prune", "-a", "-f").ok().text())
        .contains("many-0", "many-" + (MANY - 1));
  }

  private JsonNode volumes() {
    try {
      return usage("?type=volume").path("Volumes");
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
