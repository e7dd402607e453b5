package dev.berth.it;

import java.util.ArrayList;
import java.util.List;

/**
 * A machine next to the engine's host: the namespace {@code out}, 198.51.100.2 and 2001:db8:9::2,
 * with the host as router (198.51.100.1, 2001:db8:9::1) to all addresses that containers have. On
 * port 7000 it tells visitors by which address they come.
 */
final class Neighbour implements AutoCloseable {
  static final String HOST_INTERFACE = "up0";
  private final Scene scene;

  private Neighbour(Scene scene) {
    this.scene = scene;
  }

  static Neighbour of(Scene scene) {
    scene
        .host(
            "ip netns add out && ip link add up0 type veth peer name eth0 netns out"
                + " && ip addr add 198.51.100.1/24 dev up0 && ip link set up0 up"
                + " && ip addr add 2001:db8:9::1/64 dev up0 nodad"
                + " && ip -n out addr add 198.51.100.2/24 dev eth0"
                + " && ip -n out addr add 2001:db8:9::2/64 dev eth0 nodad"
                + " && ip -n out link set eth0 up && ip -n out link set lo up"
                + " && ip -n out route add 172.16.0.0/12 via 198.51.100.1"
                + " && ip -n out route add 10.0.0.0/8 via 198.51.100.1"
                + " && ip -n out route add 127.0.0.0/9 via 198.51.100.1"
                + " && ip -n out -6 route add fd00::/8 via 2001:db8:9::1")
        .ok();
    scene
        .host(
            """
            mkdir -p %1$s/cgi-bin
            printf '#!/bin/sh\\necho; echo $REMOTE_ADDR\\n' > %1$s/cgi-bin/who
            chmod +x %1$s/cgi-bin/who
            ip netns exec out busybox httpd -p 7000 -h %1$s
            """
                .formatted(scene.engine().folder().resolve("neighbour")))
        .ok();
    return new Neighbour(scene);
  }

  /** A shell line there. */
  Command.Result run(String line) {
    return scene.engine().onHost("ip", "netns", "exec", "out", "sh", "-c", line).run();
  }

  /** What it reads from a web server, or nothing. */
  String fetch(String authority) {
    return run("timeout 2 busybox wget -q -O - http://" + authority + "/").line();
  }

  /** It reads this, soon: neighbours may have to find each other first. */
  void reads(String page, String authority) {
    Eventually.equal(page, () -> fetch(authority));
  }

  /** It gets an answer from an address, soon. */
  void reaches(String address) {
    String line = "busybox ping -c 1 -W 2 " + address;
    Eventually.holds(address + " answers", () -> run(line).exitCode() == 0);
  }

  /** The address that it sees a container come from, by a TCP connection. */
  String sees(String container, String ownAddress) {
    String host = ownAddress.contains(":") ? "[" + ownAddress + "]" : ownAddress;
    String line = "timeout 2 wget -q -O - http://" + host + ":7000/cgi-bin/who";
    List<String> seen = new ArrayList<>();
    Eventually.holds(
        container + " reaches " + ownAddress,
        () -> {
          Command.Result answer = scene.in(container, line);
          seen.add(answer.line());
          return answer.exitCode() == 0;
        });
    return seen.getLast().replaceAll("^\\[(::ffff:)?|\\]$|^::ffff:", "");
  }

  @Override
  public void close() {
    scene.host("ip netns del out");
  }
}
