package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the engine tells about networks: events, figures, the namespaces behind containers. */
@Tag("blackbox")
class NetworkEventsTest extends SceneTest {
  private static String seconds(Instant time) {
    return "%d.%09d".formatted(time.getEpochSecond(), time.getNano());
  }

  /** The events since then that a filter lets through. */
  private static List<String> events(Instant since, String filters) throws IOException {
    String query =
        "/v1.51/events?since=%s&until=%s&filters=%s"
            .formatted(seconds(since), seconds(Instant.now()), Scene.encoded(filters));
    List<String> events = new ArrayList<>();
    for (String line : scene.get(query).text().lines().toList()) {
      events.add(shown(new JsonMapper().readTree(line)));
    }
    return events;
  }

  private static String shown(JsonNode event) {
    JsonNode actor = event.path("Actor");
    List<String> attributes = new ArrayList<>();
    actor
        .path("Attributes")
        .properties()
        .forEach(entry -> attributes.add(entry.getKey() + "=" + entry.getValue().asText()));
    attributes.sort(null);
    return String.join(
        " ",
        event.path("Type").asText(),
        event.path("scope").asText(),
        event.path("Action").asText(),
        actor.path("ID").asText(),
        String.join(",", attributes));
  }

  @Test
  @DisplayName("create, connect, disconnect, destroy and prune are told with Docker's attributes")
  void wholeLife() throws IOException {
    Instant since = Instant.now();
    String first = scene.network("told", "");
    String second = scene.network("other", "\"Internal\":true");
    scene.on("told", "aa");
    String aa = scene.container("aa").path("Id").asText();
    scene.connect("other", "aa", "");
    scene.disconnect("other", "aa");
    scene.stop("aa");
    scene.connect("other", "aa", "");
    scene.delete("/containers/aa?force=1");
    scene.docker("network", "rm", "told").ok();
    scene.docker("network", "prune", "--force").ok();
    String told = "network local %s " + first + " %sname=told,type=bridge";
    String other = "network local %s " + second + " %sname=other,type=bridge";
    String container = "container=" + aa + ",";
    assertThat(events(since, "{\"type\":[\"network\"]}"))
        .containsExactly(
            told.formatted("create", ""),
            other.formatted("create", ""),
            told.formatted("connect", container),
            other.formatted("connect", container),
            other.formatted("disconnect", container),
            told.formatted("disconnect", container),
            told.formatted("destroy", ""),
            other.formatted("destroy", ""),
            "network local prune  reclaimed=0");
  }

  @Test
  @DisplayName("a config-only network is told of when it comes, not when it goes")
  void configOnly() throws IOException {
    Instant since = Instant.now();
    String id = scene.network("cfg", "\"ConfigOnly\":true");
    scene.docker("network", "rm", "cfg").ok();
    assertThat(events(since, "{\"type\":[\"network\"]}"))
        .containsExactly("network local create " + id + " name=cfg,type=null");
  }

  @Test
  @DisplayName("events are chosen by the beginning of a network's id or name, and by action")
  void filters() throws IOException {
    Instant since = Instant.now();
    String id = scene.network("web-front", "");
    scene.network("web-back", "");
    scene.network("data", "");
    scene.on("data", "aa");
    assertThat(events(since, "{\"network\":[\"web-\"]}")).hasSize(2);
    assertThat(events(since, "{\"network\":[\"" + id.substring(0, 9) + "\"]}")).hasSize(1);
    assertThat(events(since, "{\"network\":[\"front\"]}")).isEmpty();
    assertThat(events(since, "{\"type\":[\"network\"],\"event\":[\"connect\"]}")).hasSize(1);
    assertThat(
            events(since, "{\"type\":[\"network\"],\"event\":[\"create\"],\"network\":[\"data\"]}"))
        .hasSize(1);
    assertThat(events(since, "{\"container\":[\"aa\"],\"event\":[\"start\"]}")).hasSize(1);
    assertThat(events(since, "{\"type\":[\"network\"],\"container\":[\"aa\"]}")).isEmpty();
    assertThat(events(since, "{\"type\":[\"network\"],\"scope\":[\"swarm\"]}")).isEmpty();
  }

