package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a container gets from its networks: addresses, MAC, files, gateways and limits. */
@Tag("blackbox")
class ContainerNetworkTest extends SceneTest {
  private static List<String> hosts(String container) {
    return scene.in(container, "cat /etc/hosts").ok().lines();
  }

  @ParameterizedTest(name = "mode [{0}] is bridge (net-115)")
  @ValueSource(strings = {"", "default", "bridge"})
  void defaultMode(String mode) {
    scene.createContainer("aa", Scene.mode(mode));
    assertThat(scene.container("aa").path("HostConfig").path("NetworkMode").asText())
        .isEqualTo("bridge");
  }

  @Test
  @DisplayName("a container may be created on two networks (net-117)")
  void twoNetworks() {
    scene.network("u1", "");
    scene.network("u2", "");
    String endpoints =
        "\"NetworkingConfig\":{\"EndpointsConfig\":{\"u1\":{},\"u2\":{}}}," + Scene.mode("u1");
    scene.running("aa", endpoints);
    assertThat(scene.container("aa").path("NetworkSettings").path("Networks")).hasSize(2);
    assertThat(scene.in("aa", "ls /sys/class/net").lines()).containsExactly("eth0", "eth1", "lo");
  }

  @Test
  @DisplayName("a MAC for the whole container works and warns from 1.44 on (net-121)")
  void containerWideMac() {
    String body =
        "{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"1000\"],\"MacAddress\":\"02:42:0a:00:00:07\"}";
    ApiClient.Answer now = scene.post("/v1.44/containers/create?name=now", body);
    assertThat(now.status()).isEqualTo(201);
    assertThat(now.json().path("Warnings").toString())
        .isEqualTo(
            "[\"The container-wide MacAddress field is now deprecated. It should be specified in"
                + " EndpointsConfig instead.\"]");
    ApiClient.Answer before = scene.post("/v1.43/containers/create?name=before", body);
    assertThat(before.status()).isEqualTo(201);
    assertThat(before.json().path("Warnings")).isEmpty();
    for (String name : List.of("now", "before")) {
      assertThat(scene.start(name).status()).isEqualTo(204);
      assertThat(scene.in(name, "cat /sys/class/net/eth0/address").line())
          .isEqualTo("02:42:0a:00:00:07");
      scene.stop(name);
    }
  }

  @Test
  @DisplayName("a MAC nobody asked for is local, and new at each start (net-123)")
  void randomMac() {
    scene.running("aa", "");
    String first = scene.in("aa", "cat /sys/class/net/eth0/address").line();
    assertThat(Integer.parseInt(first.substring(0, 2), 16) & 3).isEqualTo(2);
    scene.stop("aa");
    scene.start("aa");
    assertThat(scene.in("aa", "cat /sys/class/net/eth0/address").line()).isNotEqualTo(first);
  }

  @Test
  @DisplayName("a container's name has two characters at least (net-125)")
  void shortName() {
    refuses(
        scene.createContainer("a", ""),
        400,
        "Invalid container name (a), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
  }

  @Test
  @DisplayName("/etc/hosts has the loopback names, the user's, then the container's (net-127)")
  void hostsFile() {
    scene.network("six", "\"EnableIPv6\":true");
    scene.running(
        "aa",
        "\"Hostname\":\"hh\",\"HostConfig\":{\"NetworkMode\":\"six\",\"ExtraHosts\":[\"box:10.1.2.3\"]}");
    assertThat(hosts("aa"))
        .containsExactly(
            "127.0.0.1\tlocalhost",
            "::1\tlocalhost ip6-localhost ip6-loopback",
            "fe00::\tip6-localnet",
            "ff00::\tip6-mcastprefix",
            "ff02::1\tip6-allnodes",
            "ff02::2\tip6-allrouters",
            "10.1.2.3\tbox",
            scene.address("aa", "six") + "\thh",
            scene.endpoint("aa", "six").path("GlobalIPv6Address").asText() + "\thh");
  }

  @Test
  @DisplayName("hosts, hostname and resolv.conf are the engine's own files (net-129)")
  void engineFiles() {
    scene.running("aa", "");
    String mounts = scene.in("aa", "cat /proc/self/mountinfo").text();
    for (String file : List.of("/etc/hosts", "/etc/hostname", "/etc/resolv.conf")) {
      assertThat(mounts).contains(" " + file + " ");
    }
    String data = scene.engine().dataRoot().toString();
    JsonNode container = scene.container("aa");
    for (String path : List.of("HostsPath", "HostnamePath", "ResolvConfPath")) {
      assertThat(container.path(path).asText()).startsWith(data);
    }
    scene.in("aa", "echo 10.9.9.9 byhand >> /etc/hosts").ok();
    assertThat(hosts("aa")).contains("10.9.9.9 byhand");
    scene.stop("aa");
    scene.start("aa");
    assertThat(hosts("aa")).doesNotContain("10.9.9.9 byhand");
  }

  @Test
  @DisplayName("the host's own settings cannot be changed from host mode (net-131)")
  void hostSysctl() {
    Command.Result run =
        scene.docker(
            "run",
            "--rm",
            "--network",
            "host",
            "--sysctl",
            "net.ipv4.ip_forward=0",
            "busybox",
            "true");
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.errors())
        .contains("sysctl \"net.ipv4.ip_forward\" not allowed in host network namespace");
  }

