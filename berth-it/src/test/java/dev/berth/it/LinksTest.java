package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Links: files and variables on the default bridge, names elsewhere. */
@Tag("blackbox")
class LinksTest extends SceneTest {
  @Test
  @DisplayName("a link on the default bridge gives a hosts line and variables (net-205)")
  void legacy() {
    scene.running(
        "lsrc",
        "\"ExposedPorts\":{\"6380/tcp\":{},\"6379/tcp\":{},\"53/udp\":{}},\"Env\":[\"FOO=bar\"]");
    String address = scene.address("lsrc", "bridge");
    String id = scene.container("lsrc").path("Id").asText().substring(0, 12);
    scene
        .docker("run", "-d", "--name", "ldst", "--link", "lsrc:redis", "busybox", "sleep", "1000")
        .ok();
    assertThat(scene.in("ldst", "cat /etc/hosts").lines())
        .contains(address + "\tredis " + id + " lsrc");
    List<String> variables = scene.in("ldst", "env").lines();
    assertThat(variables)
        .contains(
            "REDIS_NAME=/ldst/redis",
            "REDIS_PORT=tcp://" + address + ":6379",
            "REDIS_PORT_6379_TCP_START=tcp://" + address + ":6379",
            "REDIS_PORT_6379_TCP_PORT_START=6379",
            "REDIS_PORT_6379_TCP_END=tcp://" + address + ":6380",
            "REDIS_PORT_6379_TCP_PORT_END=6380",
            "REDIS_PORT_6379_TCP=tcp://" + address + ":6379",
            "REDIS_PORT_6379_TCP_ADDR=" + address,
            "REDIS_PORT_6379_TCP_PORT=6379",
            "REDIS_PORT_6379_TCP_PROTO=tcp",
            "REDIS_PORT_6380_TCP=tcp://" + address + ":6380",
            "REDIS_PORT_53_UDP=udp://" + address + ":53",
            "REDIS_ENV_FOO=bar");
    assertThat(scene.in("ldst", "ping -c 1 -W 2 redis").exitCode()).isZero();
    scene.stop("lsrc");
    assertThat(scene.in("ldst", "env").ok().text()).doesNotContain("REDIS_");
  }

  @Test
  @DisplayName("a link on the default bridge needs its target (net-207)")
  void missingTarget() {
    refuses(
        scene.createContainer("ldst", "\"HostConfig\":{\"Links\":[\"nosuch:x\"]}"),
        400,
        "could not get container for nosuch: No such container: nosuch");
    assertThat(scene.get("/containers/ldst/json").status()).isEqualTo(404);
  }

  @Test
  @DisplayName("on a user network a link is a private name (net-209)")
  void userNetwork() {
    scene.network("u1", "");
    scene.network("u2", "");
    scene.on("u1", "d1");
    scene.on("u2", "away");
    scene.on("u1", "other");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "d2",
            "--network",
            "u1",
            "--link",
            "d1:dd",
            "--link",
            "nosuch:nn",
            "--link",
            "away:aw",
            "busybox",
            "sleep",
            "1000")
        .ok();
    String address = scene.address("d1", "u1");
    assertThat(scene.in("d2", "nslookup dd. 127.0.0.11").text()).contains(address);
    assertThat(scene.in("other", "nslookup dd. 127.0.0.11").exitCode()).isNotZero();
    assertThat(scene.in("d2", "nslookup nn. 127.0.0.11").exitCode()).isNotZero();
    assertThat(scene.in("d2", "nslookup aw. 127.0.0.11").exitCode()).isNotZero();
    assertThat(scene.in("d2", "env").text()).doesNotContain("DD_");
    assertThat(scene.in("d2", "cat /etc/hosts").text()).doesNotContainPattern("\\bdd\\b");
  }
}
