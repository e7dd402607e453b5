package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What starts of the engine, other programs and a change of the backend do to the rules: a long
 * transfer never breaks and somebody outside who tries all the time never gets in.
 */
@Tag("blackbox")
@ParameterizedClass(name = "with {0}")
@ValueSource(strings = {"iptables", "nftables"})
class FirewallSurvivalTest {
  private static final String FLAG = "--firewall-backend";

  /** The neighbour of the host. */
  private static final String OUT = "out";

  @Parameter String backend;

  private Scene scene;
  private final List<Process> running = new ArrayList<>();

  @BeforeEach
  void start() {
    scene = Scene.open(FLAG, backend);
    String lines =
        """
        ip netns add OUT && ip link add up0 type veth peer name eth0 netns OUT
        ip addr add 198.51.100.1/24 dev up0 && ip link set up0 up
        ip -n OUT addr add 198.51.100.2/24 dev eth0
        ip -n OUT link set eth0 up && ip -n OUT link set lo up
        ip -n OUT route add default via 198.51.100.1
        """;
    scene.host("set -e\n" + lines.replace("OUT", OUT)).ok();
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Process process : running) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    scene.host("ip netns del " + OUT);
    scene.close();
  }

  private String outside(String authority) {
    return scene
        .host("ip netns exec " + OUT + " timeout 2 busybox wget -q -O - http://" + authority + "/")
        .line();
  }

  private void inBackground(String line) throws Exception {
    running.add(
        new ProcessBuilder(scene.engine().hostCommand("ip", "netns", "exec", OUT, "sh", "-c", line))
            .start());
  }

  private String file(String name) {
    return scene.engine().folder().resolve(name).toString();
  }

  /** A container counts to whoever connects, and somebody outside listens to it. */
  private void beginTransfer() throws Exception {
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "counter",
            "-p",
            "9000:9000",
            "busybox",
            "nc",
            "-ll",
            "-p",
            "9000",
            "-e",
            "sh",
            "-c",
            "i=0; while echo $i; do i=$((i+1)); usleep 20000; done")
        .ok();
    inBackground("exec busybox nc 198.51.100.1 9000 > " + file("counted"));
    Eventually.holds("the transfer runs", () -> counted().size() > 5);
  }

  private List<String> counted() {
    return scene.host("cat " + file("counted")).lines();
  }

  /** The transfer goes on from here, and nothing of it was lost so far. */
  private void transferGoesOn() {
    int now = counted().size();
    Eventually.holds("the transfer goes on", () -> counted().size() > now + 5);
    List<String> numbers = counted();
    for (int i = 0; i < numbers.size() - 1; i++) {
      assertThat(numbers.get(i)).isEqualTo(Integer.toString(i));
    }
  }

  /** Somebody outside tries without a pause what must be closed. */
  private void beginAttack(String... places) throws Exception {
    StringBuilder line = new StringBuilder("while true; do ");
    for (String place : places) {
      line.append("timeout 0.15 busybox nc ")
          .append(place)
          .append(" < /dev/null > /dev/null 2>&1 && echo ")
          .append(place)
          .append(" >> ")
          .append(file("hits"))
          .append("; echo >> ")
          .append(file("tries"))
          .append("; ");
    }
    inBackground(line + "done");
    Eventually.holds("the attack runs", () -> tries() > 3);
  }

  private int tries() {
    return scene.host("cat " + file("tries")).lines().size();
  }

  private void attackFailed() {
    int now = tries();
    Eventually.holds("the attack goes on", () -> tries() > now + 10);
    assertThat(scene.host("cat " + file("hits") + " 2>/dev/null").text()).isEmpty();
  }

  @Test
  @DisplayName("stops, kills and starts of the engine neither cut nor open anything")
  void restarts() throws Exception {
    scene.network("left", "");
    scene.server("hidden", "--network", "left");
    scene.server("local", "-p", "127.0.0.1:8081:80");
    beginTransfer();
    beginAttack(
        scene.address("hidden", "left") + " 80",
        scene.address("local", "bridge") + " 80",
        "198.51.100.1 8081");
    scene.engine().stopEngine();
    scene.engine().startEngine();
    transferGoesOn();
    scene.engine().killEngine();
    scene.engine().startEngine();
    transferGoesOn();
    attackFailed();
    scene.readsOnHost("page of local", "127.0.0.1:8081");
  }

  @Test
  @DisplayName("a change of the backend neither cuts nor opens anything, and leaves no rule behind")
  void otherBackend() throws Exception {
    scene.network("left", "");
    scene.server("hidden", "--network", "left");
    scene.server("web", "--network", "left", "-p", "8080:80");
    beginTransfer();
    beginAttack(scene.address("hidden", "left") + " 80", scene.address("web", "left") + " 80");
    scene.host("iptables -N DOCKER-USER; iptables -A DOCKER-USER -s 203.0.113.9 -j DROP");
    String other = backend.equals("iptables") ? "nftables" : "iptables";
    scene.engine().killEngine();
    scene.engine().useFlags(FLAG, other);
    scene.engine().startEngine();
    transferGoesOn();
    attackFailed();
    assertThat(outside("198.51.100.1:8080")).isEqualTo("page of web");
    assertThat(scene.host("iptables -S DOCKER-USER").text())
        .contains("-A DOCKER-USER -s 203.0.113.9/32 -j DROP");
    if (other.equals("iptables")) {
      assertThat(scene.host("nft list tables").text()).doesNotContain("docker-bridges");
    } else {
      assertThat(scene.host("iptables-save; ip6tables-save").text())
          .doesNotContain("DOCKER-FORWARD", "docker0", "br-", ":DOCKER ", "FORWARD DROP");
    }
  }

  @Test
  @DisplayName("a flush is healed within a second, whatever else was flushed with it")
  void flush() {
    scene.network("left", "");
    scene.server("hidden", "--network", "left");
    scene.server("local", "-p", "127.0.0.1:8081:80");
    scene.server("web", "--network", "left", "-p", "8080:80");
    String before = rules();
    for (String line :
        List.of(
            "nft flush ruleset",
            "for t in filter nat raw; do iptables -t $t -F; iptables -t $t -X; done; "
                + "iptables -P FORWARD ACCEPT",
            "nft flush chain ip filter FORWARD; nft flush chain ip docker-bridges raw-PREROUTING")) {
      scene.host(line);
      long flushed = System.nanoTime();
      Eventually.equal(before, this::rules);
      assertThat(System.nanoTime() - flushed).as(line).isLessThan(5_000_000_000L);
      assertThat(outside("198.51.100.1:8080")).as(line).isEqualTo("page of web");
      assertThat(outside(scene.address("hidden", "left"))).as(line).isEmpty();
      assertThat(outside(scene.address("local", "bridge"))).as(line).isEmpty();
      assertThat(outside("198.51.100.1:8081")).as(line).isEmpty();
    }
  }

  /** All rules without counters and handles, each chain's in their order. */
  private String rules() {
    return backend.equals("iptables")
        ? scene.host("iptables-save | grep -v '^[#:]' | grep -e br- -e docker0 | sort").text()
        : scene.host("nft -s list table ip docker-bridges").text();
  }

  @Test
  @DisplayName(
      "with --ports-obey-input the host's INPUT rules let in and keep out, and are followed")
  void obeyInput() {
    scene.engine().stopEngine();
    scene.engine().useFlags(FLAG, backend, "--ports-obey-input");
    scene
        .host(
            "iptables -P INPUT DROP && iptables -A INPUT -i lo -j ACCEPT"
                + " && iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"
                + " && iptables -A INPUT -p tcp --dport 8080 -j ACCEPT")
        .ok();
    scene.engine().startEngine();
    scene.server("web", "-p", "8080:80", "-p", "8081:80");
    assertThat(outside("198.51.100.1:8080")).isEqualTo("page of web");
    assertThat(outside("198.51.100.1:8081")).isEmpty();
    scene.readsOnHost("page of web", "127.0.0.1:8081");
    scene.host("iptables -A INPUT -p tcp --dport 8081 -j ACCEPT").ok();
    scene.host("iptables -D INPUT -p tcp --dport 8080 -j ACCEPT").ok();
    Eventually.equal("page of web", () -> outside("198.51.100.1:8081"));
    Eventually.equal("", () -> outside("198.51.100.1:8080"));
    scene.engine().killEngine();
    assertThat(outside("198.51.100.1:8080")).isEmpty();
    scene.engine().useFlags(FLAG, backend);
    scene.engine().startEngine();
    assertThat(outside("198.51.100.1:8080")).isEqualTo("page of web");
    assertThat(scene.host("iptables-save -t mangle").text()).doesNotContain("DOCKER-INPUT");
  }

  @Test
  @DisplayName("a bridge deleted by hand comes back with its containers and ports")
  void lostBridge() {
    scene.network("left", "");
    scene.server("web", "--network", "left", "-p", "8080:80");
    scene.on("left", "peer");
    String bridge = "br-" + scene.inspect("left").path("Id").asText().substring(0, 12);
    scene.host("ip link del " + bridge).ok();
    Eventually.equal("page of web", () -> scene.fetch("peer", "web"));
    Eventually.equal("page of web", () -> outside("198.51.100.1:8080"));
    scene.readsOnHost("page of web", "127.0.0.1:8080");
    assertThat(scene.engine().logText()).contains("was deleted by others and has been made again");
    scene.on("left", "next");
    scene.reads("page of web", "next", "web");
  }
}
