package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names as containers resolve them, and the files that say where. */
@Tag("blackbox")
class DnsBehaviourTest extends SceneTest {
  private static String lookup(String container, String name) {
    return scene.in(container, "nslookup " + name + " 127.0.0.11 2>&1 | sed 1,2d").text();
  }

  private static List<String> addresses(String container, String name) {
    List<String> found = new ArrayList<>();
    for (String line : lookup(container, name).lines().toList()) {
      if (line.startsWith("Address") && !line.contains("#53") && !line.contains("127.0.0.11")) {
        found.add(line.replaceFirst("Address[ 0-9]*: *", "").strip());
      }
    }
    return found;
  }

  @Test
  @DisplayName("options of the resolver are written as Docker writes them (net-191)")
  void resolvConf() {
    scene.network("u1", "");
    String file =
        scene
            .docker(
                "run",
                "--rm",
                "--network",
                "u1",
                "--dns",
                "1.1.1.1",
                "--dns-search",
                "foo.com",
                "--dns-opt",
                "ndots:3",
                "busybox",
                "cat",
                "/etc/resolv.conf")
            .ok()
            .text();
    assertThat(file.lines().toList())
        .contains(
            "nameserver 127.0.0.11",
            "search foo.com",
            "options ndots:3",
            "# ExtServers: [1.1.1.1]",
            "# Overrides: [nameservers search options]",
            "# Option ndots from: override");
  }

  @Test
  @DisplayName("every name of a container answers on the networks shared with it (net-193)")
  void everyName() {
    scene.network("u1", "");
    scene.network("u2", "");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "web",
            "--network",
            "u1",
            "--network-alias",
            "www",
            "--hostname",
            "webhost",
            "busybox",
            "sleep",
            "1000")
        .ok();
    scene.connect("u2", "web", "");
    scene.on("u1", "client");
    scene.on("u2", "other");
    String address = scene.address("web", "u1");
    String id = scene.container("web").path("Id").asText().substring(0, 12);
    for (String name :
        List.of("web", "www", id, "webhost", "web.u1", "WEB", "Web.U1", "web.", "www.u1")) {
      assertThat(addresses("client", name)).as(name).containsExactly(address);
    }
    assertThat(addresses("other", "web.")).containsExactly(scene.address("web", "u2"));
    assertThat(addresses("other", "www.")).isEmpty();
    String[] part = address.split("\\.");
    assertThat(lookup("client", address)).contains("web.u1").contains(part[0]);
  }

  @Test
  @DisplayName("a shared alias answers with all that run, in changing order (net-195)")
  void sharedAlias() {
    scene.network("u1", "");
    List<String> all = new ArrayList<>();
    for (String name : List.of("r1", "r2", "r3")) {
      scene
          .docker(
              "run",
              "-d",
              "--name",
              name,
              "--network",
              "u1",
              "--network-alias",
              "pool",
              "busybox",
              "sleep",
              "1000")
          .ok();
      all.add(scene.address(name, "u1"));
    }
    scene.on("u1", "client");
    List<String> firsts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      List<String> found = addresses("client", "pool.");
      assertThat(found).containsExactlyInAnyOrderElementsOf(all);
      firsts.add(found.getFirst());
    }
    assertThat(firsts.stream().distinct().count()).isGreaterThan(1);
    scene.post("/containers/r1/pause", "");
    assertThat(addresses("client", "pool.")).containsExactlyInAnyOrderElementsOf(all);
    scene.post("/containers/r1/unpause", "");
    scene.stop("r2");
    assertThat(addresses("client", "pool.")).containsExactlyInAnyOrder(all.get(0), all.get(2));
  }

  @Test
  @DisplayName("an address nobody has is asked of the host's servers (net-197)")
  void unknownReverse() {
    scene.network("u1", "");
    scene.on("u1", "client");
    assertThat(scene.in("client", "nslookup 10.222.3.4 127.0.0.11").exitCode()).isNotZero();
  }

  @Test
  @DisplayName("a renamed container answers to its new name only, at once (net-199)")
  void rename() {
    scene.network("u1", "");
    scene.on("u1", "client");
    scene.on("u1", "before");
    String address = scene.address("before", "u1");
    assertThat(addresses("client", "before.")).containsExactly(address);
    assertThat(scene.post("/containers/before/rename?name=after", "").status()).isEqualTo(204);
    assertThat(addresses("client", "after.")).containsExactly(address);
    assertThat(addresses("client", "before.")).isEmpty();
  }

  @Test
  @DisplayName("the default bridge knows no names (net-201)")
  void defaultBridge() {
    scene.running("aa", "");
    scene.running("bb", "");
    assertThat(scene.in("bb", "ping -c 1 -W 1 aa").exitCode()).isNotZero();
    assertThat(scene.in("bb", "cat /etc/resolv.conf").text()).doesNotContain("127.0.0.11");
  }

  @Test
  @DisplayName("a container may serve port 53 itself beside its resolver (net-203)")
  void ownPort53() {
    scene.network("u1", "");
    scene.on("u1", "aa");
    scene.on("u1", "bb");
    List<String> udp = scene.in("aa", "netstat -lnu | grep 127.0.0.11").lines();
    List<String> tcp = scene.in("aa", "netstat -lnt | grep 127.0.0.11").lines();
    assertThat(udp).hasSize(1);
    assertThat(tcp).hasSize(1);
    assertThat(udp.getFirst() + tcp.getFirst()).doesNotContain("127.0.0.11:53 ");
    scene.in("aa", "nc -l -p 53 </dev/null >/dev/null 2>&1 & sleep 0.2; kill -0 $!").ok();
    assertThat(addresses("aa", "bb.")).containsExactly(scene.address("bb", "u1"));
  }

  @Test
  @DisplayName("an internal network asks nobody outside (net-181)")
  void internal() {
    scene.network("inside", "\"Internal\":true");
    scene.on("inside", "aa");
    scene.on("inside", "bb");
    assertThat(addresses("aa", "bb.")).containsExactly(scene.address("bb", "inside"));
    assertThat(lookup("aa", "example.com.")).contains("SERVFAIL");
  }
}