  @ParameterizedTest(name = "priorities {0} and {1} send packets by {2} (net-133)")
  @CsvSource({"0, 5, eth1", "5, 0, eth0", "-5, 0, eth1", "0, 0, eth0"})
  void gatewayPriority(int first, int second, String exit) {
    scene.network("g1", "");
    scene.network("g2", "");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "aa",
            "--network",
            "name=g1,gw-priority=" + first,
            "--network",
            "name=g2,gw-priority=" + second,
            "busybox",
            "sleep",
            "1000")
        .ok();
    String wanted = exit.equals("eth0") ? "g1" : "g2";
    String gateway = scene.endpoint("aa", wanted).path("Gateway").asText();
    assertThat(scene.in("aa", "ip -4 route show default").line())
        .startsWith("default via " + gateway + " ");
  }

  @Test
  @DisplayName("published ports follow the gateway and stay as they are (net-135)")
  void portsFollowGateway() {
    scene.network("g1", "");
    scene.network("g2", "");
    scene.server("web", "--network", "g1", "-p", "8087:80");
    scene.readsOnHost("page of web", "127.0.0.1:8087");
    scene.docker("network", "connect", "--gw-priority", "10", "g2", "web").ok();
    assertThat(scene.host("iptables-save -t nat; nft list ruleset").text())
        .contains(scene.address("web", "g2"));
    scene.readsOnHost("page of web", "127.0.0.1:8087");
    assertThat(scene.docker("port", "web").lines()).contains("80/tcp -> 0.0.0.0:8087");
    assertThat(scene.disconnect("g1", "web").status()).isEqualTo(200);
    scene.readsOnHost("page of web", "127.0.0.1:8087");
    assertThat(scene.docker("port", "web").lines()).contains("80/tcp -> 0.0.0.0:8087");
  }

  @Test
  @DisplayName("a dynamic address is free as soon as its container stops (net-047)")
  void addressReuse() {
    scene.network("u1", "");
    scene.on("u1", "aa");
    String first = scene.address("aa", "u1");
    scene.stop("aa");
    scene.on("u1", "bb");
    assertThat(scene.address("bb", "u1")).isEqualTo(first);
    scene.start("aa");
    assertThat(scene.address("aa", "u1")).isNotEqualTo(first).isNotEmpty();
  }

  @Test
  @DisplayName("an address that changes hands is reached at once, by IPv4 and IPv6")
  void addressChangesHands() {
    scene.network("u1", "\"EnableIPv6\":true");
    scene.on("u1", "peer");
    String address = "";
    for (String name : List.of("first", "second", "third")) {
      scene.server(name, "--network", "u1");
      assertThat(address).isIn("", scene.address(name, "u1"));
      address = scene.address(name, "u1");
      String six = scene.endpoint(name, "u1").path("GlobalIPv6Address").asText();
      scene.reads("page of " + name, "peer", address);
      scene.reads("page of " + name, "peer", "[" + six + "]");
      scene.delete("/containers/" + name + "?force=1");
    }
  }

  @Test
  @DisplayName("the address a stopped container asked for waits for it")
  void staticAddressWaits() {
    scene.subnet("u1", "10.73.0.0/24");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "aa",
            "--network",
            "u1",
            "--ip",
            "10.73.0.2",
            "busybox",
            "sleep",
            "1000")
        .ok();
    scene.stop("aa");
    scene.on("u1", "bb");
    assertThat(scene.address("bb", "u1")).isEqualTo("10.73.0.3");
    assertThat(scene.start("aa").status()).isEqualTo(204);
    assertThat(scene.address("aa", "u1")).isEqualTo("10.73.0.2");
  }

  @Test
  @DisplayName("it waits also over restarts of the engine, and when asked for by connect")
  void staticAddressWaitsOverRestarts() {
    scene.subnet("u1", "10.73.0.0/24");
    scene.createContainer("aa", "");
    scene.connect("u1", "aa", "\"IPAMConfig\":{\"IPv4Address\":\"10.73.0.2\"}");
    scene.createContainer(
        "bb",
        Scene.mode("u1")
            + ",\"NetworkingConfig\":{\"EndpointsConfig\":{\"u1\":"
            + "{\"IPAMConfig\":{\"IPv4Address\":\"10.73.0.3\"}}}}");
    scene.on("u1", "cc");
    assertThat(scene.address("cc", "u1")).isEqualTo("10.73.0.4");
    scene.stop("cc");
    scene.engine().killEngine();
    scene.engine().startEngine();
    assertThat(scene.start("cc").status()).isEqualTo(204);
    assertThat(scene.address("cc", "u1")).isEqualTo("10.73.0.4");
    assertThat(scene.start("aa").status()).isEqualTo(204);
    assertThat(scene.address("aa", "u1")).isEqualTo("10.73.0.2");
    assertThat(scene.start("bb").status()).isEqualTo(204);
    assertThat(scene.disconnect("u1", "aa").status()).isEqualTo(200);
    scene.on("u1", "dd");
    assertThat(scene.address("dd", "u1")).isEqualTo("10.73.0.2");
  }

  @Test
  @DisplayName("a static address may lie outside of the range of dynamic ones (net-049)")
  void staticOutsideRange() {
    scene.network(
        "u1",
        "\"IPAM\":{\"Config\":[{\"Subnet\":\"10.73.0.0/24\",\"IPRange\":\"10.73.0.128/25\"}]}");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "aa",
            "--network",
            "u1",
            "--ip",
            "10.73.0.5",
            "busybox",
            "sleep",
            "1000")
        .ok();
    assertThat(scene.address("aa", "u1")).isEqualTo("10.73.0.5");
    scene.on("u1", "bb");
    assertThat(scene.address("bb", "u1")).startsWith("10.73.0.1");
  }

  @Test
  @DisplayName("auxiliary addresses and gateway are not handed out (net-051)")
  void auxiliaryAddress() {
    scene.network(
        "u1",
        "\"IPAM\":{\"Config\":[{\"Subnet\":\"10.75.0.0/24\",\"Gateway\":\"10.75.0.254\","
            + "\"AuxiliaryAddresses\":{\"router\":\"10.75.0.1\"}}]}");
    scene.on("u1", "aa");
    assertThat(scene.address("aa", "u1")).isEqualTo("10.75.0.2");
    assertThat(scene.in("aa", "ip route show default").line())
        .startsWith("default via 10.75.0.254 ");
  }

  @ParameterizedTest(name = "{0} is the network's own (net-053)")
  @ValueSource(strings = {"10.73.0.0", "10.73.0.255", "10.73.0.1"})
  void ownAddresses(String address) {
    scene.subnet("u1", "10.73.0.0/24");
    scene.createContainer(
        "aa",
        Scene.mode("u1")
            + ",\"NetworkingConfig\":{\"EndpointsConfig\":{\"u1\":{\"IPAMConfig\":{\"IPv4Address\":\""
            + address
            + "\"}}}}");
    refuses(
        scene.start("aa"), 403, "failed to set up container networking: Address already in use");
    assertThat(scene.inspect("u1").path("Containers")).isEmpty();
  }

  @Test
  @DisplayName("an address is given to one container only")
  void takenAddress() {
    scene.subnet("u1", "10.73.0.0/24");
    scene.on("u1", "aa");
    Command.Result second =
        scene.docker("run", "-d", "--network", "u1", "--ip", scene.address("aa", "u1"), "busybox");
    assertThat(second.exitCode()).isEqualTo(125);
    assertThat(second.errors())
        .contains("failed to set up container networking: Address already in use");
  }

  @Test
  @DisplayName("a full network says so")
  void exhausted() {
    String id = scene.subnet("small", "10.73.0.0/30");
    scene.on("small", "aa");
    ApiClient.Answer full = scene.start("bb", Scene.mode("small"));
    assertThat(full.status()).isEqualTo(500);
    assertThat(full.message())
        .isEqualTo(
            "failed to set up container networking: no available IPv4 addresses on this network's"
                + " address pools: small ("
                + id
                + ")");
    scene.stop("aa");
    assertThat(scene.start("bb").status()).isEqualTo(204);
  }

  @Test
  @DisplayName("the MTU of a network is that of its interfaces (net-055)")
  void mtu() {
    scene.network("u1", "\"Options\":{\"com.docker.network.driver.mtu\":\"1234\"}");
    scene.on("u1", "aa");
    assertThat(scene.in("aa", "cat /sys/class/net/eth0/mtu").line()).isEqualTo("1234");
  }

  @Test
  @DisplayName("an IPv6 address is echoed and usable at once (net-211)")
  void staticIpv6() {
    scene.network(
        "six", "\"EnableIPv6\":true,\"IPAM\":{\"Config\":[{\"Subnet\":\"fd00:91::/64\"}]}");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "aa",
            "--network",
            "six",
            "--ip6",
            "fd00:91::99",
            "busybox",
            "sleep",
            "1000")
        .ok();
    JsonNode endpoint = scene.endpoint("aa", "six");
    assertThat(endpoint.path("IPAMConfig").path("IPv6Address").asText()).isEqualTo("fd00:91::99");
    assertThat(endpoint.path("GlobalIPv6Address").asText()).isEqualTo("fd00:91::99");
    assertThat(scene.in("aa", "ip -6 -o addr show eth0 scope global").text())
        .contains("fd00:91::99/64")
        .doesNotContain("tentative");
    assertThat(scene.in("aa", "cat /proc/sys/net/ipv6/conf/eth0/accept_ra").line()).isEqualTo("0");
    scene.on("six", "bb");
    assertThat(scene.in("bb", "ping -6 -c 1 -W 2 fd00:91::99").exitCode()).isZero();
    scene.running("four", "");
    assertThat(scene.in("four", "ip -6 addr show eth0").line()).isEmpty();
  }
}
