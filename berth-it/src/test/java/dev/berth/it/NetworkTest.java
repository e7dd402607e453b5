package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Networks, names and ports, as the guides use them. */
@Order(SpineFirst.FIRST)
@Tag("blackbox")
class NetworkTest {
  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start().withBusybox();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @AfterEach
  void removeContainers() {
    for (String id : engine.docker("ps", "-aq").run().lines()) {
      engine.docker("rm", "-f", id).run();
    }
    engine.docker("network", "prune", "-f").run();
  }

  private static void server(String name, String... options) {
    List<String> words = new java.util.ArrayList<>(List.of("run", "-d", "--name", name));
    words.addAll(List.of(options));
    words.addAll(
        List.of(
            "busybox",
            "sh",
            "-c",
            "mkdir -p /www; echo page of " + name + " > /www/index.html; exec httpd -f -h /www"));
    engine.docker(words.toArray(String[]::new)).run().ok();
    Eventually.equal("page of " + name, () -> in(name, "wget -q -O - http://127.0.0.1/").line());
  }

  private static Command.Result in(String container, String line) {
    return engine.docker("exec", container, "sh", "-c", line).run();
  }

  @Test
  void predefinedNetworks() {
    assertThat(
            engine
                .docker("network", "ls", "--format", "{{.Name}} {{.Driver}} {{.Scope}}")
                .run()
                .ok()
                .lines())
        .containsExactly("bridge bridge local", "host host local", "none null local");
  }

  @Test
  void defaultBridge() {
    server("aa");
    server("bb");
    String address =
        engine
            .docker("inspect", "--format", "{{.NetworkSettings.IPAddress}}", "aa")
            .run()
            .ok()
            .line();
    assertThat(address).startsWith("172.17.0.");
    Eventually.equal("page of aa", () -> in("bb", "wget -q -O - http://" + address + "/").line());
    assertThat(in("bb", "timeout 2 wget -q -O - http://aa/").exitCode()).isNotZero();
    assertThat(in("bb", "ip route | grep default").line()).contains("via 172.17.0.1 dev eth0");
  }

  @Test
  void namesOnUserNetworks() {
    engine.docker("network", "create", "front").run().ok();
    server("web", "--network", "front", "--network-alias", "www", "--hostname", "webhost");
    server("client", "--network", "front");
    String id =
        engine.docker("inspect", "--format", "{{.Id}}", "web").run().ok().line().substring(0, 12);
    for (String name : List.of("web", "www", id, "webhost", "web.front", "WEB", "web.")) {
      assertThat(in("client", "timeout 3 wget -q -O - http://" + name + "/").line())
          .as(name)
          .isEqualTo("page of web");
    }
    assertThat(in("client", "cat /etc/resolv.conf").text()).contains("nameserver 127.0.0.11");
    engine.docker("rename", "web", "renamed").run().ok();
    assertThat(in("client", "timeout 3 wget -q -O - http://renamed/").line())
        .isEqualTo("page of web");
    assertThat(in("client", "nslookup web. 127.0.0.11").text()).doesNotContain("Name:");
  }

  @Test
  void networksAreApart() {
    engine.docker("network", "create", "left").run().ok();
    engine.docker("network", "create", "right").run().ok();
    server("ll", "--network", "left");
    server("rr", "--network", "right");
    String address =
        engine
            .docker("inspect", "--format", "{{.NetworkSettings.Networks.right.IPAddress}}", "rr")
            .run()
            .ok()
            .line();
    assertThat(in("ll", "timeout 1 wget -q -O - http://" + address + "/").exitCode()).isNotZero();
    engine.docker("network", "connect", "left", "rr").run().ok();
    assertThat(in("ll", "timeout 3 wget -q -O - http://rr/").line()).isEqualTo("page of rr");
    engine.docker("network", "disconnect", "left", "rr").run().ok();
    assertThat(in("ll", "timeout 1 wget -q -O - http://rr/").exitCode()).isNotZero();
  }

  @Test
  void publishedPorts() {
    server("web", "-p", "8080:80", "-p", "127.0.0.1:8081:80/tcp", "-p", "80");
    for (String url :
        List.of("http://127.0.0.1:8080/", "http://127.0.0.1:8081/", "http://172.17.0.1:8080/")) {
      assertThat(
              engine.onHost("timeout", "3", "busybox", "wget", "-q", "-O", "-", url).run().line())
          .as(url)
          .isEqualTo("page of web");
    }
    assertThat(engine.docker("port", "web", "80").run().ok().text())
        .contains("0.0.0.0:8080")
        .contains("127.0.0.1:8081");
    Command.Result taken = engine.docker("run", "--rm", "-p", "8080:80", "busybox", "true").run();
    assertThat(taken.exitCode()).isEqualTo(125);
    assertThat(taken.errors()).contains("Bind for 0.0.0.0:8080 failed: port is already allocated");
    server("other");
    assertThat(in("other", "timeout 3 wget -q -O - http://172.17.0.1:8080/").line())
        .isEqualTo("page of web");
    engine.docker("stop", "-t", "0", "web").run().ok();
    assertThat(
            engine
                .onHost(
                    "timeout", "1", "busybox", "wget", "-q", "-O", "-", "http://127.0.0.1:8080/")
                .run()
                .exitCode())
        .isNotZero();
  }

