package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The engine says why one place does not reach another. Each failure is made for real and the
 * attempt from inside has to agree; docs/design/network-explain.md says which guide knows it.
 */
@Tag("blackbox")
@ParameterizedClass(name = "with {0}")
@ValueSource(strings = {"iptables", "nftables"})
class NetworkExplainTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FAR = "far" + ProcessHandle.current().pid();
  private static Scene scene;

  @Parameter String backend;

  /** Another machine is at 198.51.100.2; it answers no name server's question. */
  @BeforeParameterizedClassInvocation
  static void start(String backend) {
    scene = Scene.open("--firewall-backend", backend, "--dns", "198.51.100.2");
    scene
        .host(
            ("ip netns add FAR && ip link add up0 type veth peer name eth0 netns FAR"
                    + " && ip addr add 198.51.100.1/24 dev up0 && ip link set up0 up"
                    + " && ip -n FAR addr add 198.51.100.2/24 dev eth0"
                    + " && ip -n FAR link set eth0 up && ip -n FAR link set lo up"
                    + " && ip route add default via 198.51.100.2")
                .replace("FAR", FAR))
        .ok();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    scene.host("ip netns del " + FAR);
    scene.close();
  }

  @AfterEach
  void clear() {
    scene.clear();
  }

  private static JsonNode explain(String... words) {
    List<String> line = new ArrayList<>(List.of("network", "explain", "--json"));
    line.addAll(List.of(words));
    Command.Result result = scene.engine().berth(line.toArray(String[]::new)).run();
    try {
      JsonNode answer = JSON.readTree(result.text());
      assertThat(result.exitCode())
          .as(result.text() + result.errors())
          .isEqualTo(answer.path("Reachable").asBoolean() ? 0 : 1);
      return answer;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static JsonNode verdict(String wanted, String... words) {
    JsonNode answer = explain(words);
    assertThat(answer.path("Verdict").asText()).as(answer.toPrettyString()).isEqualTo(wanted);
    assertThat(answer.at("/Probe/Agrees").asBoolean()).as(answer.toPrettyString()).isTrue();
    return answer;
  }

  private static JsonNode step(JsonNode answer, String step) {
    for (JsonNode one : answer.path("Steps")) {
      if (one.path("Step").asText().equals(step)) {
        return one;
      }
    }
    throw new AssertionError("no step " + step + " in " + answer.toPrettyString());
  }

  @Test
  @DisplayName("what is in order is reached, by name and on its port")
  void reachable() {
    scene.network("app", "");
    scene.server("web", "--network", "app", "--network-alias", "www");
    scene.on("app", "client");
    JsonNode answer = verdict("reachable", "client", "web", "80");
    assertThat(answer.at("/Probe/Outcome").asText()).isEqualTo("connected");
    assertThat(step(answer, "name").path("Text").asText())
        .isEqualTo(
            "web resolves to %s by the name server of network app"
                .formatted(scene.address("web", "app")));
    verdict("reachable", "client", "www", "80");
    verdict("reachable", "client", scene.address("web", "app"), "80");
    verdict("reachable", "client", "web");
    Command.Result text = scene.engine().berth("network", "explain", "client", "web", "80").run();
    assertThat(text.ok().lines().getFirst()).isEqualTo("YES: client can reach web on port 80/tcp");
  }

  @Test
  @DisplayName("containers on different networks")
  void differentNetworks() {
    scene.network("left", "");
    scene.network("right", "");
    scene.server("web", "--network", "left");
    scene.on("right", "client");
    JsonNode answer = verdict("no-common-network", "client", "web", "80");
    assertThat(answer.at("/Probe/Outcome").asText()).isEqualTo("silent");
    assertThat(answer.at("/Advice/0").asText()).contains("docker network connect left client");
    assertThat(step(answer, "rules").path("Rule").asText()).contains(bridge("left"));
  }

  private String bridge(String network) {
    return backend.equals("iptables")
        ? "br-" + scene.inspect(network).path("Id").asText().substring(0, 12)
        : "table ip docker-bridges, chain filter-FORWARD: drop";
  }

  @Test
  @DisplayName("the default bridge has no names")
  void defaultBridge() {
    scene.server("web");
    scene.running("client", "");
    JsonNode answer = verdict("no-names-on-default-bridge", "client", "web", "80");
    assertThat(answer.path("Summary").asText()).contains(scene.address("web", "bridge"));
    verdict("reachable", "client", scene.address("web", "bridge"), "80");
  }

  @Test
  @DisplayName("a service that listens on 127.0.0.1, on another port, or not at all")
  void listening() {
    scene.network("app", "");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "web",
            "--network",
            "app",
            "busybox",
            "httpd",
            "-f",
            "-p",
            "127.0.0.1:80")
        .ok();
    scene.on("app", "client");
    Eventually.equal(
        "listens-on-loopback", () -> explain("client", "web", "80").path("Verdict").asText());
    JsonNode answer = verdict("listens-on-loopback", "client", "web", "80");
    assertThat(answer.at("/Probe/Outcome").asText()).isEqualTo("refused");
    verdict("nothing-listens", "client", "web", "81");
    JsonNode datagram = verdict("nothing-listens", "client", "web", "81/udp");
    assertThat(datagram.at("/Probe/Outcome").asText()).isEqualTo("refused");
  }

  @Test
  @DisplayName("a port that is not published, and one that is for the host alone")
  void published() {
    scene.server("shut");
    scene.server("local", "-p", "127.0.0.1:8081:80");
    scene.server("open", "-p", "8082:80");
    verdict("not-published", "outside", "shut", "80");
    verdict("not-published", "host", "198.51.100.1", "8080");
    verdict("published-to-loopback", "outside", "local", "80");
    verdict("published-to-loopback", "host", "198.51.100.1", "8081");
    verdict("reachable", "host", "127.0.0.1", "8081");
    verdict("reachable", "outside", "open", "80");
    verdict("reachable", "host", "198.51.100.1", "8082");
    verdict("reachable", "shut", "host", "8082");
    JsonNode mistaken = verdict("nothing-listens", "shut", scene.address("open", "bridge"), "8082");
    assertThat(mistaken.at("/Advice/0").asText())
        .isEqualTo("8082 is its port on the host; other containers use its own port 80.");
  }

  @Test
  @DisplayName("a container that does not run, or does not answer")
  void notRunning() {
    scene.network("app", "");
    scene.server("web", "--network", "app");
    scene.on("app", "client");
    scene.docker("pause", "web").ok();
    verdict("paused", "client", "web", "80");
    scene.docker("unpause", "web").ok();
    scene.stop("web");
    verdict("not-running", "client", "web", "80");
    verdict("source-not-running", "web", "client", "80");
  }

  @Test
  @DisplayName("a name that is spelled wrong, and words that mean nothing")
  void wrongName() {
    scene.network("app", "");
    scene.server("web", "--network", "app");
    scene.on("app", "client");
    JsonNode answer = explain("client", "wbe", "80");
    assertThat(answer.path("Verdict").asText()).isEqualTo("unknown-name");
    assertThat(answer.at("/Advice/0").asText()).isEqualTo("Did you mean web?");
    assertThat(scene.engine().berth("network", "explain", "nobody", "web").run().exitCode())
        .isEqualTo(2);
    assertThat(scene.engine().berth("network", "explain", "client", "web", "x").run().exitCode())
        .isEqualTo(2);
    assertThat(scene.get("/berth/v1/network/explain?from=client&to=web&port=99999").status())
        .isEqualTo(400);
    assertThat(scene.get("/berth/v1/network/explain?from=client").status()).isEqualTo(400);
  }

  @Test
  @DisplayName("what the host's network, no network, and another container's network mean")
  void modes() {
    scene.network("app", "");
    scene.server("web", "--network", "app");
    scene.on("app", "client");
    scene.running("onhost", Scene.mode("host"));
    scene.running("alone", Scene.mode("none"));
    scene.running("side", Scene.mode("container:web"));
    JsonNode onHost = verdict("on-host-network", "client", "onhost", "80");
    assertThat(onHost.at("/Advice/0").asText()).contains("host.docker.internal:host-gateway");
    verdict("reachable", "onhost", "web", "80");
    verdict("no-network", "client", "alone", "80");
    verdict("source-has-no-network", "alone", "web", "80");
    verdict("reachable", "side", "web", "80");
    verdict("nothing-listens", "client", "localhost", "80");
    JsonNode shared = verdict("unknown-name", "client", "side", "80");
    assertThat(shared.at("/Advice/0").asText()).startsWith("Use one of its names there: web, ");
    scene.on("app", "lost");
    assertThat(scene.disconnect("app", "lost").status()).isEqualTo(200);
    verdict("no-network", "client", "lost", "80");
  }

  @Test
  @DisplayName("an internal network has no way out and asks no name server outside")
  void internal() {
    scene.network("inside", "\"Internal\":true");
    scene.network("app", "");
    scene.server("db", "--network", "inside");
    scene.on("inside", "client");
    scene.on("app", "other");
    verdict("reachable", "client", "db", "80");
    verdict("internal-network", "client", "198.51.100.2", "80");
    verdict("internal-network", "client", "example.com", "80");
    verdict("no-common-network", "other", "db", "80");
    verdict("not-published", "outside", "db", "80");
  }

  @Test
  @DisplayName("a network whose containers may not reach each other")
  void withoutTraffic() {
    scene.network("strict", "\"Options\":{\"com.docker.network.bridge.enable_icc\":\"false\"}");
    scene.server("web", "--network", "strict");
    scene.on("strict", "client");
    JsonNode answer = verdict("icc-disabled", "client", "web", "80");
    assertThat(step(answer, "rules").path("Rule").asText()).endsWith(iccRule());
    assertThat(answer.at("/Probe/Outcome").asText()).isEqualTo("silent");
  }

  private String iccRule() {
    String bridge = bridge("strict");
    return backend.equals("iptables")
        ? "-A DOCKER-FORWARD -i %s -o %s -j DROP".formatted(bridge, bridge)
        : "chain between-silent: drop";
  }

  @Test
  @DisplayName("rules of the administrator, in DOCKER-USER and elsewhere")
  void administrator() {
    scene.network("app", "");
    scene.server("web", "--network", "app", "-p", "8080:80");
    scene.on("app", "client");
    String web = scene.address("web", "app");
    String chain = backend.equals("iptables") ? "DOCKER-USER" : "FORWARD";
    scene.host("iptables -I " + chain + " -d " + web + " -p tcp --dport 80 -j DROP").ok();
    JsonNode ruled =
        verdict(backend.equals("iptables") ? "user-rule" : "host-firewall", "client", "web", "80");
    assertThat(step(ruled, "rules").path("Rule").asText())
        .isEqualTo(
            "table filter, chain %s: -A %s -d %s/32 -p tcp -m tcp --dport 80 -j DROP"
                .formatted(chain, chain, web));
    scene.host("iptables -D " + chain + " -d " + web + " -p tcp --dport 80 -j DROP").ok();
    verdict("reachable", "client", "web", "80");
    scene
        .host(
            "nft add table inet admin && nft 'add chain inet admin f { type filter hook forward"
                + " priority filter; }' && nft add rule inet admin f ip daddr "
                + web
                + " tcp dport '{ 80, 443 }' counter drop")
        .ok();
    JsonNode foreign = verdict("host-firewall", "client", "web", "80");
    assertThat(step(foreign, "rules").path("Rule").asText())
        .startsWith("table inet admin, chain f: ip daddr " + web + " tcp dport { 80, 443 }");
    verdict("host-firewall", "outside", "web", "80");
    scene.host("nft delete table inet admin").ok();
  }

  @Test
  @DisplayName("a service of the host behind the host's own firewall")
  void hostFirewall() {
    scene.network("app", "");
    scene.on("app", "client");
    scene
        .host(
            "busybox httpd -p 7777 -h /proc/self && iptables -I INPUT -p tcp --dport 7777 -j"
                + " REJECT")
        .ok();
    JsonNode answer = verdict("host-firewall", "client", "host", "7777");
    assertThat(step(answer, "rules").path("Rule").asText()).contains("chain INPUT: -A INPUT");
    scene.host("iptables -F INPUT").ok();
    verdict("reachable", "client", "host", "7777");
    verdict("not-published", "client", "host", "7778");
    scene.host("busybox pkill -f 'httpd -p 7777'");
  }

  @Test
  @DisplayName("a host that does not forward")
  void forwardingOff() {
    scene.network("app", "");
    scene.on("app", "client");
    verdict("nothing-listens", "client", "198.51.100.2", "81");
    scene.host("echo 0 > /proc/sys/net/ipv4/ip_forward").ok();
    verdict("forwarding-off", "client", "198.51.100.2", "81");
    scene.host("echo 1 > /proc/sys/net/ipv4/ip_forward").ok();
  }

  @Test
  @DisplayName("a subnet that overlaps with a route of the host, or with somebody else's machine")
  void overlap() {
    scene.subnet("app", "10.77.0.0/24");
    scene.server("web", "--network", "app", "--ip", "10.77.0.200");
    scene.on("app", "client");
    verdict("reachable", "host", "web", "80");
    scene.host("ip route add 10.77.0.128/25 via 198.51.100.2").ok();
    JsonNode answer = verdict("subnet-overlap", "host", "web", "80");
    assertThat(answer.path("Summary").asText()).contains("10.77.0.128/25 via 198.51.100.2 dev up0");
    scene.host("ip route del 10.77.0.128/25").ok();
    verdict("subnet-overlap", "client", "10.77.0.50", "80");
  }

  @Test
  @DisplayName("name servers that do not answer, and a resolver that somebody has edited")
  void resolver() {
    scene.network("app", "");
    scene.server("web", "--network", "app");
    scene.on("app", "client");
    scene.running("base", "");
    verdict("dns-failing", "client", "example.com", "80");
    verdict("dns-failing", "base", "example.com", "80");
    scene.in("client", "echo nameserver 198.51.100.2 > /etc/resolv.conf").ok();
    verdict("name-not-resolved", "client", "web", "80");
  }

  @Test
  @DisplayName("a container that did not start as its port is taken")
  void portConflict() {
    scene.server("first", "-p", "8083:80");
    scene.running("client", "");
    assertThat(
            scene
                .docker("run", "-d", "--name", "second", "-p", "8083:80", "busybox", "sleep", "99")
                .exitCode())
        .isEqualTo(125);
    JsonNode answer = verdict("port-conflict", "client", "second", "80");
    assertThat(answer.path("Summary").asText()).contains("8083");
  }

  @Test
  @DisplayName("a macvlan and its host cannot reach each other")
  void macvlan() {
    scene
        .host(
            "ip link add mvp type veth peer name mvq && ip link set mvp up && ip link set mvq up"
                + " && ip addr add 10.90.1.250/24 dev mvp")
        .ok();
    scene.network(
        "wire",
        "\"Driver\":\"macvlan\",\"Options\":{\"parent\":\"mvp\"},\"IPAM\":{\"Config\":[{\"Subnet\":"
            + "\"10.90.1.0/24\"}]}");
    scene.server("web", "--network", "wire");
    scene.on("wire", "client");
    verdict("reachable", "client", "web", "80");
    verdict("beside-host", "host", "web", "80");
    verdict("beside-host", "client", "10.90.1.250", "80");
    scene.clear();
    scene.host("ip link del mvp").ok();
  }

  @Test
  @DisplayName("links, other people's addresses, IPv6, and packets that are too large")
  void neighbours() {
    scene.network("six", "\"EnableIPv6\":true");
    scene.server("web");
    scene.server("web6", "--network", "six");
    scene.on("six", "client");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "linked",
            "--link",
            "web:db",
            "--add-host",
            "far:198.51.100.2",
            "busybox",
            "sleep",
            "999")
        .ok();
    assertThat(step(verdict("reachable", "linked", "db", "80"), "name").path("Text").asText())
        .endsWith("by /etc/hosts");
    verdict("nothing-listens", "linked", "far", "81");
    String six = scene.endpoint("web6", "six").path("GlobalIPv6Address").asText();
    verdict("reachable", "client", six, "80");
    scene.host("ip link set up0 mtu 1400").ok();
    JsonNode narrow = verdict("reachable", "client", "198.51.100.2");
    assertThat(step(narrow, "route").path("Result").asText()).isEqualTo("note");
    assertThat(step(narrow, "route").path("Text").asText())
        .endsWith("the container sends packets of up to 1500 bytes, up0 takes 1400");
    scene.host("ip link set up0 mtu 1500").ok();
  }

  @Test
  @DisplayName("without a second place it tells how the first can be reached")
  void reach() {
    scene.network("app", "");
    scene.server("web", "--network", "app", "--network-alias", "www", "-p", "8080:80", "-p", "81");
    scene.on("app", "client");
    JsonNode answer = scene.get("/berth/v1/network/reach?container=web").json();
    assertThat(answer.at("/Networks/0/Name").asText()).isEqualTo("app");
    assertThat(answer.at("/Networks/0/Addresses/0").asText())
        .isEqualTo(scene.address("web", "app"));
    assertThat(answer.at("/Networks/0/Names").toString()).contains("\"web\",\"www\"");
    assertThat(answer.at("/Networks/0/Neighbours/0").asText()).isEqualTo("client");
    assertThat(answer.at("/Ports/0/Port").asInt()).isEqualTo(80);
    assertThat(answer.at("/Ports/0/Published/0").asText()).isEqualTo("0.0.0.0:8080");
    assertThat(answer.at("/Ports/1/Remark").asText()).isEqualTo("published, but nothing listens");
    assertThat(scene.engine().berth("network", "explain", "web").run().ok().text())
        .startsWith("web is running\n")
        .contains("  published on  0.0.0.0:8080, [::]:8080\n");
    assertThat(scene.engine().berth("network", "explain", "nobody").run().exitCode()).isEqualTo(2);
  }
}
