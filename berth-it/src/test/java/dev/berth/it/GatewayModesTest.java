package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

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
 * How a bridge network meets the world, for either family and with either packet filter: nat,
 * nat-unprotected, routed, isolated, by which address it leaves, and who may come in directly.
 */
@Tag("blackbox")
@ParameterizedClass(name = "with {0}")
@ValueSource(strings = {"iptables", "nftables"})
class GatewayModesTest {
  private static final String BRIDGE = "com.docker.network.bridge.";
  private static Scene scene;
  private static Neighbour neighbour;

  @Parameter String backend;

  @BeforeParameterizedClassInvocation
  static void start(String backend) {
    scene = Scene.open("--firewall-backend", backend);
    neighbour = Neighbour.of(scene);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    neighbour.close();
    scene.close();
  }

  @AfterEach
  void clear() {
    scene.clear();
  }

  /** A network of both families with one option. */
  private static void network(String name, String option, String value) {
    scene.network(name, "\"EnableIPv6\":true,\"Options\":{\"" + option + "\":\"" + value + "\"}");
  }

  private static String six(String container, String network) {
    return scene.endpoint(container, network).path("GlobalIPv6Address").asText();
  }

  @Test
  @DisplayName("nat-unprotected lets routed packets reach ports that are not published")
  void unprotected() {
    network("open4", BRIDGE + "gateway_mode_ipv4", "nat-unprotected");
    network("open6", BRIDGE + "gateway_mode_ipv6", "nat-unprotected");
    scene.server("w4", "--network", "open4");
    scene.server("w6", "--network", "open6");
    neighbour.reads("page of w4", scene.address("w4", "open4"));
    assertThat(neighbour.fetch("[" + six("w4", "open4") + "]")).isEmpty();
    neighbour.reads("page of w6", "[" + six("w6", "open6") + "]");
    assertThat(neighbour.fetch(scene.address("w6", "open6"))).isEmpty();
    assertThat(neighbour.sees("w4", "198.51.100.2")).isEqualTo("198.51.100.1");
    assertThat(neighbour.sees("w6", "2001:db8:9::2")).isEqualTo("2001:db8:9::1");
  }

  @Test
  @DisplayName("routed keeps addresses and opens published ports alone, answering pings")
  void routed() {
    network("r6", BRIDGE + "gateway_mode_ipv6", "routed");
    scene.server("web", "--network", "r6", "-p", "8088:80");
    scene.server("hidden", "--network", "r6");
    String web = six("web", "r6");
    neighbour.reads("page of web", "[" + web + "]");
    assertThat(neighbour.fetch("[" + six("hidden", "r6") + "]")).isEmpty();
    neighbour.reaches(six("hidden", "r6"));
    assertThat(neighbour.sees("hidden", "2001:db8:9::2")).isEqualTo(six("hidden", "r6"));
    assertThat(neighbour.sees("hidden", "198.51.100.2")).isEqualTo("198.51.100.1");
    neighbour.reads("page of web", "198.51.100.1:8088");
    assertThat(neighbour.fetch("[2001:db8:9::1]:8088")).isEmpty();
  }

  @Test
  @DisplayName("isolated has no address of the host, and no other network may be")
  void isolated() {
    String modes =
        "\"Options\":{\""
            + BRIDGE
            + "gateway_mode_ipv4\":\"isolated\",\""
            + BRIDGE
            + "gateway_mode_ipv6\":\"isolated\"},\"EnableIPv6\":true";
    ApiClient.Answer refused = scene.create("alone", modes);
    assertThat(refused.status()).isEqualTo(500);
    assertThat(refused.message())
        .isEqualTo("gateway mode 'isolated' can only be used for an internal network");
    String id = scene.network("alone", modes + ",\"Internal\":true");
    assertThat(scene.inspect("alone").at("/IPAM/Config/0/Gateway").asText()).isEmpty();
    assertThat(scene.host("ip -o addr show br-" + id.substring(0, 12)).line())
        .doesNotContain("inet");
    scene.server("aa", "--network", "alone");
    scene.on("alone", "bb");
    scene.reads("page of aa", "bb", "aa");
    scene.reads("page of aa", "bb", "[" + six("aa", "alone") + "]");
    assertThat(scene.fetchOnHost(scene.address("aa", "alone"))).isEmpty();
    assertThat(scene.in("bb", "ip route; ip -6 route").text()).doesNotContain("default");
  }