  @Test
  @DisplayName("a Docker client that watches sees them as they happen")
  void watching() throws Exception {
    List<String> command =
        new ArrayList<>(
            scene
                .engine()
                .hostCommand(
                    "timeout",
                    "20",
                    "docker",
                    "--host",
                    scene.engine().host(),
                    "events",
                    "--filter",
                    "type=network",
                    "--format",
                    "{{.Action}} {{index .Actor.Attributes \"name\"}}"));
    Process watcher = new ProcessBuilder(command).start();
    try (var lines = watcher.inputReader()) {
      Eventually.holds(
          "an event arrives",
          () -> {
            scene.docker("network", "create", "seen").ok();
            scene.docker("network", "rm", "seen").ok();
            return ready(lines);
          });
      assertThat(lines.readLine()).matches("(create|destroy) seen");
    } finally {
      watcher.destroyForcibly();
    }
  }

  private static boolean ready(java.io.BufferedReader lines) {
    try {
      return lines.ready();
    } catch (IOException closed) {
      return false;
    }
  }

  @Test
  @DisplayName("inspect counts addresses in use, set apart and left, as Docker's Status does")
  void figures() {
    scene.network(
        "counted",
        "\"EnableIPv6\":true,\"IPAM\":{\"Config\":[{\"Subnet\":\"10.84.0.0/24\","
            + "\"IPRange\":\"10.84.0.128/28\",\"AuxiliaryAddresses\":{\"x\":\"10.84.0.5\"}},"
            + "{\"Subnet\":\"fd00:84::/64\"}]}");
    assertFigures("10.84.0.0/24", 4, "15");
    assertFigures("fd00:84::/64", 2, "18446744073709551614");
    scene.on("counted", "aa");
    assertFigures("10.84.0.0/24", 5, "14");
    assertFigures("fd00:84::/64", 3, "18446744073709551613");
    scene.createContainer(
        "bb",
        Scene.mode("counted")
            + ",\"NetworkingConfig\":{\"EndpointsConfig\":{\"counted\":{\"IPAMConfig\":"
            + "{\"IPv4Address\":\"10.84.0.130\"}}}}");
    assertFigures("10.84.0.0/24", 6, "13");
    scene.clear();
    scene.network("wide", "\"EnableIPv6\":true,\"IPAM\":{\"Config\":[{\"Subnet\":\"fd00::/8\"}]}");
    assertThat(
            scene.inspect("wide").at("/Status/IPAM/Subnets/fd00::~18/DynamicIPsAvailable").asText())
        .isEqualTo("18446744073709551615");
    assertThat(scene.inspect("host").at("/Status/IPAM/Subnets").toString()).isEqualTo("{}");
    assertThat(scene.get("/networks").json())
        .allSatisfy(network -> assertThat(network.has("Status")).isFalse());
    assertThat(scene.engine().berth("network", "inspect", "wide").run().ok().text())
        .contains("\"DynamicIPsAvailable\"");
  }

  private static void assertFigures(String subnet, int inUse, String available) {
    JsonNode figures = scene.inspect("counted").at("/Status/IPAM/Subnets").path(subnet);
    assertThat(figures.path("IPsInUse").asInt()).as(subnet).isEqualTo(inUse);
    assertThat(figures.path("DynamicIPsAvailable").asText()).as(subnet).isEqualTo(available);
  }

  @Test
  @DisplayName("the SandboxKey is a namespace that nsenter enters, also after a restart")
  void sandboxKey() {
    scene.network("u1", "");
    scene.on("u1", "aa");
    for (int life = 0; life < 2; life++) {
      String key = scene.container("aa").at("/NetworkSettings/SandboxKey").asText();
      assertThat(key).isNotEmpty();
      assertThat(scene.host("nsenter --net=" + key + " ip -4 -o addr show eth0").ok().line())
          .contains(scene.address("aa", "u1") + "/16");
      assertThat(scene.host("nsenter --net=" + key + " readlink /proc/self/ns/net").line())
          .isEqualTo(scene.in("aa", "readlink /proc/self/ns/net").line());
      scene.engine().stopEngine();
      scene.engine().startEngine();
    }
    String key = scene.container("aa").at("/NetworkSettings/SandboxKey").asText();
    scene.stop("aa");
    assertThat(scene.host("test -e " + key).exitCode()).isNotZero();
  }