  @Test
  void publishAllUsesExposedPorts() {
    server("web", "-P", "--expose", "80");
    String port =
        engine
            .docker("port", "web", "80/tcp")
            .run()
            .ok()
            .lines()
            .getFirst()
            .replaceFirst(".*:", "");
    assertThat(Integer.parseInt(port)).isGreaterThanOrEqualTo(32768);
    Eventually.equal(
        "page of web",
        () ->
            engine
                .onHost("busybox", "wget", "-q", "-O", "-", "http://127.0.0.1:" + port + "/")
                .run()
                .line());
  }

  @Test
  void hostNoneAndContainerModes() {
    String ns = engine.onHost("readlink", "/proc/self/ns/net").run().line();
    assertThat(
            engine
                .docker(
                    "run", "--rm", "--network", "host", "busybox", "readlink", "/proc/self/ns/net")
                .run()
                .ok()
                .line())
        .isEqualTo(ns);
    assertThat(
            engine
                .docker("run", "--rm", "--network", "none", "busybox", "ls", "/sys/class/net")
                .run()
                .ok()
                .line())
        .isEqualTo("lo");
    server("base");
    String base = in("base", "readlink /proc/self/ns/net").line();
    assertThat(
            engine
                .docker(
                    "run",
                    "--rm",
                    "--network",
                    "container:base",
                    "busybox",
                    "readlink",
                    "/proc/self/ns/net")
                .run()
                .ok()
                .line())
        .isEqualTo(base);
  }

  @Test
  void fixedAddresses() {
    engine
        .docker(
            "network", "create", "--subnet", "10.55.0.0/24", "--gateway", "10.55.0.254", "fixed")
        .run()
        .ok();
    server("at", "--network", "fixed", "--ip", "10.55.0.7");
    assertThat(in("at", "ip -4 addr show eth0 | grep -o '10.55.0.7/24'").line())
        .isEqualTo("10.55.0.7/24");
    assertThat(in("at", "ip route | grep default").line()).contains("via 10.55.0.254");
    Command.Result overlap =
        engine.docker("network", "create", "--subnet", "10.55.0.0/25", "clash").run();
    assertThat(overlap.errors())
        .contains("invalid pool request: Pool overlaps with other one on this address space");
  }

  @Test
  void anInternalNetworkKeepsInside() {
    engine.docker("network", "create", "--internal", "inside").run().ok();
    server("in", "--network", "inside");
    assertThat(in("in", "ip route | grep -c default").line()).isEqualTo("0");
    assertThat(in("in", "nslookup example.com 127.0.0.11").text()).contains("SERVFAIL");
  }

  @Test
  void extraHostsAndDns() {
    engine.docker("network", "create", "named").run().ok();
    String hosts =
        engine
            .docker(
                "run",
                "--rm",
                "--network",
                "named",
                "--add-host",
                "box:10.1.2.3",
                "--add-host",
                "out:host-gateway",
                "busybox",
                "cat",
                "/etc/hosts")
            .run()
            .ok()
            .text();
    assertThat(hosts).contains("10.1.2.3\tbox").contains("\tout").contains("127.0.0.1\tlocalhost");
    String resolver =
        engine
            .docker(
                "run",
                "--rm",
                "--network",
                "named",
                "--dns",
                "10.9.9.9",
                "--dns-search",
                "foo.com",
                "--dns-opt",
                "ndots:3",
                "busybox",
                "cat",
                "/etc/resolv.conf")
            .run()
            .ok()
            .text();
    assertThat(resolver)
        .contains("nameserver 127.0.0.11")
        .contains("search foo.com")
        .contains("options ndots:3")
        .contains("# ExtServers: [10.9.9.9]");
  }

  @Test
  void refusesWhatDockerRefuses() {
    assertThat(engine.docker("network", "create", "bridge").run().errors())
        .contains("operation is not permitted on predefined bridge network");
    assertThat(engine.docker("network", "rm", "nosuch").run().errors())
        .contains("network nosuch not found");
    engine.docker("network", "create", "used").run().ok();
    assertThat(engine.docker("network", "create", "used").run().errors())
        .contains("network with name used already exists");
    server("holds", "--network", "used");
    assertThat(engine.docker("network", "rm", "used").run().errors())
        .contains("has active endpoints");
  }
}
