package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The first chapters of guides: ports, networks, names, aliases, addresses. */
@Tag("blackbox")
class GuideNetworkBasicsTest {
  private static Guide guide;

  @BeforeAll
  static void start() {
    guide = Guide.open();
  }

  @AfterAll
  static void stop() {
    guide.close();
  }

  @AfterEach
  void clear() {
    guide.clear();
  }

  @Test
  @DisplayName("a static web server: -P, its port, its address")
  void webServer() {
    String id = guide.does("docker run -d -P --hostname web nginx");
    String port = guide.does("docker port " + id + " 80 | head -1 | cut -d: -f2");
    assertThat(guide.does("docker ps --format '{{.Ports}}'")).contains(":" + port + "->80/tcp");
    guide.sees("nginx on web", "timeout 3 busybox wget -q -O - http://localhost:" + port);
    assertThat(guide.does("docker inspect --format '{{.Config.ExposedPorts}}' nginx"))
        .isEqualTo("map[80/tcp:{}]");
    String address = guide.does("docker inspect --format '{{ .NetworkSettings.IPAddress }}' " + id);
    guide.gets("busybox ping -c 1 -W 3 " + address);
  }

  @Test
  @DisplayName("port numbers chosen by hand")
  void chosenPorts() {
    guide.does("docker run -d -p 80:80 --hostname one nginx");
    guide.does("docker run -d -p 8000:80 --hostname two nginx");
    guide.does("docker run -d -p 8080:80 -p 8888:80 --hostname three nginx");
    guide.does("docker run -d -p 127.0.0.1:8443:80 --name local nginx");
    guide.does("docker run -d -p 7000-7010:7000-7010 --name app nginx");
    guide.sees("nginx on one", "timeout 3 busybox wget -q -O - http://localhost:80");
    guide.sees("nginx on two", "timeout 3 busybox wget -q -O - http://localhost:8000");
    guide.sees("nginx on three", "timeout 3 busybox wget -q -O - http://localhost:8080");
    guide.sees("nginx on three", "timeout 3 busybox wget -q -O - http://localhost:8888");
    assertThat(guide.lists("docker port local")).containsExactly("80/tcp -> 127.0.0.1:8443");
    assertThat(guide.lists("docker port app")).contains("7007/tcp -> 0.0.0.0:7007");
    assertThat(
            guide.does(
                "docker inspect --format='{{range $p, $conf := .NetworkSettings.Ports}}{{$p}} ->"
                    + " {{(index $conf 0).HostPort}}{{end}}' local"))
        .isEqualTo("80/tcp -> 8443");
  }

  @Test
  @DisplayName("a network called dev, and names on it")
  void devNetwork() {
    String id = guide.does("docker network create dev");
    assertThat(guide.lists("docker network ls --format '{{.ID}} {{.Name}} {{.Driver}}'"))
        .contains(id.substring(0, 12) + " dev bridge")
        .anyMatch(line -> line.endsWith(" bridge bridge"))
        .anyMatch(line -> line.endsWith(" host host"))
        .anyMatch(line -> line.endsWith(" none null"));
    guide.does("docker run -d --name es --net dev elasticsearch:2");
    assertThat(guide.does("docker run --rm --net dev alpine ping -c 1 -W 3 es"))
        .contains("1 packets received");
    assertThat(guide.types("docker run --rm alpine ping -c 1 es").errors())
        .contains("ping: bad address 'es'");
    String address =
        guide.does("docker inspect -f '{{.NetworkSettings.Networks.dev.IPAddress}}' es");
    assertThat(guide.works("docker run --rm alpine ping -c 1 -W 1 " + address)).isFalse();
  }

  @Test
  @DisplayName("a web server that finds its data store by name, then by an alias")
  void serviceDiscovery() {
    guide.does("docker network create dev");
    guide.does("docker run --net dev -d -P --name wheels nginx");
    String ask = "docker exec wheels timeout 3 wget -q -O - http://redis:6379";
    assertThat(guide.works(ask)).isFalse();
    guide.does("docker run --net dev --name redis --hostname store -d redis");
    guide.sees("redis on store", ask);
    guide.does("docker rm -f redis");
    assertThat(guide.works(ask)).isFalse();
    guide.does("docker run --net dev --net-alias redis --hostname alias -d redis");
    guide.sees("redis on alias", ask);
  }

