package dev.berth.network.firewall;

import dev.berth.linux.Capture;
import dev.berth.linux.Fd;
import dev.berth.linux.Namespaces;
import dev.berth.linux.Pidfd;
import dev.berth.linux.Processes;
import dev.berth.linux.SpawnRequest;
import dev.berth.testing.Patience;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A small world of network namespaces: a host with bridges, containers on them, and a neighbour
 * outside, 192.0.2.2, which routes everything to the host, 192.0.2.1.
 */
public final class Lab implements AutoCloseable {
  /** The host's address on the wire to the neighbour. */
  public static final String HOST = "192.0.2.1";

  /** The neighbour's address. */
  public static final String NEIGHBOUR = "192.0.2.2";

  private static final Duration REFUSED_AFTER = Duration.ofMillis(400);
  private static final Duration ANSWERED_WITHIN = Patience.of(Duration.ofSeconds(3));

  private final Map<String, Fd> namespaces = new HashMap<>();
  private final Deque<Closeable> open = new ArrayDeque<>();
  private int links;

  /** Makes host and neighbour. */
  public Lab() {
    add("host");
    add("outside");
    wire("outside", "eth0", "host", "eth0");
    ip("host", "addr add 192.0.2.1/24 dev eth0");
    ip("host", "-6 addr add 2001:db8::1/64 dev eth0 nodad");
    ip("outside", "addr add 192.0.2.2/24 dev eth0");
    ip("outside", "-6 addr add 2001:db8::2/64 dev eth0 nodad");
    ip("outside", "route add default via 192.0.2.1");
    ip("outside", "-6 route add default via 2001:db8::1");
    set("host", "ipv4/ip_forward", "1");
    set("host", "ipv6/conf/all/forwarding", "1");
  }

  /** The namespace of one of the machines. */
  public Fd namespace(String machine) {
    return namespaces.get(machine);
  }

  /** The namespace as the code under test wants it. */
  public HostNamespace host() {
    return HostNamespace.of(namespace("host"));
  }

  /** Makes another machine on a wire of its own to the host, which is its default gateway. */
  public void neighbour(String name, String hostAddress, String address) {
    add(name);
    String outer = wire(name, "eth0", "host", name + "0");
    ip("host", "addr add " + hostAddress + " dev " + outer);
    ip(name, "addr add " + address + " dev eth0");
    ip(name, "route add default via " + hostAddress.substring(0, hostAddress.indexOf('/')));
  }

  /** Makes a bridge on the host, with its gateway addresses. */
  public void bridge(String name, String... gateways) {
    ip("host", "link add " + name + " type bridge");
    ip("host", "link set " + name + " up");
    for (String gateway : gateways) {
      ip("host", "addr add " + gateway + " dev " + name + (gateway.contains(":") ? " nodad" : ""));
    }
  }

  /** Makes a container on a bridge; the first gateway of each family becomes its default route. */
  public void container(String name, String bridge, String address, String gateway) {
    if (!namespaces.containsKey(name)) {
      add(name);
    }
    String inner = "eth" + links;
    String outer = wire(name, inner, "host", "veth" + links);
    ip("host", "link set " + outer + " master " + bridge);
    // Where bridged packets pass the filter too, a container's way to itself leads back by its
    // port.
    run("host", "bridge", "link", "set", "dev", outer, "hairpin", "on");
    boolean ipv6 = address.contains(":");
    ip(name, "addr add " + address + " dev " + inner + (ipv6 ? " nodad" : ""));
    ip(name, (ipv6 ? "-6 " : "") + "route add default via " + gateway);
  }

  private void add(String name) {
    Fd namespace = Namespaces.createNetwork();
    namespaces.put(name, namespace);
    ip(name, "link set lo up");
  }

  private String wire(String left, String leftName, String right, String rightName) {
    links++;
    String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + namespace(left).number();
    ip(right, "link add " + rightName + " type veth peer name " + leftName + " netns " + path);
    ip(right, "link set " + rightName + " up");
    ip(left, "link set " + leftName + " up");
    return rightName;
  }

