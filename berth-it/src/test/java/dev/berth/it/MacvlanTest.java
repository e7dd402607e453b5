package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Networks on an interface of the host. */
@Tag("blackbox")
class MacvlanTest extends SceneTest {
  @BeforeAll
  static void makeParent() {
    scene
        .host("ip link add mvp type veth peer name mvq && ip link set mvp up && ip link set mvq up")
        .ok();
  }

  private static String options(String mode) {
    return "\"Driver\":\"macvlan\",\"Options\":{\"parent\":\"mvp\",\"macvlan_mode\":\""
        + mode
        + "\"}";
  }

  private static String pool(String subnet) {
    return ",\"IPAM\":{\"Config\":[{\"Subnet\":\"" + subnet + "\"}]}";
  }

  @Test
  @DisplayName("private, vepa and bridge share a parent, passthru does not (net-215, net-219)")
  void sharedParent() {
    String id = scene.network("m1", options("bridge") + pool("10.90.1.0/24"));
    scene.network("m2", options("private") + pool("10.90.2.0/24"));
    scene.network("m3", options("vepa") + pool("10.90.3.0/24"));
    ApiClient.Answer alone = scene.create("m4", options("passthru") + pool("10.90.4.0/24"));
    assertThat(alone.status()).isEqualTo(500);
    assertThat(alone.message())
        .matches(
            "cannot use mode passthru, macvlan network [0-9a-f]{64} is already using parent"
                + " interface mvp");
    refuses(
        scene.create("m5", options("bad") + pool("10.90.5.0/24")),
        500,
        "requested macvlan mode 'bad' is not valid, 'bridge' mode is the macvlan driver default");
    assertThat(scene.inspect("m1").path("Id").asText()).isEqualTo(id);
    assertThat(scene.get("/networks").json()).hasSize(6);
  }

  @Test
  @DisplayName("containers of a macvlan reach each other and what is behind the parent")
  void traffic() {
    scene.network("m1", options("bridge") + pool("10.90.1.0/24"));
    scene.on("m1", "aa");
    scene.on("m1", "bb");
    assertThat(scene.in("aa", "ping -c 1 -W 3 " + scene.address("bb", "m1")).exitCode()).isZero();
    assertThat(scene.in("aa", "ping -c 1 -W 3 bb").exitCode()).isZero();
    scene
        .host(
            "ip netns add far && ip link set mvq netns far && ip -n far addr add 10.90.1.200/24 dev"
                + " mvq && ip -n far link set mvq up")
        .ok();
    try {
      assertThat(scene.in("aa", "ping -c 1 -W 3 10.90.1.200").exitCode()).isZero();
    } finally {
      scene.host("ip -n far link set mvq netns 1; ip netns del far");
    }
  }

  @Test
  @DisplayName("without a parent a dummy interface is made where the kernel has one")
  void noParent() {
    boolean dummy = scene.host("ip link add dm9 type dummy").exitCode() == 0;
    scene.host("ip link del dm9");
    ApiClient.Answer made = scene.create("mi", "\"Driver\":\"macvlan\",\"Internal\":true");
    if (dummy) {
      assertThat(made.status()).isEqualTo(201);
    } else {
      assertThat(made.status()).isEqualTo(500);
      assertThat(made.message()).contains("CONFIG_DUMMY");
    }
  }

  @Test
  @DisplayName(
      "a VLAN or ipvlan that this kernel lacks is refused by the option's name"
          + " (net-217, net-221)")
  void missingInKernel() {
    boolean vlan = scene.host("ip link add link mvp name mvp.9 type vlan id 9").exitCode() == 0;
    scene.host("ip link del mvp.9");
    ApiClient.Answer tagged =
        scene.create(
            "tagged",
            "\"Driver\":\"macvlan\",\"Options\":{\"parent\":\"mvp.50\"}" + pool("10.90.6.0/24"));
    if (vlan) {
      assertThat(tagged.status()).isEqualTo(201);
    } else {
      assertThat(tagged.status()).isEqualTo(500);
      assertThat(tagged.message())
          .startsWith("failed to create mvp.50 vlan link: operation not supported")
          .contains("CONFIG_VLAN_8021Q");
    }
    boolean ipvlan = scene.host("ip link add link mvp name ipv9 type ipvlan").exitCode() == 0;
    scene.host("ip link del ipv9");
    scene.network(
        "iv", "\"Driver\":\"ipvlan\",\"Options\":{\"parent\":\"mvp\"}" + pool("10.90.7.0/24"));
    ApiClient.Answer started = scene.start("aa", Scene.mode("iv"));
    if (ipvlan) {
      assertThat(started.status()).isEqualTo(204);
    } else {
      assertThat(started.status()).isEqualTo(500);
      assertThat(started.message())
          .contains("failed to create the ipvlan port: operation not supported")
          .contains("CONFIG_IPVLAN");
    }
  }
}