  @Test
  @DisplayName("an alias on prod that two containers share")
  void sharedAlias() {
    guide.does("docker network create dev; docker network create prod");
    guide.does("docker run -d --name es --hostname es --net dev elasticsearch:2");
    for (int i = 1; i <= 2; i++) {
      guide.does(
          "docker run -d --name prod-es-%d --hostname prod%d --net-alias es --net prod elasticsearch:2"
              .formatted(i, i));
    }
    String both = guide.does("docker run --net prod --rm alpine nslookup es.");
    for (String name : new String[] {"prod-es-1", "prod-es-2"}) {
      assertThat(both)
          .contains(
              guide.does(
                  "docker inspect -f '{{.NetworkSettings.Networks.prod.IPAddress}}' " + name));
    }
    guide.sees(
        "elasticsearch:2 on es",
        "docker run --rm --net dev alpine timeout 3 wget -q -O - http://es:9200");
    Set<String> answers = new HashSet<>();
    Eventually.holds(
        "both answer in turn",
        () -> {
          answers.add(
              guide
                  .types("docker run --rm --net prod alpine timeout 3 wget -q -O - http://es:9200")
                  .line());
          answers.remove("");
          return answers.size() == 2;
        });
    assertThat(answers)
        .containsExactlyInAnyOrder("elasticsearch:2 on prod1", "elasticsearch:2 on prod2");
  }

  @Test
  @DisplayName("reverse lookups tell name and network")
  void reverseLookup() {
    guide.does("docker network create prod");
    guide.does("docker run -d --name hello --net prod alpine");
    String address =
        guide.does("docker inspect -f '{{.NetworkSettings.Networks.prod.IPAddress}}' hello");
    assertThat(guide.does("docker run --rm --net prod alpine nslookup " + address))
        .contains("hello.prod");
  }

  @Test
  @DisplayName("subnets, ranges, gateways and addresses given by hand")
  void addresses() {
    guide.does("docker network create --subnet 10.66.0.0/16 pubnet");
    guide.does("docker run --net pubnet --ip 10.66.66.66 --name fixed -d nginx");
    assertThat(
            guide.does(
                "docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'"
                    + " fixed"))
        .isEqualTo("10.66.66.66");
    guide.does(
        "docker network create --subnet=172.20.0.0/16 --ip-range=172.20.240.0/20"
            + " --gateway=172.20.0.1 restricted_network");
    guide.does("docker run -d --name ranged --network restricted_network nginx");
    assertThat(guide.does("docker exec ranged ip -4 -o addr show eth0"))
        .contains("172.20.240.0/16");
    guide.does(
        "docker network create --driver bridge --subnet 172.25.0.0/16 --ip-range 172.25.5.0/24"
            + " --gateway 172.25.0.1 --opt \"com.docker.network.bridge.name\"=\"br_custom\""
            + " --opt \"com.docker.network.bridge.enable_ip_masquerade\"=\"true\""
            + " --opt \"com.docker.network.bridge.enable_icc\"=\"true\""
            + " --opt \"com.docker.network.driver.mtu\"=\"1500\" custom_bridge");
    assertThat(guide.does("ip -4 -o addr show br_custom")).contains("172.25.0.1/16");
    assertThat(guide.does("docker network inspect --format '{{json .Options}}' custom_bridge"))
        .contains("\"com.docker.network.bridge.enable_icc\":\"true\"");
  }

  @Test
  @DisplayName("listing, inspecting, connecting, disconnecting, removing")
  void networkCommands() {
    guide.does("docker network create my_network");
    guide.does("docker network create --driver bridge --subnet=172.20.0.0/16 my_bridge");
    guide.does("docker run -d --name my_container nginx");
    guide.does("docker run -d --name postgres_container postgres:13-alpine");
    guide.does("docker network connect my_network my_container");
    guide.does("docker network connect --ip 172.20.0.10 my_bridge my_container");
    guide.does("docker network connect --alias db my_network postgres_container");
    assertThat(guide.lists("docker network ls --filter name=my_net --format '{{.Name}}'"))
        .containsExactly("my_network");
    assertThat(
            guide.lists(
                "docker network ls --filter driver=bridge --filter type=custom --format"
                    + " '{{.Name}}'"))
        .containsExactlyInAnyOrder("my_network", "my_bridge");
    assertThat(
            guide.does(
                "docker network inspect --format='{{range .Containers}}{{.Name}} {{end}}'"
                    + " my_network"))
        .contains("my_container")
        .contains("postgres_container");
    guide.gets("docker exec my_container ping -c 1 -W 3 db");
    assertThat(
            guide.does(
                "docker inspect my_container --format='{{range $k, $v :="
                    + " .NetworkSettings.Networks}}{{$k}} {{end}}'"))
        .isEqualTo("bridge my_bridge my_network");
    guide.does("docker network disconnect my_network my_container");
    guide.does("docker network disconnect -f my_bridge my_container");
    assertThat(guide.does("docker exec my_container ls /sys/class/net"))
        .contains("eth0")
        .doesNotContain("eth1");
    assertThat(guide.works("docker network rm my_network")).isFalse();
    guide.does("docker rm -f postgres_container");
    guide.does("docker network create net1; docker network create net2");
    assertThat(guide.lists("docker network rm net1 net2")).containsExactly("net1", "net2");
    assertThat(guide.does("docker network prune -f")).contains("my_network").contains("my_bridge");
    assertThat(guide.types("docker network rm bridge").errors())
        .contains("bridge is a pre-defined network and cannot be removed");
  }
}
