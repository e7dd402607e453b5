package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.it.ComposeDesk.Project;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The Compose files of guides that are about networks and ports, by Docker Compose 2. */
@Tag("blackbox")
class ComposeNetworksTest {
  private static ComposeDesk desk;

  @BeforeAll
  static void start() {
    desk = ComposeDesk.open();
  }

  @AfterAll
  static void stop() {
    desk.close();
  }

  @AfterEach
  void clear() {
    desk.clear();
  }

  private static String fetch(Project project, String service, String authority) {
    return project.in(service, "timeout 3 wget -q -O - http://" + authority).line();
  }

  private static JsonNode networks(Project project, String service) {
    return project.container(service).path("NetworkSettings").path("Networks");
  }

  @Test
  @DisplayName("without a word about networks, services find each other by name on one of their own")
  void defaultNetwork() {
    Project project = desk.project("default-network");
    project.does("docker compose up -d");
    assertThat(project.lists("docker network ls --filter driver=bridge --format '{{.Name}}'"))
        .contains("default-network_default");
    Eventually.holds(
        "web is reached by its name", () -> fetch(project, "app", "web").startsWith("nginx on "));
    Eventually.holds(
        "db is reached by its name",
        () -> fetch(project, "app", "db:5432").startsWith("postgres on "));
    Eventually.holds(
        "web is reached on the host",
        () ->
            project
                .types("timeout 3 busybox wget -q -O - http://localhost:8080")
                .line()
                .startsWith("nginx on "));
    assertThat(project.does("docker compose port web 80")).isEqualTo("0.0.0.0:8080");
    project.upAgainChangesNothing();
    project.does("docker compose down");
    assertThat(project.lists("docker ps -aq; docker network ls -q --filter type=custom")).isEmpty();
  }

  @Test
  @DisplayName("a web server on two networks, behind it an internal one")
  void customNetworks() {
    Project project = desk.project("custom-networks");
    project.does("docker compose up -d");
    assertThat(networks(project, "web").size()).isEqualTo(2);
    assertThat(project.lists("docker network inspect custom-networks_backend -f '{{.Internal}}'"))
        .containsExactly("true");
    Eventually.holds(
        "the database is reached", () -> fetch(project, "app", "db:5432").contains("postgres"));
    assertThat(project.in("app", "ip route").text()).doesNotContain("default");
    assertThat(project.in("web", "ip route").text()).contains("default");
    project.upAgainChangesNothing();
    project.does("docker compose down");
  }

  @Test
  @DisplayName("a subnet, a fixed address, aliases, and options of the bridge")
  void advancedNetwork() {
    Project project = desk.project("advanced-network");
    project.does("docker compose up -d");
    JsonNode endpoint = networks(project, "app").path("advanced-network_app_net");
    assertThat(endpoint.path("IPAddress").asText()).isEqualTo("172.20.0.100");
    assertThat(endpoint.path("Gateway").asText()).isEqualTo("172.20.0.1");
    assertThat(project.in("db", "ping -c 1 -W 3 app-server").text()).contains("172.20.0.100");
    assertThat(project.in("db", "ping -c 1 -W 3 api").text()).contains("172.20.0.100");
    assertThat(project.in("app", "cat /sys/class/net/eth0/mtu").line()).isEqualTo("1450");
    assertThat(project.types("ip link show br_app").exitCode()).isZero();
    project.upAgainChangesNothing();
    project.does("docker compose restart -t 0 app");
    assertThat(networks(project, "app").path("advanced-network_app_net").path("IPAddress").asText())
        .isEqualTo("172.20.0.100");
    project.does("docker compose down");
    assertThat(project.types("ip link show br_app").exitCode()).isNotZero();
  }

  @Test
  @DisplayName("a network from outside must be there, and stays")
  void externalNetwork() {
    Project project = desk.project("external-network");
    assertThat(project.types("docker compose up -d").errors())
        .contains("network my_pre_existing_network declared as external, but could not be found");
    project.does("docker network create my_pre_existing_network");
    project.does("docker compose up -d");
    assertThat(networks(project, "app").has("my_pre_existing_network")).isTrue();
    project.upAgainChangesNothing();
    project.does("docker compose down");
    assertThat(project.lists("docker network ls --format '{{.Name}}'"))
        .contains("my_pre_existing_network");
  }

  @Test
  @DisplayName("labels of a service on a network from outside")
  void serviceMesh() {
    Project project = desk.project("service-mesh");
    project.does("docker network create service_mesh; docker compose up -d");
    assertThat(project.lists("docker ps --filter label=mesh.enabled=true --format '{{.Names}}'"))
        .containsExactly("service-mesh-app-1");
    project.does("docker compose down");
  }