  /** Runs the command {@code ip}. */
  public void ip(String machine, String arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments.split(" ")));
    run(machine, command.toArray(String[]::new));
  }

  /** Runs a command that must succeed and returns what it printed. */
  public String run(String machine, String... command) {
    SpawnRequest request =
        SpawnRequest.of(List.of(command)).withNamespaces(List.of(namespace(machine)));
    Capture.Result result = Capture.run(request);
    if (!result.status().isSuccess()) {
      throw new AssertionError(String.join(" ", command) + ": " + result.errors());
    }
    return result.output();
  }

  /** Sets a variable below /proc/sys/net. */
  public void set(String machine, String variable, String value) {
    HostNamespace.of(namespace(machine)).setVariable(variable, value);
  }

  private <T> T inside(String machine, Callable<T> body) {
    return Namespaces.inNetwork(namespace(machine), body);
  }

  /** Serves TCP: every visitor is told the address that it is seen with. */
  public void serve(String machine, String address, int port) {
    ServerSocketChannel server =
        inside(
            machine,
            () ->
                ServerSocketChannel.open()
                    .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                    .bind(new InetSocketAddress(InetAddress.ofLiteral(address), port)));
    open.push(server);
    Thread.ofVirtual().start(() -> greetAll(server));
  }

  private static void greetAll(ServerSocketChannel server) {
    try {
      while (true) {
        SocketChannel visitor = server.accept();
        Thread.ofVirtual().start(() -> greet(visitor));
      }
    } catch (ClosedChannelException e) {
      // The test is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One greeting at once, then an echo until the visitor ends. */
  private static void greet(SocketChannel visitor) {
    try (visitor) {
      InetSocketAddress peer = (InetSocketAddress) visitor.getRemoteAddress();
      visitor.write(bytes(Addresses.text(peer.getAddress()) + "\n"));
      ByteBuffer buffer = ByteBuffer.allocate(4096);
      while (visitor.read(buffer) >= 0) {
        buffer.flip();
        visitor.write(buffer);
        buffer.clear();
      }
    } catch (IOException e) {
      // The visitor is gone.
    }
  }

  /** Serves UDP: every datagram is answered with the address that it came from. */
  public void serveUdp(String machine, String address, int port) {
    DatagramChannel server =
        inside(
            machine,
            () ->
                DatagramChannel.open()
                    .bind(new InetSocketAddress(InetAddress.ofLiteral(address), port)));
    open.push(server);
    Thread.ofVirtual()
        .start(() -> {
          ByteBuffer buffer = ByteBuffer.allocate(4096);
          try {
            while (true) {
              InetSocketAddress peer = (InetSocketAddress) server.receive(buffer);
              server.send(bytes(Addresses.text(peer.getAddress()) + "\n"), peer);
              buffer.clear();
            }
          } catch (IOException e) {
            // The test is over.
          }
        });
  }

  /** The greeting of a TCP server, which is the address that it sees; empty when none comes. */
  public Optional<String> visit(String machine, String address, int port) {
    return visit(machine, address, port, ANSWERED_WITHIN);
  }

  /** Whether no TCP server can be reached. */
  public boolean refused(String machine, String address, int port) {
    return visit(machine, address, port, REFUSED_AFTER).isEmpty();
  }

  /** Whether a TCP server greets within so many milliseconds. */
  boolean reachesWithin(String machine, String address, int port, int milliseconds) {
    return visit(machine, address, port, Duration.ofMillis(milliseconds)).isPresent();
  }

  private Optional<String> visit(String machine, String address, int port, Duration patience) {
    try (SocketChannel channel = inside(machine, SocketChannel::open);
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
      channel.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port));
      long deadline = System.nanoTime() + patience.toNanos();
      ByteBuffer buffer = ByteBuffer.allocate(256);
      while (System.nanoTime() < deadline) {
        selector.select(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        if (key.isConnectable() && channel.finishConnect()) {
          key.interestOps(SelectionKey.OP_READ);
        } else if (key.isReadable()) {
          int count = channel.read(buffer);
          return count <= 0
              ? Optional.empty()
              : Optional.of(new String(buffer.array(), 0, count, StandardCharsets.UTF_8).strip());
        }
        selector.selectedKeys().clear();
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What a UDP server answers; empty when nothing comes. */
  public Optional<String> ask(String machine, String address, int port, Duration patience) {
    return ask(machine, 0, address, port, patience);
  }

  /** The same from a port of choice. */
  public Optional<String> ask(
      String machine, int fromPort, String address, int port, Duration patience) {
    try (DatagramChannel channel = inside(machine, DatagramChannel::open)) {
      channel.bind(new InetSocketAddress(fromPort));
      channel.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port));
      channel.write(bytes("?"));
      channel.configureBlocking(false);
      try (Selector selector = Selector.open()) {
        channel.register(selector, SelectionKey.OP_READ);
        if (selector.select(patience.toMillis()) == 0) {
          return Optional.empty();
        }
      }
      ByteBuffer buffer = ByteBuffer.allocate(256);
      int count = channel.read(buffer);
      return Optional.of(new String(buffer.array(), 0, count, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** An open TCP connection whose server echoes. */
  public SocketChannel connection(String machine, String address, int port) throws IOException {
    SocketChannel channel = inside(machine, SocketChannel::open);
    open.push(channel);
    channel.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    channel.read(ByteBuffer.allocate(256));
    return channel;
  }

  /** Sends a word through an echoing connection and returns what comes back. */
  public static String echo(SocketChannel connection, String word) throws IOException {
    connection.write(bytes(word));
    ByteBuffer buffer = ByteBuffer.allocate(256);
    int count = connection.read(buffer);
    return new String(buffer.array(), 0, count, StandardCharsets.UTF_8);
  }

  /** Packets seen on a wire while it is open. */
  Sniffer sniff(String machine, String link, String filter, int count) throws IOException {
    Path file = Files.createTempFile("capture", ".txt");
    String line =
        "exec timeout 10 tcpdump -l -n -c %d -i %s %s > %s 2> %s.log"
            .formatted(count, link, filter, file, file);
    Pidfd process =
        Processes.spawn(
            SpawnRequest.of(List.of("sh", "-c", line)).withNamespaces(List.of(namespace(machine))));
    Path log = Path.of(file + ".log");
    long end = System.nanoTime() + ANSWERED_WITHIN.toNanos();
    while (!Files.exists(log) || !Files.readString(log).contains("listening on")) {
      if (System.nanoTime() > end) {
        throw new AssertionError("tcpdump does not listen");
      }
      Thread.onSpinWait();
    }
    return new Sniffer(process, file, log);
  }

  /**
   * A running capture.
   *
   * @param process tcpdump
   * @param file what it prints
   * @param log what it says
   */
  record Sniffer(Pidfd process, Path file, Path log) implements AutoCloseable {
    /** What it has seen, once it has seen all that it waits for. */
    String text() throws IOException {
      Processes.await(process, Duration.ofSeconds(15));
      return Files.readString(file);
    }

    @Override
    public void close() throws IOException {
      if (!process.hasEnded()) {
        Processes.killAndReap(process);
      }
      process.close();
      Files.delete(file);
      Files.delete(log);
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    while (!open.isEmpty()) {
      open.pop().close();
    }
    namespaces.values().forEach(Fd::close);
  }
}
