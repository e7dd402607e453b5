package dev.berth.it;

/**
 * A machine next to the engine's host: the namespace {@code out}, 198.51.100.2 and 2001:db8:9::2,
 * with the host as router (198.51.100.1, 2001:db8:9::1) to all addresses that containers have.
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

  boolean pings(String address) {
    return run("busybox ping -c 1 -W 2 " + address).exitCode() == 0;
  }

  /** The address that it sees a container come from, by a TCP connection. */
  String sees(String container, String ownAddress) {
    Command.Result seen =
        scene.host(
            "ip netns exec out timeout 5 busybox nc -l -p 7000 -e /bin/sh -c 'busybox netstat -nt |"
                + " grep :7000 | grep -v TIME_WAIT' & sleep 0.5; docker --host "
                + scene.engine().host()
                + " exec "
                + container
                + " sh -c 'timeout 3 nc "
                + ownAddress
                + " 7000 </dev/null'; wait");
    String[] words = seen.text().strip().split("\\s+");
    String peer = words.length < 5 ? seen.text() : words[4];
    return peer.substring(0, Math.max(0, peer.lastIndexOf(':'))).replace("::ffff:", "");
  }

  @Override
  public void close() {
    scene.host("ip netns del out");
  }
}
