package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.linux.Fd;
import dev.berth.linux.Mounts;
import dev.berth.linux.Namespaces;
import dev.berth.network.driver.cni.CniDriver;
import dev.berth.store.MemoryStore;
import dev.berth.testing.FreshHost;
import dev.berth.testing.HostCommand;
import dev.berth.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution's own CNI plugins, and some that go wrong. */
@FreshHost
class CniDriverKernelTest {
  private static final String NETWORK = "0a".repeat(32);
  private static final String ENDPOINT = "0c".repeat(32);
  private static final String CONTAINER = "1a".repeat(32);
  private static final String BRIDGE =
      """
      {"cniVersion":"1.0.0","name":"blue","plugins":[
        {"type":"bridge","bridge":"cni0","isDefaultGateway":true,"ipMasq":false,
         "ipam":{"type":"host-local","subnet":"10.85.0.0/24"},
         "dns":{"nameservers":["10.85.0.53"],"search":["blue.example"]}},
        {"type":"portmap","capabilities":{"portMappings":true}}]}
      """;

  @TempDir private Path folder;
  private final MemoryStore store = new MemoryStore();
  private final Holdings holdings = new Holdings(store);
  private Path key;

  @BeforeEach
  void ownState() throws IOException {
    Path state = Files.createDirectories(folder.resolve("cni-state"));
    Files.createDirectories(Path.of("/var/lib/cni"));
    Mounts.bind(state.toString(), "/var/lib/cni", false);
    Files.createDirectories(folder.resolve("net.d"));
    Files.createDirectories(folder.resolve("bin"));
    key = folder.resolve("netns");
    Namespaces.createNetwork(key).close();
  }

  private CniDriver driver() {
    return new CniDriver(
        new CniPaths(
            List.of(folder.resolve("net.d")),
            List.of(folder.resolve("bin"), Path.of("/usr/lib/cni"))),
        holdings,
        Patience.of(Duration.ofSeconds(5)));
  }

  private NetworkRecord network(Map<String, String> options) {
    NetworkRecord network =
        new NetworkRecord(
            NETWORK,
            Instant.EPOCH,
            NetworkSpec.named("blue").withDriver("cni", options),
            "cni",
            "local",
            true,
            false,
            options,
            Map.of(),
            new IpamSpec("default", null, List.of()),
            List.of(),
            Map.of(),
            false);
    return driver().introduce(network);
  }

  private JoinRequest request(NetworkRecord network, SandboxSpec.Ports ports) {
    return new JoinRequest(
        network,
        ENDPOINT,
        new EndpointAddresses("", null, null),
        key,
        Map.of(),
        new EndpointOwner(CONTAINER, "one", ports),
        "eth0");
  }