  @Test
  @DisplayName("rm takes several, goes on past what is missing, and --force forgives that")
  void removeSeveral() {
    scene.network("n1", "");
    scene.network("n2", "");
    scene.network("used", "");
    scene.on("used", "aa");
    Command.Result some = scene.docker("network", "rm", "n1", "nosuch", "used", "n2");
    assertThat(some.exitCode()).isEqualTo(1);
    assertThat(some.lines()).containsExactly("n1", "n2");
    assertThat(some.errors())
        .contains("network nosuch not found")
        .contains("network used has active endpoints");
    Command.Result forced = scene.docker("network", "rm", "--force", "nosuch");
    assertThat(forced.exitCode()).isZero();
    assertThat(scene.docker("network", "rm", "--force", "used").exitCode()).isEqualTo(1);
    assertThat(scene.inspect("used").path("Containers")).hasSize(1);
  }

  @Test
  @DisplayName("ps finds containers by network, published and exposed port")
  void containersByNetworkAndPort() {
    String id = scene.network("u1", "");
    scene.network("u2", "");
    scene.server("web", "--network", "u1", "-p", "8061:80", "--expose", "9000/udp");
    scene.running(
        "both", "\"NetworkingConfig\":{\"EndpointsConfig\":{\"u2\":{}}}," + Scene.mode("u2"));
    scene.connect("u1", "both", "");
    scene.server("old", "-p", "8062:80");
    scene.stop("old");
    assertThat(ps("network=u1")).containsExactlyInAnyOrder("web", "both");
    assertThat(ps("network=" + id.substring(0, 10))).containsExactlyInAnyOrder("web", "both");
    assertThat(ps("network=u")).isEmpty();
    assertThat(ps("network=u2")).containsExactly("both");
    assertThat(ps("network=bridge")).containsExactly("old");
    assertThat(ps("publish=8061")).containsExactly("web");
    assertThat(ps("publish=8061/udp")).isEmpty();
    assertThat(ps("publish=8000-8070/tcp")).containsExactly("web");
    assertThat(ps("publish=80")).isEmpty();
    assertThat(ps("expose=80")).containsExactly("web");
    assertThat(ps("expose=9000/udp")).containsExactly("web");
    Command.Result colon = scene.docker("ps", "--all", "--filter", "publish=127.0.0.1:8061");
    assertThat(colon.errors())
        .contains("filter for 'publish' should not contain ':': 127.0.0.1:8061");
    assertThat(scene.docker("ps", "--filter", "publish=web").errors())
        .contains("error while looking up for publish web: strconv.ParseUint: parsing \"web\":");
  }

  private static List<String> ps(String filter) {
    return scene.docker("ps", "--all", "--filter", filter, "--format", "{{.Names}}").ok().lines();
  }

  @Test
  @DisplayName("inspect takes several, by name or id, and says which it did not find")
  void inspectSeveral() {
    String id = scene.network("n1", "");
    scene.network("n2", "");
    Command.Result found =
        scene.docker(
            "network", "inspect", "n2", id.substring(0, 12), "--format", "{{.Name}} {{.Scope}}");
    assertThat(found.ok().lines()).containsExactly("n2 local", "n1 local");
    Command.Result partly = scene.docker("network", "inspect", "n1", "nosuch", "-f", "{{.Name}}");
    assertThat(partly.exitCode()).isEqualTo(1);
    assertThat(partly.lines()).containsExactly("n1");
    assertThat(partly.errors().toLowerCase(Locale.ROOT)).contains("network nosuch not found");
    assertThat(scene.docker("network", "inspect", "--verbose", "n1").exitCode()).isZero();
    assertThat(scene.get("/networks/n1?scope=swarm").status()).isEqualTo(404);
    assertThat(
            StreamSupport.stream(scene.get("/networks").json().spliterator(), false)
                .map(network -> network.path("Containers").size()))
        .containsOnly(0);
  }
}
