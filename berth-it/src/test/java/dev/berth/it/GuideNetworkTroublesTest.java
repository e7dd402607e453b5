package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The chapters on troubles: what guides let their readers look at, and the cures they give. */
@Tag("blackbox")
class GuideNetworkTroublesTest {
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
  @DisplayName("containers that do not find each other by name get a network of their own")
  void namesOnTheDefaultBridge() {
    guide.does("docker run -d --name container1 --hostname one nginx");
    guide.does("docker run -d --name container2 --hostname two nginx");
    assertThat(guide.works("docker exec container1 ping -c 1 -W 1 container2")).isFalse();
    String address =
        guide.does(
            "docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'"
                + " container2");
    guide.gets("docker exec container1 ping -c 1 -W 3 " + address);
    guide.does("docker network create my_network");
    guide.does("docker network connect my_network container1");
    guide.does("docker network connect my_network container2");
    guide.sees("nginx on two", "docker exec container1 timeout 3 wget -q -O- http://container2:80");
    assertThat(guide.does("docker exec container1 nslookup container2. 127.0.0.11"))
        .contains("Name:");
  }

  @Test
  @DisplayName("what a container's network looks like from inside")
  void looksInside() {
    guide.does("docker network create my_network");
    guide.does("docker run -d --name other_container --network my_network nginx");
    guide.does("docker run -d --name my_container --network my_network nginx");
    assertThat(guide.does("docker exec my_container ip addr")).contains("eth0").contains("inet ");
    assertThat(guide.does("docker exec my_container ip route")).contains("default via ");
    Eventually.holds(
        "it listens",
        () -> guide.types("docker exec my_container netstat -tln").text().contains(":80 "));
    assertThat(guide.does("docker exec my_container cat /etc/resolv.conf"))
        .contains("nameserver 127.0.0.11");
    assertThat(guide.does("docker exec my_container cat /etc/hosts"))
        .contains("127.0.0.1\tlocalhost");
    guide.gets("docker exec my_container nc -w 3 other_container 80");
    assertThat(guide.works("docker exec my_container nc -w 1 other_container 81")).isFalse();
    assertThat(
            guide.does(
                "docker run --rm --network container:my_container alpine ip -4 -o addr show eth0"))
        .isEqualTo(guide.does("docker exec my_container ip -4 -o addr show eth0"));
    assertThat(guide.does("docker inspect -f '{{json .NetworkSettings.Networks}}' my_container"))
        .contains("\"my_network\":{");
  }

  @Test
  @DisplayName("what the host shows: bridge, rules, namespaces, events")
  void looksAtTheHost() {
    guide.does("docker network create seen");
    guide.does("docker run -d --name container_name --network seen -p 8080:80 nginx");
    assertThat(guide.does("ip addr show docker0")).contains("172.17.0.1/16");
    assertThat(guide.does("ip -o link show type bridge")).contains("br-");
    assertThat(guide.does("iptables -t nat -L -n"))
        .contains("Chain DOCKER")
        .contains("MASQUERADE")
        .contains("dpt:8080");
    assertThat(guide.does("iptables -L -n"))
        .contains("Chain DOCKER-USER")
        .contains("Chain DOCKER-ISOLATION-STAGE-1")
        .contains("Chain DOCKER-ISOLATION-STAGE-2");
    String key =
        guide.does("docker inspect --format='{{.NetworkSettings.SandboxKey}}' container_name");
    assertThat(guide.does("nsenter --net=" + key + " ip -o -4 addr show eth0"))
        .contains("inet 172.");
    assertThat(
            guide.does(
                "docker events --since 1h --until $(date +%s.%N) --filter type=network --format"
                    + " '{{.Action}} {{index .Actor.Attributes \"name\"}}'"))
        .contains("create seen")
        .contains("connect seen");
  }

  @Test
  @DisplayName("rules of the administrator in DOCKER-USER hold, also over a restart of the engine")
  void customRules() {
    guide.does("docker run -d --name web --hostname web -p 8080:80 nginx");
    String web = guide.does("docker inspect -f '{{.NetworkSettings.IPAddress}}' web");
    guide.does("docker network create away; docker run -d --name tester --network away alpine");
    String gateway =
        guide.does("docker network inspect -f '{{(index .IPAM.Config 0).Gateway}}' away");
    guide.sees(
        "nginx on web", "docker exec tester timeout 3 wget -q -O - http://" + gateway + ":8080");
    guide.does("iptables -I DOCKER-USER -d " + web + " -p tcp --dport 80 -j DROP");
    try {
      String ask = "docker exec tester timeout 1 wget -q -O - http://" + gateway + ":8080";
      assertThat(guide.works(ask)).isFalse();
      guide.scene().engine().stopEngine();
      guide.scene().engine().startEngine();
      assertThat(guide.works(ask)).isFalse();
      assertThat(guide.does("iptables -S DOCKER-USER")).contains("-d " + web + "/32");
    } finally {
      guide.types("iptables -D DOCKER-USER -d " + web + " -p tcp --dport 80 -j DROP");
    }
  }

  @Test
  @DisplayName("a port that is not reached: published or not, listening or not, taken or not")
  void portTroubles() {
    guide.does("docker run -d --name quiet -p 8081:81 --hostname quiet nginx");
    guide.does("docker run -d --name hidden nginx");
    assertThat(guide.lists("docker port hidden")).isEmpty();
    assertThat(guide.lists("docker port quiet")).contains("81/tcp -> 0.0.0.0:8081");
    assertThat(guide.works("timeout 2 timeout 3 busybox wget -q -O - http://localhost:8081"))
        .isFalse();
    assertThat(guide.does("docker exec quiet netstat -tln")).doesNotContain(":81 ");
    assertThat(guide.types("docker run -d -p 8081:80 nginx").errors())
        .contains("port is already allocated");
  }
}