  private void program(String name, String script) throws IOException {
    Path file = folder.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String inside(String... command) {
    try (Fd namespace = Namespaces.open(key)) {
      return HostCommand.runIn(namespace, command);
    }
  }

  @Test
  void aBridgeWithHostLocalAndPortmap() throws IOException {
    Files.writeString(folder.resolve("net.d/10-blue.conflist"), BRIDGE);
    NetworkRecord network = network(Map.of());
    SandboxSpec.Port web = new SandboxSpec.Port(80, "tcp");
    SandboxSpec.Ports ports =
        new SandboxSpec.Ports(
            List.of(web), List.of(new SandboxSpec.PublishedPort(web, "", 8088, 8088)));
    JoinAnswer answer = driver().join(request(network, ports));
    JoinAnswer.Inside there = answer.inside();
    assertThat(there).isNotNull();
    assertThat(there.addresses().ipv4()).hasToString("10.85.0.2/24");
    assertThat(answer.ipv4().gateway()).hasToString("/10.85.0.1");
    assertThat(there.dns().servers()).containsExactly("10.85.0.53");
    assertThat(there.dns().search()).containsExactly("blue.example");
    assertThat(there.ports()).containsExactly(new SandboxStatus.PortMapping(web, "0.0.0.0", 8088));
    assertThat(inside("ip", "-j", "addr", "show", "eth0"))
        .contains("10.85.0.2")
        .contains(there.addresses().macAddress());
    assertThat(HostCommand.run("iptables-save", "-t", "nat"))
        .contains("--to-destination 10.85.0.2:80");
    assertThat(driver().join(request(network, ports))).isEqualTo(answer);
    Holding holding = holdings.all().getFirst();
    driver().check(holding);
    driver().leave(network, ENDPOINT);
    driver().deleteEndpoint(network, ENDPOINT);
    assertThat(holdings.all()).isEmpty();
    assertThat(inside("ip", "-o", "link")).doesNotContain("eth0");
    assertThat(HostCommand.run("iptables-save", "-t", "nat")).doesNotContain("10.85.0.2:80");
    driver().giveBack(holding);
    assertThat(Files.exists(Path.of("/var/lib/cni/networks/blue/10.85.0.2"))).isFalse();
  }

  @Test
  void itIsDetachedWhenTheNamespaceIsGone() throws IOException {
    Files.writeString(folder.resolve("net.d/10-blue.conflist"), BRIDGE);
    NetworkRecord network = network(Map.of());
    driver().join(request(network, SandboxSpec.Ports.NONE));
    Files.delete(folder.resolve("net.d/10-blue.conflist"));
    Namespaces.remove(key);
    driver().leave(network, ENDPOINT);
    assertThat(holdings.all()).isEmpty();
    assertThat(Files.exists(Path.of("/var/lib/cni/networks/blue/10.85.0.2"))).isFalse();
  }

  @Test
  void pointToPointAndMacvlan() {
    NetworkRecord ptp =
        network(
            Map.of(
                "config",
                "{\"cniVersion\":\"0.4.0\",\"type\":\"ptp\",\"ipam\":{\"type\":\"host-local\","
                    + "\"subnet\":\"10.86.0.0/24\",\"routes\":[{\"dst\":\"0.0.0.0/0\"}]}}"));
    JoinAnswer answer = driver().join(request(ptp, SandboxSpec.Ports.NONE));
    assertThat(answer.ipv4().gateway()).hasToString("/10.86.0.1");
    assertThat(inside("ip", "route")).contains("default via 10.86.0.1");
    driver().leave(ptp, ENDPOINT);
    HostCommand.run("ip", "link", "add", "up0", "type", "veth", "peer", "name", "up1");
    HostCommand.run("ip", "link", "set", "up0", "up");
    NetworkRecord macvlan =
        network(
            Map.of(
                "config",
                "{\"cniVersion\":\"1.0.0\",\"type\":\"macvlan\",\"master\":\"up0\",\"ipam\":{\"type\":"
                    + "\"static\",\"addresses\":[{\"address\":\"10.87.0.9/24\"},"
                    + "{\"address\":\"fd87::9/64\"}]}}"));
    JoinAnswer joined = driver().join(request(macvlan, SandboxSpec.Ports.NONE));
    assertThat(joined.inside().addresses().ipv4()).hasToString("10.87.0.9/24");
    assertThat(joined.inside().addresses().ipv6()).hasToString("fd87::9/64");
    assertThat(inside("ip", "-d", "-o", "link", "show", "eth0")).contains("macvlan");
    driver().leave(macvlan, ENDPOINT);
    assertThat(inside("ip", "-o", "link")).doesNotContain("eth0");
  }

  @Test
  void whatFailsHalfWayIsDetached() throws IOException {
    program("broken", "echo '{\"code\":7,\"msg\":\"no way\",\"details\":\"at all\"}'; exit 1\n");
    Files.writeString(
        folder.resolve("net.d/10-blue.conflist"),
        BRIDGE.replace("\"type\":\"portmap\"", "\"type\":\"broken\""));
    NetworkRecord network = network(Map.of());
    assertThatThrownBy(() -> driver().join(request(network, SandboxSpec.Ports.NONE)))
        .isInstanceOf(EngineException.class)
        .hasMessage("plugin type=\"broken\" failed (add): no way; at all");
    program("broken", "exit 0\n");
    driver().deleteEndpoint(network, ENDPOINT);
    assertThat(holdings.all()).isEmpty();
    assertThat(inside("ip", "-o", "link")).doesNotContain("eth0");
    assertThat(Files.exists(Path.of("/var/lib/cni/networks/blue/10.85.0.2"))).isFalse();
  }

  @Test
  void onePluginThatHangsIsKilledWithAllItStarted() throws IOException {
    program("hung", "sleep 333 &\nsleep 333\n");
    CniDriver impatient =
        new CniDriver(
            new CniPaths(List.of(), List.of(folder.resolve("bin"))),
            holdings,
            Duration.ofMillis(300));
    NetworkRecord network =
        network(Map.of("config", "{\"cniVersion\":\"1.0.0\",\"type\":\"hung\"}"));
    assertThatThrownBy(() -> impatient.join(request(network, SandboxSpec.Ports.NONE)))
        .hasMessageContaining("no answer within");
    assertThat(holdings.all()).hasSize(1);
    assertThat(HostCommand.attempt("pgrep", "-f", "sleep 333").output()).isEmpty();
  }

  @Test
  void pluginsGetTheWordsOfTheSpecificationAndNothingElse() throws IOException {
    program(
        "spy",
        "env | sort > %s/env; ls -l /proc/self/fd > %s/fds; cat > %s/stdin\n"
                .formatted(folder, folder, folder)
            + "echo '{\"cniVersion\":\"1.0.0\",\"ips\":[{\"address\":\"10.9.9.9/24\"}]}'\n");
    NetworkRecord network =
        network(
            Map.of(
                "config",
                "{\"cniVersion\":\"1.0.0\",\"name\":\"spied\",\"type\":\"spy\",\"capabilities\":"
                    + "{\"mac\":true}}",
                "args",
                "COLOUR=red"));
    JoinRequest request =
        new JoinRequest(
            network,
            ENDPOINT,
            new EndpointAddresses("02:00:00:00:00:07", null, null),
            key,
            Map.of("args", "SHAPE=round"),
            new EndpointOwner(CONTAINER, "one", SandboxSpec.Ports.NONE),
            "eth3");
    driver().join(request);
    assertThat(Files.readString(folder.resolve("env")))
        .contains("CNI_COMMAND=ADD")
        .contains("CNI_CONTAINERID=" + CONTAINER)
        .contains("CNI_NETNS=" + key)
        .contains("CNI_IFNAME=eth3")
        .contains("IgnoreUnknown=1")
        .contains("COLOUR=red")
        .contains("SHAPE=round")
        .doesNotContain("JAVA");
    assertThat(Files.readString(folder.resolve("stdin")))
        .contains("\"runtimeConfig\":{\"mac\":\"02:00:00:00:00:07\"}")
        .contains("\"name\":\"spied\"");
    assertThat(Files.readString(folder.resolve("fds")).lines().filter(l -> l.contains("->")))
        .hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void whatCannotWorkIsRefusedAtOnce() {
    assertThatThrownBy(() -> network(Map.of()))
        .hasMessageStartingWith("CNI configuration \"blue\" not found in");
    assertThatThrownBy(() -> network(Map.of("config", "{")))
        .hasMessageStartingWith("the CNI configuration is not JSON");
    assertThatThrownBy(() -> network(Map.of("config", "{\"type\":\"../sh\"}")))
        .hasMessageContaining("names no plugin");
    assertThatThrownBy(() -> network(Map.of("config", "{\"type\":\"nosuch\"}")))
        .hasMessageStartingWith("failed to find plugin \"nosuch\" in path");
    NetworkRecord ptp = network(Map.of("config", "{\"cniVersion\":\"1.0.0\",\"type\":\"ptp\"}"));
    SandboxSpec.Port web = new SandboxSpec.Port(80, "tcp");
    SandboxSpec.Ports ports =
        new SandboxSpec.Ports(List.of(), List.of(new SandboxSpec.PublishedPort(web, "", 1, 1)));
    assertThatThrownBy(() -> driver().join(request(ptp, ports)))
        .hasMessageContaining("none has the capability portMappings");
  }
}
