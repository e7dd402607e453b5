package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The laboratories of guides: applications in tiers, each on the networks it needs. */
@Tag("blackbox")
class GuideNetworkTiersTest {
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
  @DisplayName("load balancer, web server, API and database on three networks")
  void threeTiers() {
    guide.does(
        "docker network create --driver bridge --subnet=172.20.0.0/16 --gateway=172.20.0.1 --opt"
            + " com.docker.network.driver.mtu=1500 frontend-network");
    guide.does(
        "docker network create --driver bridge --subnet=172.21.0.0/16 --gateway=172.21.0.1"
            + " --internal backend-network");
    guide.does(
        "docker network create --driver bridge --subnet=172.22.0.0/16 --gateway=172.22.0.1"
            + " --internal database-network");
    guide.does(
        "docker run -d --name postgres-db --hostname db --network database-network --ip"
            + " 172.22.0.10 -e POSTGRES_DB=app postgres:13-alpine");
    guide.does(
        "docker run -d --name api-server --hostname api --network backend-network --ip 172.21.0.10"
            + " my-api");
    guide.does("docker network connect database-network api-server");
    guide.does(
        "docker run -d --name web-server --hostname web --network frontend-network --ip 172.20.0.10"
            + " -p 8080:80 nginx");
    guide.does("docker network connect backend-network web-server");
    guide.does(
        "docker run -d --name load-balancer --hostname lb --network frontend-network --ip"
            + " 172.20.0.5 -p 80:80 -p 443:443 nginx");

    assertThat(guide.works("docker exec web-server ping -c 1 -W 1 postgres-db")).isFalse();
    assertThat(guide.works("docker exec web-server ping -c 1 -W 1 172.22.0.10")).isFalse();
    guide.gets("docker exec api-server ping -c 1 -W 3 postgres-db");
    guide.sees(
        "postgres:13-alpine on db",
        "docker exec api-server timeout 3 wget -q -O - http://postgres-db:5432");
    guide.sees(
        "my-api on api", "docker exec web-server timeout 3 wget -q -O - http://api-server:3000");
    guide.sees(
        "nginx on web", "docker exec load-balancer timeout 3 wget -q -O - http://web-server");
    guide.sees("nginx on web", "timeout 3 busybox wget -q -O - http://localhost:8080");
    guide.sees("nginx on lb", "timeout 3 busybox wget -q -O - http://localhost");
    assertThat(
            guide.lists(
                "docker network inspect frontend-network backend-network database-network --format"
                    + " '{{.Internal}} {{range .Containers}}{{.Name}} {{end}}'"))
        .satisfiesExactly(
            front -> assertThat(front).startsWith("false").contains("web-server", "load-balancer"),
            back -> assertThat(back).startsWith("true").contains("web-server", "api-server"),
            data -> assertThat(data).startsWith("true").contains("api-server", "postgres-db"));

    guide.does("docker restart -t 0 api-server web-server");
    guide.sees(
        "my-api on api", "docker exec web-server timeout 3 wget -q -O - http://api-server:3000");
    guide.gets("docker exec api-server ping -c 1 -W 3 postgres-db");
    guide.sees("nginx on web", "timeout 3 busybox wget -q -O - http://localhost:8080");
  }

  @Test
  @DisplayName("one web server on two networks at once, the database on one of them")
  void twoNetworksAtRun() {
    guide.does("docker network create frontend; docker network create backend");
    guide.does(
        "docker run -d --name web --network frontend --network backend --cap-drop ALL --cap-add"
            + " NET_BIND_SERVICE nginx");
    guide.does("docker run -d --name db --hostname db --network backend postgres:13-alpine");
    guide.does("docker run -d --name outer --network frontend alpine");
    guide.sees("postgres:13-alpine on db", "docker exec web timeout 3 wget -q -O - http://db:5432");
    assertThat(guide.works("docker exec outer timeout 1 wget -q -O - http://db:5432")).isFalse();
    guide.gets("docker exec outer ping -c 1 -W 3 web");
  }

  @Test
  @DisplayName("internal tiers reach no outside, but each other by alias")
  void internalTiers() {
    guide.does("docker network create --internal dmz-network");
    guide.does("docker network create --internal --subnet 172.30.0.0/16 isolated_net");
    guide.does(
        "docker run -d --name web --hostname web --network dmz-network --network-alias frontend"
            + " nginx");
    guide.does("docker run -d --name peer --network dmz-network alpine");
    guide.sees("nginx on web", "docker exec peer timeout 3 wget -q -O - http://frontend");
    assertThat(guide.types("docker exec peer ping -c 1 -W 1 198.51.100.7").errors())
        .contains("Network is unreachable");
    guide.does("docker run -d --name isolated_app --network isolated_net nginx");
    assertThat(guide.does("docker exec isolated_app ip route")).doesNotContain("default");
    assertThat(guide.works("docker exec peer ping -c 1 -W 1 isolated_app")).isFalse();
  }

