package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.it.ComposeDesk.Project;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One project from its first start to its end, with Docker Compose 2's commands on the way. */
@Tag("blackbox")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeLifeTest {
  private static final String COMPOSE = "TOKEN=sesame SITE=here docker compose ";

  private static ComposeDesk desk;
  private static Project project;

  @BeforeAll
  static void start() {
    desk = ComposeDesk.open();
    project =
        desk.project("life").file("site.conf", "server {}\n").file("password.txt", "secret\n");
  }

  @AfterAll
  static void stop() {
    desk.close();
  }

  private static String compose(String words) {
    return project.does(COMPOSE + words);
  }

  private static String in(String service, String line) {
    return project.in(service, line).ok().line();
  }

  @Test
  @Order(1)
  @DisplayName("up waits for health and for a service that must end well, and leaves profiles out")
  void up() {
    Command.Result up = project.types(COMPOSE + "up -d").ok();
    assertThat(up.errors())
        .containsPattern("life-db-1 +Healthy")
        .containsPattern("life-migrate-1 +Exited");
    assertThat(in("web", "cat /state/migrated")).isEqualTo("done");
    assertThat(project.container("db").path("State").path("Health").path("Status").asText())
        .isEqualTo("healthy");
    assertThat(
            compose("ps --format '{{.Service}}' | sort").lines())
        .containsExactly("db", "web", "worker", "worker");
    project.file(".env", "TOKEN=sesame\nSITE=here\n");
    project.upAgainChangesNothing();
  }

  @Test
  @Order(2)
  @DisplayName("secrets and configurations from files, from the environment and in line")
  void secrets() {
    assertThat(in("db", "cat /run/secrets/db_password")).isEqualTo("secret");
    assertThat(in("db", "cat /run/secrets/api_token; stat -c %a /run/secrets/api_token"))
        .isEqualTo("sesame400");
    assertThat(in("web", "cat /etc/site.conf /etc/motd")).isEqualTo("server {}\nwelcome to here");
  }

  @Test
  @Order(3)
  @DisplayName("limits, options and mounts have arrived in the container")
  void options() {
    JsonNode web = project.container("web");
    assertThat(web.path("HostConfig").path("Memory").asLong()).isEqualTo(64 << 20);
    assertThat(web.path("HostConfig").path("NanoCpus").asLong()).isEqualTo(500_000_000);
    assertThat(web.path("HostConfig").path("PidsLimit").asLong()).isEqualTo(50);
    assertThat(web.path("HostConfig").path("RestartPolicy").path("Name").asText())
        .isEqualTo("unless-stopped");
    assertThat(in("web", "hostname; id -g; ulimit -n; grep -c upstream /etc/hosts"))
        .isEqualTo("web-host\n33\n1000\n1");
    assertThat(in("web", "grep -c '^tmpfs /scratch tmpfs.*size=1024k' /proc/mounts"))
        .isEqualTo("1");
    assertThat(in("web", "grep -c ' /run/cache tmpfs' /proc/mounts")).isEqualTo("1");
    assertThat(in("worker", "wget -q -O - http://localhost:5432")).startsWith("postgres on ");
  }

  @Test
  @Order(4)
  @DisplayName("logs of all services, followed and by their last lines")
  void logs() {
    Eventually.holds(
        "both workers tick",
        () ->
            project
                .lists("docker compose logs --no-color --tail 5")
                .containsAll(List.of("worker-1  | tick", "worker-2  | tick")));
    assertThat(compose("logs --no-log-prefix migrate")).startsWith("migrated ");
    assertThat(project.lists("timeout 5 docker compose logs --no-color -f worker | head -n 8"))
        .hasSize(8)
        .allMatch(line -> line.matches("worker-[12]  \\| tick"));
    assertThat(compose("logs --timestamps --tail 1 db")).matches("db-1 +\\| 20\\d\\d-.*");
  }

  @Test
  @Order(5)
  @DisplayName("exec, run, cp, top, port, images, ls, stats, events and ps as data")
  void commands() {
    assertThat(compose("exec -T --index 2 worker sh -c 'echo in; exit 0'")).isEqualTo("in");
    assertThat(project.types(COMPOSE + "exec -T web sh -c 'exit 7'").exitCode()).isEqualTo(7);
    assertThat(compose("run --rm -T --no-deps migrate echo once").lines()).contains("once");
    assertThat(project.types(COMPOSE + "run --rm -T --no-deps debug sh -c 'exit 3'").exitCode())
        .isEqualTo(3);
    compose("cp site.conf web:/tmp/copied; docker compose cp web:/tmp/copied back.conf");
    assertThat(project.does("cat back.conf")).isEqualTo("server {}");
    assertThat(compose("top db")).contains("httpd");
    assertThat(compose("port web 80")).startsWith("127.0.0.1:");
    assertThat(compose("images --format json")).contains("\"ContainerName\":\"life-db-1\"");
    assertThat(compose("ls --format json")).contains("\"Name\":\"life\"", "running(4)");
    assertThat(compose("stats --no-stream --format '{{.Name}}'").lines()).contains("life-web-1");
    assertThat(compose("ps --format json db")).contains("\"Health\":\"healthy\"");
    assertThat(compose("ps -a --status exited --format '{{.Name}} {{.ExitCode}}'"))
        .isEqualTo("life-migrate-1 0");
    assertThat(compose("config --hash web")).startsWith("web ");
  }

  @Test
  @Order(6)
  @DisplayName("events of the project, while services are paused, killed and started")
  void events() {
    String lines =
        """
        docker compose events --json > events & reader=$!
        until grep -q '"pause"' events; do docker compose pause web; docker compose unpause web; done
        docker compose kill -s KILL worker; docker compose start worker
        until grep -q '"start"' events; do sleep 0.1; done
        kill $reader; cat events
        """;
    assertThat(project.lists(lines))
        .anyMatch(line -> line.contains("\"action\":\"pause\"") && line.contains("life-web-1"))
        .anyMatch(line -> line.contains("\"action\":\"die\"") && line.contains("life-worker"))
        .anyMatch(line -> line.contains("\"action\":\"start\"") && line.contains("\"worker\""));
  }

  @Test
  @Order(7)
  @DisplayName("scale up and down; a changed option makes one service anew and no other")
  void change() {
    compose("up -d --scale worker=3");
    assertThat(project.lists("docker compose ps -q worker")).hasSize(3);
    compose("scale worker=1");
    assertThat(project.lists("docker compose ps -aq worker")).hasSize(1);
    String db = compose("ps -q db");
    String web = compose("ps -q web");
    project.does("sed -i 's/tier: front/tier: edge/; s/scale: 2/scale: 1/' compose.yaml");
    compose("up -d");
    assertThat(compose("ps -q db")).isEqualTo(db);
    assertThat(compose("ps -q web")).isNotEqualTo(web);
    assertThat(in("web", "cat /etc/motd")).isEqualTo("welcome to here");
    compose("up -d --force-recreate --no-deps web");
    assertThat(compose("ps -q web")).isNotEqualTo(web);
  }

  @Test
  @Order(8)
  @DisplayName("stop, start and restart")
  void stopAndStart() {
    compose("stop web worker");
    assertThat(compose("ps -a --status exited --services | sort").lines())
        .contains("web", "worker");
    compose("start web worker");
    compose("restart -t 0 web");
    assertThat(compose("ps --status running --services")).contains("web");
  }

  @Test
  @Order(9)
  @DisplayName("in the foreground, output comes with the name of its service until one ends")
  void foreground() {
    Project foreground =
        desk.empty("foreground")
            .file(
                "compose.yaml",
                """
                services:
                  talker: {image: alpine, command: sh -c 'echo from talker; sleep 60', init: true}
                  ender: {image: alpine, command: sh -c 'sleep 2; echo bye; exit 4'}
                """);
    Command.Result up =
        foreground.types("docker compose up --exit-code-from ender --no-color --timeout 1");
    assertThat(up.exitCode()).as(up.errors()).isEqualTo(4);
    assertThat(up.text()).contains("talker-1  | from talker", "ender-1   | bye");
    foreground.does("docker compose down");
  }

  @Test
  @Order(10)
  @DisplayName("down takes orphans and volumes along; the program works by itself too")
  void down() {
    project.does("docker compose --profile debug run -d --name stray debug sleep 100");
    project.does("sed -i '/^  worker:/,/stop_signal/d' compose.yaml");
    String program = ComposeDesk.Program.PATH.toString();
    assertThat(project.types(program + " version --short").line()).startsWith("2.");
    project.does(program + " down --volumes --remove-orphans --timeout 1");
    assertThat(
            Stream.of("ps -aq", "network ls -q --filter type=custom", "volume ls -q")
                .flatMap(words -> project.lists("docker " + words).stream()))
        .isEmpty();
  }
}
