package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the engine tells about volumes, and how much they take. */
@Tag("blackbox")
class VolumeEventsTest {
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

  private static List<JsonNode> events(Instant since) throws IOException {
    Instant until = Instant.now();
    String answer =
        stage
            .api()
            .get(
                "/v1.51/events?since="
                    + VolumeStage.seconds(since)
                    + "&until="
                    + VolumeStage.seconds(until)
                    + "&filters=%7B%22type%22%3A%5B%22volume%22%5D%7D")
            .text();
    List<JsonNode> events = new ArrayList<>();
    for (String line : answer.lines().toList()) {
      events.add(new JsonMapper().readTree(line));
    }
    return events;
  }

  private static String shown(JsonNode event) {
    JsonNode attributes = event.path("Actor").path("Attributes");
    List<String> words = new ArrayList<>();
    attributes
        .properties()
        .forEach(entry -> words.add(entry.getKey() + "=" + entry.getValue().asText()));
    words.sort(null);
    return event.path("Action").asText()
        + " "
        + event.path("Actor").path("ID").asText()
        + " "
        + String.join(",", words);
  }

  @Test
  void tellsTheWholeLife() throws IOException {
    Instant since = Instant.now();
    stage.docker("volume", "create", "told").ok();
    String id = stage.docker("create", "-v", "told:/d:nocopy,ro", "busybox", "true").ok().line();
    stage.docker("start", "--attach", id).ok();
    stage.docker("rm", id).ok();
    stage.docker("volume", "rm", "told").ok();
    stage.docker("volume", "prune", "--force", "--all").ok();
    assertThat(events(since).stream().map(VolumeEventsTest::shown))
        .containsExactly(
            "create told driver=local",
            "mount told container="
                + id
                + ",destination=/d,driver=local,propagation=,read/write=false",
            "unmount told container=" + id + ",driver=local",
            "destroy told driver=local",
            "prune  reclaimed=0");
  }

  @Test
  void countsSizesAndReferences() {
    stage.run("head -c 70000 /dev/zero > /d/f", "-v", "sized:/d").ok();
    stage.docker("volume", "create", "empty").ok();
    stage.docker("create", "-v", "sized:/d", "busybox").ok();
    stage.docker("create", "-v", "sized:/d", "busybox").ok();
    JsonNode volumes = stage.api().get("/v1.51/system/df?type=volume").json().path("Volumes");
    for (JsonNode volume : volumes) {
      JsonNode usage = volume.path("UsageData");
      boolean sized = volume.path("Name").asText().equals("sized");
      assertThat(usage.path("RefCount").asInt()).isEqualTo(sized ? 2 : 0);
      assertThat(usage.path("Size").asLong()).isEqualTo(sized ? 70_000 : 0);
    }
    assertThat(volumes).hasSize(2);
    assertThat(stage.docker("system", "df", "--verbose").ok().text())
        .containsPattern("sized +2 +70kB")
        .containsPattern("empty +0 +0B");
    assertThat(stage.docker("system", "df").ok().text())
        .containsPattern("Local Volumes +2 +1 +70kB +0B");
  }

  @Test
  void countsSharedAndUniqueSizesOfImages() {
    stage.image("fat", "head -c 300000 /dev/zero > /fat");
    stage.docker("tag", "busybox", "again").ok();
    JsonNode images = stage.api().get("/v1.51/system/df?type=image").json();
    long sum = 0;
    for (JsonNode image : images.path("Images")) {
      assertThat(image.path("SharedSize").asLong()).isZero();
      sum += image.path("Size").asLong();
    }
    assertThat(images.path("LayersSize").asLong()).isEqualTo(sum);
  }

  @Test
  void countsWhatContainersWrote() {
    stage
        .docker("run", "--name", "wrote", "busybox", "sh", "-c", "head -c 50000 /dev/zero > /f")
        .ok();
    JsonNode containers =
        stage.api().get("/v1.51/system/df?type=container").json().path("Containers");
    assertThat(containers).hasSize(1);
    assertThat(containers.get(0).path("SizeRw").asLong()).isEqualTo(50_000);
    assertThat(containers.get(0).path("SizeRootFs").asLong()).isGreaterThan(50_000);
  }
}