  @Test
  @DisplayName("a bridge without communication between its containers")
  void secureNetwork() {
    guide.does(
        "docker network create --driver bridge --subnet=10.1.0.0/16 --opt"
            + " com.docker.network.bridge.enable_icc=false --opt"
            + " com.docker.network.bridge.enable_ip_masquerade=true --opt"
            + " com.docker.network.driver.mtu=1450 secure-network");
    guide.does("docker run -d --name app1 --network secure-network nginx");
    guide.does("docker run -d --name app2 --network secure-network alpine");
    assertThat(guide.does("docker exec app2 cat /sys/class/net/eth0/mtu")).isEqualTo("1450");
    assertThat(guide.works("docker exec app2 timeout 2 wget -q -O - http://app1")).isFalse();
    guide.gets("docker exec app2 ping -c 1 -W 3 10.1.0.1");
    assertThat(
            guide.does(
                "docker network inspect secure-network --format '{{index .Options"
                    + " \"com.docker.network.bridge.enable_icc\"}}'"))
        .isEqualTo("false");
    guide.does(
        "docker network create --internal --opt \"com.docker.network.bridge.enable_icc\"=\"false\""
            + " isolated_net");
    guide.does("docker run -d --name lone1 --network isolated_net nginx");
    guide.does("docker run -d --name lone2 --network isolated_net alpine");
    assertThat(guide.works("docker exec lone2 timeout 2 wget -q -O - http://lone1")).isFalse();
  }

  @Test
  @DisplayName("several instances behind one name, and a sidecar in the namespace of another")
  void instancesAndSidecars() {
    guide.does("docker network create app-net");
    for (int i = 1; i <= 3; i++) {
      guide.does(
          "docker run -d --name api%d --network app-net --network-alias api my-api".formatted(i));
    }
    guide.does("docker run -d --name lb --network app-net -p 80:80 nginx");
    assertThat(
            guide
                .does("docker exec lb nslookup api. 127.0.0.11")
                .lines()
                .filter(line -> line.matches("Address.*172\\..*"))
                .distinct())
        .hasSize(3);
    guide.does("docker run -d --name main-app --hostname main --network app-net my-api");
    guide.does("docker run -d --name app-proxy --network container:main-app alpine");
    guide.sees(
        "my-api on main", "docker exec app-proxy timeout 3 wget -q -O - http://localhost:3000");
    assertThat(guide.does("docker exec app-proxy ip -4 -o addr show eth0"))
        .isEqualTo(guide.does("docker exec main-app ip -4 -o addr show eth0"));
  }

  @Test
  @DisplayName("host networking uses the host's ports")
  void hostNetwork() {
    guide.does("docker run -d --name web --network host nginx");
    String hostname = guide.does("hostname");
    guide.sees("nginx on " + hostname, "timeout 3 busybox wget -q -O - http://localhost:80");
    assertThat(guide.lists("docker port web")).isEmpty();
    assertThat(guide.works("docker run --rm --network host nginx timeout 2 httpd -f -p 80"))
        .isFalse();
  }

  @Test
  @DisplayName("macvlan containers have an address and a MAC of their own on the parent's network")
  void macvlan() {
    guide.does(
        "ip link add lan0 type veth peer name lan1; ip link set lan0 up; ip link set lan1 up; ip"
            + " netns add lan; ip link set lan1 netns lan; ip -n lan addr add 192.168.1.1/24 dev"
            + " lan1; ip -n lan link set lan1 up");
    try {
      guide.does(
          "docker network create -d macvlan --subnet=192.168.1.0/24 --gateway=192.168.1.1 -o"
              + " parent=lan0 macvlan_net");
      guide.does("docker run -d --name web --network macvlan_net --ip 192.168.1.100 nginx");
      guide.gets("docker exec web ping -c 1 -W 3 192.168.1.1");
      String mac = guide.does("docker exec web cat /sys/class/net/eth0/address");
      assertThat(guide.does("ip -n lan neigh show 192.168.1.100")).contains(mac);
    } finally {
      guide.clear();
      guide.types("ip netns del lan; ip link del lan0");
    }
  }
}
