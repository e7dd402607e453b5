package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which networks a list, a reference, a removal and a prune mean. */
@Tag("blackbox")
class NetworkListTest extends SceneTest {
  private static ApiClient.Answer list(String filters) {
    return scene.get("/networks?filters=" + Scene.encoded(filters));
  }

  private static List<String> names(String filters) {
    ApiClient.Answer answer = list(filters);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().isArray()).isTrue();
    List<String> names = new ArrayList<>();
    for (JsonNode network : answer.json()) {
      names.add(network.path("Name").asText());
    }
    return names;
  }

  private static List<String> words(String text) {
    return text == null ? List.of() : List.of(text.split(" "));
  }

  @ParameterizedTest(name = "name={0} finds {1} (net-057)")
  @CsvSource({"f-web, f-web f-web2", "^f-web$, f-web", "web$, f-web", "f-w.b2, f-web2", "[, "})
  void byName(String expression, String found) {
    scene.network("f-web", "");
    scene.network("f-web2", "");
    assertThat(names("{\"name\":[\"" + expression + "\"]}"))
        .containsExactlyInAnyOrderElementsOf(words(found));
  }

  @ParameterizedTest(name = "label={0} finds {1} (net-059)")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"env\"                      | l1 l2 l3",
        "\"env=prod\"                 | l1 l2",
        "\"env=prod\",\"tier=web\"    | l1",
        "\"env=prod\",\"env=dev\"     |",
        "\"nothing\"                  |"
      })
  void byLabel(String labels, String found) {
    scene.network("l1", "\"Labels\":{\"env\":\"prod\",\"tier\":\"web\"}");
    scene.network("l2", "\"Labels\":{\"env\":\"prod\"}");
    scene.network("l3", "\"Labels\":{\"env\":\"dev\"}");
    assertThat(names("{\"label\":[" + labels + "]}"))
        .containsExactlyInAnyOrderElementsOf(words(found));
  }

  @ParameterizedTest(name = "{0} finds {1} (net-061, net-063)")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":[\"builtin\"]}             | bridge host none",
        "{\"type\":[\"custom\"]}              | mine",
        "{\"type\":[\"builtin\",\"custom\"]}  | bridge host none mine",
        "{\"scope\":[\"local\"]}              | bridge host none mine",
        "{\"scope\":[\"swarm\"]}              |",
        "{\"scope\":[\"bad\"]}                |",
        "{\"driver\":[\"null\"]}              | none",
        "{\"dangling\":[\"true\"]}            | mine",
        "{\"dangling\":[\"0\"]}               | bridge host none",
        "{\"name\":{\"mine\":true}}           | mine"
      })
  void byKind(String filters, String found) {
    scene.network("mine", "");
    assertThat(names(filters)).containsExactlyInAnyOrderElementsOf(words(found));
  }

  @Test
  @DisplayName("dangling wants a truth value (net-065)")
  void danglingValue() {
    refuses(
        list("{\"dangling\":[\"x\"]}"),
        400,
        "invalid value for filter 'dangling', must be \"true\" (or \"1\"), or \"false\" (or"
            + " \"0\")");
  }

  @ParameterizedTest(name = "{0} is no filter (net-067)")
  @ValueSource(strings = {"nojson", "{\"name\":\"f\"}", "[]", "{\"name\":{\"f\":1}}"})
  void malformedFilters(String filters) {
    refuses(list(filters), 400, "invalid filter");
  }

  @Test
  @DisplayName("an id is found by any part of it, and several conditions must all hold")
  void byId() {
    String id = scene.network("mine", "\"Labels\":{\"a\":\"1\"}");
    scene.network("other", "\"Labels\":{\"a\":\"1\"}");
    assertThat(names("{\"id\":[\"" + id + "\"]}")).containsExactly("mine");
    assertThat(names("{\"id\":[\"" + id.substring(0, 20) + "\"]}")).containsExactly("mine");
    assertThat(names("{\"id\":[\"" + id.substring(30) + "\"]}")).containsExactly("mine");
    assertThat(names("{\"label\":[\"a\"],\"driver\":[\"bridge\"],\"name\":[\"mi\",\"zz\"]}"))
        .containsExactly("mine");
    assertThat(names("{\"label\":[\"a\"],\"driver\":[\"macvlan\",\"null\"]}")).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"dangling\":[\"true\",\"1\"]} | 400 | got more than one value for filter key \"dangling\"",
        "{\"type\":[\"mine\"]} | 500 | invalid filter: 'type'='mine'",
        "{\"label!\":[\"a\"]} | 400 | invalid filter 'label!'"
      })
  void unusableFilters(String filters, int status, String message) {
    refuses(list(filters), status, message);
  }

  @Test
  @DisplayName("the beginning of an id must be that of one network")
  void ambiguous() {
    for (int i = 0; i < 14; i++) {
      scene.network("cfg" + i, "\"ConfigOnly\":true");
    }
    List<String> ids = new ArrayList<>();
    scene.get("/networks").json().forEach(network -> ids.add(network.path("Id").asText()));
    String digit =
        "0123456789abcdef"
            .chars()
            .mapToObj(Character::toString)
            .filter(first -> ids.stream().filter(id -> id.startsWith(first)).count() > 1)
            .findFirst()
            .orElseThrow();
    long count = ids.stream().filter(id -> id.startsWith(digit)).count();
    String reason =
        "network %s is ambiguous (%d matches found based on ID prefix)".formatted(digit, count);
    refuses(scene.get("/networks/" + digit), 400, reason);
    refuses(scene.delete("/networks/" + digit), 400, reason);
    scene.running("aa", "");
    refuses(scene.connect(digit, "aa", ""), 400, reason);
    assertThat(scene.network(digit, "\"ConfigOnly\":true"))
        .isEqualTo(scene.inspect(digit).path("Id").asText());
  }

  @Test
  @DisplayName("a filter nobody knows is refused by name")
  void unknownFilter() {
    refuses(list("{\"colour\":[\"red\"]}"), 400, "invalid filter 'colour'");
  }

  @Test
  @DisplayName("the list is also at /networks/ (net-069)")
  void trailingSlash() {
    ApiClient.Answer answer = scene.get("/networks/");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json()).hasSize(3);
  }

  @Test
  @DisplayName("a name wins over the beginning of an id (net-071)")
  void nameBeforeId() {
    String first = scene.network("first", "");
    assertThat(scene.inspect(first.substring(0, 6)).path("Name").asText()).isEqualTo("first");
    String second = scene.network(first.substring(0, 6), "");
    assertThat(scene.inspect(first.substring(0, 6)).path("Id").asText()).isEqualTo(second);
    assertThat(scene.inspect(first).path("Name").asText()).isEqualTo("first");
  }

  @Test
  @DisplayName("verbose wants a truth value (net-073)")
  void verboseValue() {
    refuses(
        scene.get("/networks/bridge?verbose=notbool"),
        400,
        "invalid value for verbose: notbool: strconv.ParseBool: parsing \"notbool\": invalid"
            + " syntax");
    assertThat(scene.get("/networks/bridge?verbose=true").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("what is not there cannot be removed, nor what is always there (net-075)")
  void removeRefused() {
    refuses(scene.delete("/networks/nosuch"), 404, "network nosuch not found");
    refuses(
        scene.delete("/networks/bridge"),
        403,
        "bridge is a pre-defined network and cannot be removed");
  }

  @Test
  @DisplayName("containers that do not run do not hold a network (net-077)")
  void removeUnderStopped() {
    String id = scene.network("gone", "");
    scene.on("gone", "ran");
    ApiClient.Answer inUse = scene.delete("/networks/gone");
    assertThat(inUse.status()).isEqualTo(403);
    String endpoint = scene.endpoint("ran", "gone").path("EndpointID").asText();
    assertThat(inUse.message())
        .contains("network gone has active endpoints")
        .contains("name:\"ran\" id:\"" + endpoint.substring(0, 12) + "\"");
    scene.stop("ran");
    assertThat(scene.createContainer("never", Scene.mode("gone")).status()).isEqualTo(201);
    assertThat(scene.delete("/networks/gone").status()).isEqualTo(204);
    refuses(
        scene.start("ran"),
        404,
        "failed to set up container networking: network " + id + " not found");
    refuses(
        scene.start("never"), 404, "failed to set up container networking: network gone not found");
  }

  @Test
  @DisplayName("prune takes custom networks that nothing runs on (net-079)")
  void prune() {
    scene.network("p1", "");
    scene.network("p2", "");
    scene.network("p3", "");
    scene.network("cfg", "\"ConfigOnly\":true");
    scene.on("p1", "runs");
    scene.on("p3", "stopped");
    scene.stop("stopped");
    ApiClient.Answer answer = scene.post("/networks/prune", "");
    assertThat(answer.status()).isEqualTo(200);
    List<String> deleted = new ArrayList<>();
    answer.json().path("NetworksDeleted").forEach(name -> deleted.add(name.asText()));
    assertThat(deleted).containsExactlyInAnyOrder("p2", "p3");
    assertThat(names("{\"type\":[\"custom\"]}")).containsExactlyInAnyOrder("p1", "cfg");
    assertThat(scene.post("/networks/prune", "").json().path("NetworksDeleted").isNull()).isTrue();
  }

  @ParameterizedTest(name = "prune filter {0} keeps {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"label\":[\"keep\"]}     | b",
        "{\"label!\":[\"keep\"]}    | a",
        "{\"until\":[\"1h\"]}       | a b",
        "{\"until\":[\"2100-01-01\"]} |"
      })
  void pruneFilters(String filters, String kept) {
    scene.network("a", "\"Labels\":{\"keep\":\"1\"}");
    scene.network("b", "");
    ApiClient.Answer answer = scene.post("/networks/prune?filters=" + Scene.encoded(filters), "");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(names("{\"type\":[\"custom\"]}")).containsExactlyInAnyOrderElementsOf(words(kept));
  }

  @Test
  @DisplayName("prune takes one point in time")
  void pruneUntil() {
    refuses(
        scene.post("/networks/prune?filters=" + Scene.encoded("{\"until\":[\"1h\",\"2h\"]}"), ""),
        400,
        "more than one until filter specified");
    refuses(
        scene.post("/networks/prune?filters=" + Scene.encoded("{\"until\":[\"soon\"]}"), ""),
        400,
        "failed to parse value as time or duration: \"soon\"");
  }

  @Test
  @DisplayName("prune does not select by name (net-081)")
  void pruneByName() {
    refuses(
        scene.post("/networks/prune?filters=" + Scene.encoded("{\"name\":[\"x\"]}"), ""),
        400,
        "invalid filter 'name'");
  }
}
