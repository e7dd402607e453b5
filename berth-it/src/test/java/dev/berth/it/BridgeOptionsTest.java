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

/** Options of bridge networks and of the interfaces on them, as the kernel shows them. */
@Tag("blackbox")
class BridgeOptionsTest extends SceneTest {
  private static String options(String key, String value) {
    return "\"Options\":{\"com.docker.network." + key + "\":\"" + value + "\"}";
  }

  @ParameterizedTest(name = "{0} is no option of a bridge")
  @ValueSource(
      strings = {
        "bridge.enable_iccc",
        "bridge.gateway_mode",
        "driver.MTU",
        "endpoint.ifname",
        "bridge.vlan_filtering"
      })
  void unknownOptions(String key) {
    refuses(
        scene.create("typo", options(key, "1")),
        400,
        "unknown option \"com.docker.network." + key + "\" for the bridge driver");
    assertThat(scene.get("/networks/typo").status()).isEqualTo(404);
  }

  @ParameterizedTest(name = "{0}={1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "bridge.host_binding_ipv4 | here | nil ip",
        "host_ipv4                | here | nil ip",
        "host_ipv6                | ::g  | nil ip"
      })
  void unreadableAddresses(String key, String value, String reason) {
    refuses(
        scene.create("bad", options(key, value)),
        400,
        "failed to parse com.docker.network." + key + " value: " + value + " (" + reason + ")");
  }

  @Test
  @DisplayName("a negative MTU is refused, as is a network without a family")
  void impossible() {
    refuses(scene.create("mm", options("driver.mtu", "-5")), 400, "invalid MTU number: -5");
    refuses(
        scene.create("ms", "\"EnableIPv6\":true," + options("driver.mtu", "1279")),
        400,
        "invalid MTU number: 1279 (IPv6 needs 1280 at least)");
    refuses(scene.create("nn", "\"EnableIPv4\":false"), 400, "IPv4 or IPv6 must be enabled");
  }

  @ParameterizedTest(name = "{0} is no subnet for a bridge: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "ff02::/64   | 400 | multicast subnet 'ff02::1/64' is not allowed",
        "fe80::/80   | 400 | 'fe80::1/80' clashes with the Link-Local prefix 'fe80::/64'",
        "::/0        | 400 | ipv6 pool is empty"
      })
  void impossibleSubnets(String subnet, int status, String message) {
    refuses(
        scene.create(
            "odd", "\"EnableIPv6\":true,\"IPAM\":{\"Config\":[{\"Subnet\":\"" + subnet + "\"}]}"),
        status,
        message);
    assertThat(scene.get("/networks/odd").status()).isEqualTo(404);
  }

  @Test
  @DisplayName("a bridge somebody made is used as it is and stays when the network goes")
  void existingBridge() {
    scene.host("ip link add own7 type bridge && ip addr add 10.71.9.1/24 dev own7").ok();
    scene.network(
        "onit",
        "\"IPAM\":{\"Config\":[{\"Subnet\":\"10.71.0.0/24\"}]}," + options("bridge.name", "own7"));
    scene.server("web", "--network", "onit");
    scene.readsOnHost("page of web", scene.address("web", "onit"));
    assertThat(scene.host("ip -4 -o addr show own7").text())
        .contains("10.71.9.1/24")
        .contains("10.71.0.1/24");
    scene.clear();
    assertThat(scene.host("ip -4 -o addr show own7").text()).contains("10.71.9.1/24");
    scene.host("ip link del own7").ok();
  }

  @Test
  @DisplayName("DefaultGatewayIPv4 and -IPv6 send containers to another router than the bridge")
  void otherGateway() {
    scene.network(
        "routed",
        "\"EnableIPv6\":true,\"IPAM\":{\"Config\":["
            + "{\"Subnet\":\"10.72.0.0/24\",\"Gateway\":\"10.72.0.1\","
            + "\"AuxiliaryAddresses\":{\"DefaultGatewayIPv4\":\"10.72.0.2\"}},"
            + "{\"Subnet\":\"fd00:72::/64\","
            + "\"AuxiliaryAddresses\":{\"DefaultGatewayIPv6\":\"fd00:72::2\"}}]}");
    String id = scene.inspect("routed").path("Id").asText();
    scene.on("routed", "aa");
    assertThat(scene.host("ip -o addr show br-" + id.substring(0, 12)).text())
        .contains("10.72.0.1/24")
        .contains("fd00:72::1/64");
    assertThat(scene.address("aa", "routed")).isEqualTo("10.72.0.3");
    assertThat(scene.in("aa", "ip route show default").line()).startsWith("default via 10.72.0.2 ");
    assertThat(scene.in("aa", "ip -6 route show default").line())
        .startsWith("default via fd00:72::2 ");
    assertThat(scene.endpoint("aa", "routed").path("Gateway").asText()).isEqualTo("10.72.0.2");
    assertThat(scene.endpoint("aa", "routed").path("IPv6Gateway").asText()).isEqualTo("fd00:72::2");
  }

  @Test
  @DisplayName("interfaces are called as container_iface_prefix says, or as ifname does")
  void interfaceNames() {
    scene.network("lan", options("container_iface_prefix", "lan"));
    scene.network("plain", "");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "aa",
            "--network",
            "lan",
            "--network",
            "name=plain,driver-opt=com.docker.network.endpoint.ifname=mgmt0",
            "busybox",
            "sleep",
            "1000")
        .ok();
    assertThat(scene.in("aa", "ls /sys/class/net").lines()).containsExactly("lan0", "lo", "mgmt0");
    scene.docker("restart", "-t", "0", "aa").ok();
    assertThat(scene.in("aa", "ls /sys/class/net").lines()).containsExactly("lan0", "lo", "mgmt0");
    assertThat(scene.in("aa", "ip -4 -o addr show mgmt0").text())
        .contains(scene.address("aa", "plain") + "/");
  }

  @Test
  @DisplayName("endpoint.sysctls are set on the interface and checked before")
  void endpointSysctls() {
    scene.network("tuned", "\"EnableIPv6\":true");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "aa",
            "--network",
            "name=tuned,\"driver-opt=com.docker.network.endpoint.sysctls="
                + "net.ipv4.conf.IFNAME.log_martians=1,net.ipv6.conf.IFNAME.accept_ra=2\"",
            "busybox",
            "sleep",
            "1000")
        .ok();
    assertThat(scene.in("aa", "cat /proc/sys/net/ipv4/conf/eth0/log_martians").line())
        .isEqualTo("1");
    assertThat(scene.in("aa", "cat /proc/sys/net/ipv6/conf/eth0/accept_ra").line()).isEqualTo("2");
    scene.running("bb", "");
    refuses(
        scene.connect(
            "tuned",
            "bb",
            "\"DriverOpts\":{\"com.docker.network.endpoint.sysctls\":"
                + "\"net.ipv4.conf.eth0.log_martians=1\"}"),
        400,
        "invalid endpoint settings:\n"
            + "unrecognised network interface sysctl 'net.ipv4.conf.eth0.log_martians=1'; represent"
            + " 'net.X.Y.ethN.Z=V' as 'net.X.Y.IFNAME.Z=V', 'X' must be 'ipv4', 'ipv6' or 'mpls'");
    ApiClient.Answer missing =
        scene.connect(
            "tuned",
            "bb",
            "\"DriverOpts\":{\"com.docker.network.endpoint.sysctls\":"
                + "\"net.ipv4.conf.IFNAME.nosuch=1\"}");
    assertThat(missing.status()).isGreaterThanOrEqualTo(400);
    assertThat(scene.in("bb", "ls /sys/class/net").lines()).containsExactly("eth0", "lo");
    assertThat(scene.inspect("tuned").path("Containers")).hasSize(1);
  }

  @Test
  @DisplayName("a wanted MAC address is used, kept over restarts, and may not be nonsense")
  void macAddress() {
    scene.network("u1", "");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "aa",
            "--network",
            "name=u1,mac-address=02:42:ac:11:00:99",
            "busybox",
            "sleep",
            "1000")
        .ok();
    for (int run = 0; run < 2; run++) {
      assertThat(scene.in("aa", "cat /sys/class/net/eth0/address").line())
          .isEqualTo("02:42:ac:11:00:99");
      assertThat(scene.endpoint("aa", "u1").path("MacAddress").asText())
          .isEqualTo("02:42:ac:11:00:99");
      scene.docker("restart", "-t", "0", "aa").ok();
    }
    scene.running("bb", "");
    refuses(scene.connect("u1", "bb", "\"MacAddress\":\"zz\""), 400, "invalid MAC address zz");
    refuses(
        scene.createContainer(
            "cc", "\"NetworkingConfig\":{\"EndpointsConfig\":{\"u1\":{\"MacAddress\":\"zz\"}}}"),
        400,
        "invalid config for network u1: invalid MAC address zz");
  }

  @Test
  @DisplayName("all that --network says of several networks is there, and again after restarts")
  void severalNetworks() {
    scene.network("n1", "\"IPAM\":{\"Config\":[{\"Subnet\":\"10.74.1.0/24\"}]}");
    scene.network(
        "n2",
        "\"EnableIPv6\":true,\"IPAM\":{\"Config\":[{\"Subnet\":\"10.74.2.0/24\"},"
            + "{\"Subnet\":\"fd00:74::/64\"}]}");
    scene.network("n3", "");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "aa",
            "--network",
            "name=n1,ip=10.74.1.11,alias=one",
            "--network",
            "name=n2,ip=10.74.2.22,ip6=fd00:74::22,alias=two,link-local-ip=169.254.7.7,gw-priority=9",
            "--network",
            "n3",
            "busybox",
            "sleep",
            "1000")
        .ok();
    assertPlaces();
    scene.docker("restart", "-t", "0", "aa").ok();
    assertPlaces();
    scene.engine().killEngine();
    scene.engine().startEngine();
    assertPlaces();
    scene.docker("restart", "-t", "0", "aa").ok();
    assertPlaces();
  }

  private static void assertPlaces() {
    String addresses = scene.in("aa", "ip -o addr show").ok().text();
    for (String address :
        List.of("10.74.1.11/24", "10.74.2.22/24", "fd00:74::22/64", "169.254.7.7/16")) {
      assertThat(addresses).contains(" " + address + " ");
    }
    assertThat(scene.in("aa", "ip route show default").line()).startsWith("default via 10.74.2.1 ");
    JsonNode networks = scene.container("aa").at("/NetworkSettings/Networks");
    assertThat(networks).hasSize(3);
    assertThat(networks.at("/n2/IPAMConfig/LinkLocalIPs/0").asText()).isEqualTo("169.254.7.7");
    assertThat(networks.at("/n1/Aliases/0").asText()).isEqualTo("one");
    assertThat(scene.in("aa", "nslookup one. 127.0.0.11").text()).contains("10.74.1.11");
    assertThat(scene.in("aa", "nslookup two. 127.0.0.11").text()).contains("10.74.2.22");
    assertThat(scene.inspect("n2").path("Containers")).hasSize(1);
  }

  @Test
  @DisplayName("a config-only network has no link and takes no container")
  void configOnly() {
    scene.network("cfg", "\"ConfigOnly\":true," + options("bridge.name", "cfg0"));
    assertThat(scene.inspect("cfg").path("Driver").asText()).isEqualTo("null");
    assertThat(scene.host("ip link show cfg0").exitCode()).isNotZero();
    refuses(
        scene.start("aa", Scene.mode("cfg")),
        403,
        "failed to set up container networking: cannot create endpoint on configuration-only"
            + " network");
    refuses(
        scene.create("own", "\"ConfigFrom\":{\"Network\":\"cfg\"},\"Labels\":{\"a\":\"1\"}"),
        403,
        "user specified configurations are not supported if the network depends on a configuration"
            + " network");
    refuses(
        scene.create(
            "own", "\"ConfigFrom\":{\"Network\":\"cfg\"}," + options("driver.mtu", "1300")),
        403,
        "network driver options are not supported if the network depends on a configuration"
            + " network");
    refuses(
        scene.create("deep", "\"ConfigOnly\":true,\"ConfigFrom\":{\"Network\":\"cfg\"}"),
        403,
        "a configuration network cannot depend on another configuration network");
    refuses(
        scene.create("odd", "\"ConfigOnly\":true,\"Internal\":true"),
        403,
        "configuration network can only contain network specific fields. Network operator fields"
            + " like [ ingress | internal | attachable | scope ] are not supported.");
    scene.network("heir", "\"ConfigFrom\":{\"Network\":\"cfg\"},\"Internal\":true");
    assertThat(scene.host("ip link show cfg0").exitCode()).isZero();
  }

  @Test
  @DisplayName("subnets are shown in Docker's order: given ones first, IPv4 before IPv6")
  void orderOfSubnets() {
    scene.network(
        "given6", "\"EnableIPv6\":true,\"IPAM\":{\"Config\":[{\"Subnet\":\"fd00:75::/64\"}]}");
    JsonNode pools = scene.inspect("given6").at("/IPAM/Config");
    assertThat(pools.at("/0/Subnet").asText()).isEqualTo("fd00:75::/64");
    assertThat(pools.at("/0/Gateway").asText()).isEqualTo("fd00:75::1");
    assertThat(pools.at("/1/Subnet").asText()).startsWith("172.");
    scene.network(
        "both",
        "\"EnableIPv6\":true,\"IPAM\":{\"Config\":[{\"Subnet\":\"fd00:76::/64\"},"
            + "{\"Subnet\":\"10.76.0.0/24\"}]}");
    pools = scene.inspect("both").at("/IPAM/Config");
    assertThat(pools.at("/0/Subnet").asText()).isEqualTo("10.76.0.0/24");
    assertThat(pools.at("/1/Subnet").asText()).isEqualTo("fd00:76::/64");
  }

  @ParameterizedTest(name = "there is one network of the driver {0}")
  @ValueSource(strings = {"host", "null"})
  void oneOfAKind(String driver) {
    refuses(
        scene.create("second", "\"Driver\":\"" + driver + "\""),
        403,
        "only one instance of \"" + driver + "\" network is allowed");
  }
}