  @Test
  @DisplayName("host_ipv4 and host_ipv6 are the addresses that packets leave with")
  void sourceAddress() {
    scene.host("ip addr add 198.51.100.77/24 dev up0").ok();
    scene.host("ip addr add 2001:db8:9::77/64 dev up0 nodad preferred_lft 0").ok();
    scene.network(
        "named",
        "\"EnableIPv6\":true,\"Options\":{\"com.docker.network.host_ipv4\":\"198.51.100.77\","
            + "\"com.docker.network.host_ipv6\":\"2001:db8:9::77\"}");
    scene.network("plain", "\"EnableIPv6\":true");
    scene.on("named", "nn");
    scene.on("plain", "pp");
    assertThat(neighbour.sees("nn", "198.51.100.2")).isEqualTo("198.51.100.77");
    assertThat(neighbour.sees("nn", "2001:db8:9::2")).isEqualTo("2001:db8:9::77");
    assertThat(neighbour.sees("pp", "198.51.100.2")).isEqualTo("198.51.100.1");
    assertThat(neighbour.sees("pp", "2001:db8:9::2")).isEqualTo("2001:db8:9::1");
  }

  @Test
  @DisplayName("a trusted host interface may send to containers directly")
  void trustedInterface() {
    scene.network(
        "trusting",
        "\"Options\":{\""
            + BRIDGE
            + "trusted_host_interfaces\":\"lan9:"
            + Neighbour.HOST_INTERFACE
            + "\"}");
    scene.network("wary", "\"Options\":{\"" + BRIDGE + "trusted_host_interfaces\":\"lan9\"}");
    scene.server("tt", "--network", "trusting", "-p", "8089:80");
    scene.server("ww", "--network", "wary", "-p", "8090:80");
    neighbour.reads("page of tt", scene.address("tt", "trusting"));
    assertThat(neighbour.fetch(scene.address("ww", "wary"))).isEmpty();
    neighbour.reads("page of ww", "198.51.100.1:8090");
  }

  @Test
  @DisplayName("masquerading is off for both families at once")
  void noMasquerade() {
    network("bare", BRIDGE + "enable_ip_masquerade", "false");
    scene.on("bare", "bb");
    assertThat(neighbour.sees("bb", "198.51.100.2")).isEqualTo(scene.address("bb", "bare"));
    assertThat(neighbour.sees("bb", "2001:db8:9::2")).isEqualTo(six("bb", "bare"));
  }

  @Test
  @DisplayName("a network with IPv6 alone publishes, resolves and leaves by IPv6")
  void ipv6Only() {
    scene.network("six", "\"EnableIPv4\":false,\"EnableIPv6\":true");
    scene.server("web", "--network", "six", "-p", "8091:80");
    scene.on("six", "peer");
    assertThat(scene.in("web", "ip -4 -o addr show eth0").line()).isEmpty();
    assertThat(scene.endpoint("web", "six").path("IPAddress").asText()).isEmpty();
    scene.reads("page of web", "peer", "web");
    neighbour.reads("page of web", "[2001:db8:9::1]:8091");
    assertThat(neighbour.fetch("198.51.100.1:8091")).isEmpty();
    assertThat(neighbour.sees("peer", "2001:db8:9::2")).isEqualTo("2001:db8:9::1");
    assertThat(scene.docker("port", "web").ok().lines()).containsExactly("80/tcp -> [::]:8091");
  }
}
