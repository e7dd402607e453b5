package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;

/**
 * An interface of the engine's host, {@code par0}, with a wire to another machine: a namespace in
 * which a switch has the far end. The switch can send frames back to where they came from, as one
 * for VEPA does.
 */
final class Wire implements AutoCloseable {
  static final String PARENT = "par0";

  private final Scene scene;
  private final String far;
  private final Map<String, String> keys = new HashMap<>();

  private Wire(Scene scene, String far) {
    this.scene = scene;
    this.far = far;
  }

  /** Lays the wire; the host is 10.90.0.1 and fd90::1 on it, the other machine ends with 200. */
  static Wire lay(Scene scene) {
    String far = "far";
    scene
        .host(
            """
            set -e
            ip netns add %1$s
            ip link add par0 type veth peer name port netns %1$s
            ip addr add 10.90.0.1/24 dev par0
            ip addr add fd90::1/64 dev par0 nodad
            ip link set par0 up
            ip -n %1$s link add sw type bridge mcast_snooping 0
            ip -n %1$s link set port master sw
            ip -n %1$s addr add 10.90.0.200/24 dev sw
            ip -n %1$s addr add fd90::200/64 dev sw nodad
            ip -n %1$s link set lo up
            ip -n %1$s link set port up
            ip -n %1$s link set sw up
            """
                .formatted(far))
        .ok();
    return new Wire(scene, far);
  }

  /** A shell line on the other machine. */
  Command.Result far(String line) {
    return scene.engine().onHost("ip", "netns", "exec", far, "sh", "-c", line).run();
  }

  /** Whether the switch sends frames back to the port that they came from. */
  void hairpin(boolean on) {
    far("ip link set port type bridge_slave hairpin " + (on ? "on" : "off")).ok();
  }

  /** Lets the other machine take part in a VLAN. */
  void tag(int vlan, String address) {
    far("ip link add link sw name tag%1$d type vlan id %1$d && ip addr add %2$s dev tag%1$d"
                .formatted(vlan, address)
            + " && ip link set tag"
            + vlan
            + " up")
        .ok();
  }

  void untag(int vlan) {
    far("ip link del tag" + vlan);
  }

  /** Waits until a container gets an answer. */
  void reaches(String container, String address) {
    String line = "ping -c 1 -W 2 " + address;
    Eventually.holds(container + " reaches " + address, () -> in(container, line).exitCode() == 0);
  }

  void reachesNot(String container, String address) {
    assertThat(in(container, "ping -c 2 -i 0.2 -W 1 " + address).exitCode())
        .as("%s reaches %s", container, address)
        .isNotZero();
  }

  /**
   * A program of the host in a container's network namespace: no client, runtime and monitor have
   * to start for it, which takes seconds on an emulated processor.
   */
  Command.Result in(String container, String line) {
    String key =
        keys.computeIfAbsent(
            container,
            name -> scene.container(name).path("NetworkSettings").path("SandboxKey").asText());
    return scene.host("nsenter --net=" + key + " " + line);
  }

  /** What {@code ip -d link} says of a container's interface. */
  String link(String container) {
    return in(container, "ip -d -o link show eth0").ok().text();
  }

  /** A container's routes, of both families. */
  String routes(String container) {
    return in(container, "ip route").ok().text() + in(container, "ip -6 route").ok().text();
  }

  /** Runs a container that sleeps, with an address that nobody else on the wire has. */
  void at(String network, String name, String address) {
    String place = "{\"IPAMConfig\":{\"IPv4Address\":\"" + address + "\"}}";
    keys.remove(name);
    scene.running(
        name,
        Scene.mode(network)
            + ",\"NetworkingConfig\":{\"EndpointsConfig\":{\"%s\":%s}}".formatted(network, place));
  }

  /** Takes containers and networks away and waits until the host's links are these. */
  void clear(String links) {
    keys.clear();
    scene.clear();
    Eventually.equal(links, this::links);
  }

  /** The names of the host's links, in order. */
  String links() {
    return scene
        .host("ip -o link show | sed 's/^[0-9]*: \\([^:@]*\\).*/\\1/' | sort | paste -sd' '")
        .ok()
        .line();
  }

  @Override
  public void close() {
    scene.host("ip link del par0; ip netns del " + far);
  }
}