  @Test
  @DisplayName("three networks for one service, each with its address")
  void threeNetworks() {
    Project project = desk.project("three-networks");
    project.does("docker compose up -d");
    assertThat(
            project.lists(
                "docker inspect three-networks-web-1 --format='{{range $k, $v :="
                    + " .NetworkSettings.Networks}}{{$k}} {{end}}'"))
        .containsExactly(
            "three-networks_backend three-networks_frontend three-networks_monitoring ");
    assertThat(project.in("web", "ip -4 -o addr show | grep -c eth").line()).isEqualTo("3");
    project.upAgainChangesNothing();
    project.does("docker compose down");
  }

  @Test
  @DisplayName("ports in the short and the long form, ranges, and on one address")
  void ports() {
    Project project = desk.project("ports");
    project.does("sed -i '/Long syntax/,$d' compose.yaml; docker compose up -d");
    assertThat(project.does("docker compose port web 443")).isEqualTo("127.0.0.1:8443");
    assertThat(project.does("docker compose port web 9003")).isEqualTo("0.0.0.0:9003");
    Eventually.holds(
        "the short form is reached",
        () -> project.types("busybox wget -q -O - http://localhost:8080").exitCode() == 0);
    project.upAgainChangesNothing();
    project.does("docker compose down");
    desk.project("ports").does("sed -i '/Short syntax/,/range/d' compose.yaml");
    project.does("docker compose up -d");
    assertThat(project.does("docker compose port web 80")).isEqualTo("0.0.0.0:8080");
    project.does("docker compose down");
  }

  @Test
  @DisplayName("tiers with a subnet of their own and an internal one")
  void tiers() {
    Project project = desk.project("tiers-by-network");
    project.does("docker compose up -d");
    assertThat(
            networks(project, "web").path("tiers-by-network_frontend").path("IPAddress").asText())
        .startsWith("172.20.0.");
    Eventually.holds(
        "the API reaches the database",
        () -> fetch(project, "api", "db:5432").startsWith("postgres on "));
    assertThat(
            project
                .container("api")
                .path("Config")
                .path("Labels")
                .path("com.docker.compose.depends_on")
                .asText())
        .isEqualTo("db:service_started:false");
    project.upAgainChangesNothing();
    project.does("docker compose down");
  }

  @Test
  @DisplayName("a pipeline of services that share volumes on an internal network")
  void pipeline() {
    Project project = desk.project("pipeline");
    project.does("docker compose up -d");
    assertThat(project.in("data-processor", "echo cleaned > /output/table").exitCode()).isZero();
    assertThat(project.in("data-processor", "echo no > /input/table").errors())
        .contains("Read-only file system");
    assertThat(project.in("trainer", "cat /data/table; echo model > /models/best").line())
        .isEqualTo("cleaned");
    assertThat(project.in("model-server", "cat /models/best").line()).isEqualTo("model");
    assertThat(networks(project, "model-server").size()).isEqualTo(2);
    project.upAgainChangesNothing();
    project.does("docker compose down -v");
    assertThat(project.lists("docker volume ls -q")).isEmpty();
  }

  @Test
  @DisplayName("three replicas behind one name, a configuration from a file")
  void loadBalancer() {
    Project project = desk.project("load-balancer").file("nginx.conf", "worker_processes 1;\n");
    project.does("docker network create frontend; docker compose up -d");
    assertThat(project.lists("docker compose ps -q app")).hasSize(3);
    assertThat(project.in("nginx", "cat /etc/nginx/nginx.conf").line())
        .isEqualTo("worker_processes 1;");
    assertThat(
            project
                .in("nginx", "nslookup app. 127.0.0.11")
                .text()
                .lines()
                .filter(line -> line.matches("Address.*172\\..*"))
                .distinct())
        .hasSize(3);
    project.upAgainChangesNothing();
    project.does("docker compose up -d --scale app=1 --no-recreate");
    assertThat(project.lists("docker compose ps -aq app")).hasSize(1);
    project.does("docker compose down");
  }

  @Test
  @DisplayName("the project that the README shows")
  void readme() {
    Project project = desk.empty("readme").file("compose.yaml", Readme.block("yaml"));
    project.does("docker compose up -d");
    Eventually.equal("hello", () -> project.does("docker compose logs --no-log-prefix reader"));
    assertThat(project.does("busybox wget -q -O - http://localhost:8080")).isEqualTo("hello");
    project.upAgainChangesNothing();
    project.does("docker compose down --volumes");
    assertThat(project.lists("docker volume ls -q; docker ps -aq")).isEmpty();
  }

  @Test
  @DisplayName("a network driver that is not here is named, and nothing is left")
  void unknownDriver() {
    Project project =
        desk.empty("mesh")
            .file(
                "compose.yaml",
                "services: {app: {image: nginx, networks: [mesh]}}\n"
                    + "networks: {mesh: {driver: weave}}\n");
    assertThat(project.types("docker compose up -d").errors())
        .contains("plugin \"weave\" not found");
    assertThat(project.lists("docker ps -aq; docker network ls -q --filter type=custom")).isEmpty();
  }
}
