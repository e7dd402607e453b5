package dev.berth.network.dns;

import dev.berth.linux.Namespaces;
import dev.berth.network.dns.TestMessages.Reply;
import dev.berth.network.firewall.Lab;
import dev.berth.testing.Patience;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A name server with two containers, c1 and c2, and servers outside that it asks. */
final class DnsStage implements AutoCloseable {
  private static final Duration SERVER_LIMIT = Patience.of(Duration.ofSeconds(1));
  private static final int CLIENT_LIMIT_MILLIS =
      (int) Patience.of(Duration.ofSeconds(5)).toMillis();
  static final String SERVER = "127.0.0.11";
  static final int SERVFAIL = 2;
  static final int NXDOMAIN = 3;

  private final Lab lab = new Lab();
  private final AtomicInteger asked = new AtomicInteger();
  private final List<Channel> open = new ArrayList<>();
  private final Path hostFile;
  private DnsServer server;

  /** What a server outside does with a question. */
  interface Outside {
    void asked(byte[] query, SocketAddress client, DatagramChannel channel) throws IOException;
  }

  DnsStage(Path directory) throws IOException {
    lab.bridge("br1", "172.30.1.1/24");
    lab.container("c1", "br1", "172.30.1.2/24", "172.30.1.1");
    lab.container("c2", "br1", "172.30.1.4/24", "172.30.1.1");
    lab.ip("outside", "route replace 172.30.1.0/24 via 192.0.2.1");
    hostFile = Files.writeString(directory.resolve("resolv.conf"), "nameserver 192.0.2.2\n");
    start(SandboxSockets.WAYS);
  }

  Lab lab() {
    return lab;
  }

  Path hostFile() {
    return hostFile;
  }

  DnsServer server() {
    return server;
  }

  /** How many questions have reached the servers outside. */
  int asked() {
    return asked.get();
  }

  /** Ends the name server and starts another one. */
  void start(List<SandboxSockets.Way> ways) {
    if (server != null) {
      server.close();
    }
    DnsSettings settings = new DnsSettings(SERVER_LIMIT, hostFile, hostFile.resolveSibling("none"));
    server = new DnsServer(settings, lab.host(), ways);
    server.start();
  }

  /** A container's sandbox on network n1, called net. */
  DnsSandbox sandbox(String container, DnsSandbox.Forwarding forwarding) {
    return new DnsSandbox(
        container,
        Path.of(
            "/proc/" + ProcessHandle.current().pid() + "/fd/" + lab.namespace(container).number()),
        List.of(DnsAttachment.of("n1", "net", Map.of())),
        forwarding);
  }

  static DnsSandbox.Forwarding asking(String... servers) {
    List<Upstream> upstreams = new ArrayList<>();
    for (String address : servers) {
      upstreams.add(new Upstream(InetAddress.ofLiteral(address), false));
    }
    return new DnsSandbox.Forwarding(upstreams, false, false, false);
  }

  static DnsSandbox.Forwarding internal(@Nullable List<Upstream> upstreams) {
    return new DnsSandbox.Forwarding(upstreams, true, false, false);
  }

  /** Serves a container that follows the host's servers. */
  void open(String container) {
    server.open(sandbox(container, DnsSandbox.Forwarding.DEFAULT));
  }

  void register(String id, String address, String... names) {
    server.register(
        "n1", new DnsEndpoint(id, List.of(names), List.of(InetAddress.ofLiteral(address))));
  }

  /** A server outside that answers by the first letter of the name, by UDP and TCP. */
  void upstream(String machine, String address) throws IOException {
    upstream(machine, address, (byte) 7);
  }

  /**
   * Such a server with its own answer.
   *
   * @param last byte of the address that it gives, 198.51.100.last
   */
  void upstream(String machine, String address, byte last) throws IOException {
    upstream(
        machine,
        address,
        (query, client, channel) -> {
          byte[] answer = answer(query, last, 512);
          if (answer.length > 0) {
            channel.send(ByteBuffer.wrap(answer), client);
          }
        });
    InetSocketAddress at = new InetSocketAddress(InetAddress.ofLiteral(address), 53);
    ServerSocketChannel tcp =
        Namespaces.inNetwork(lab.namespace(machine), () -> ServerSocketChannel.open().bind(at));
    open.add(tcp);
    Thread.ofVirtual().start(() -> answerTcp(tcp, last));
  }

  /** A server outside that does as it is told, by UDP. */
  void upstream(String machine, String address, Outside outside) throws IOException {
    InetSocketAddress at = new InetSocketAddress(InetAddress.ofLiteral(address), 53);
    DatagramChannel udp =
        Namespaces.inNetwork(lab.namespace(machine), () -> DatagramChannel.open().bind(at));
    open.add(udp);
    Thread.ofVirtual().start(() -> serve(udp, outside));
  }

  private void serve(DatagramChannel udp, Outside outside) {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    try {
      while (true) {
        buffer.clear();
        SocketAddress from = udp.receive(buffer);
        asked.incrementAndGet();
        outside.asked(Arrays.copyOf(buffer.array(), buffer.position()), from, udp);
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private void answerTcp(ServerSocketChannel tcp, byte last) {
    try {
      while (true) {
        try (Socket client = tcp.accept().socket()) {
          DataInputStream in = new DataInputStream(client.getInputStream());
          byte[] query = in.readNBytes(in.readUnsignedShort());
          asked.incrementAndGet();
          byte[] answer = answer(query, last, 65535);
          DataOutputStream out = new DataOutputStream(client.getOutputStream());
          out.writeShort(answer.length);
          out.write(answer);
          out.flush();
        }
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  /** The first letter of the name says what to do. */
  private static byte[] answer(byte[] query, byte last, int plainLimit) {
    byte[] address = {(byte) 198, 51, 100, last};
    boolean edns = query[11] == 1;
    return switch (query[13]) {
      case 'n' -> TestMessages.answer(query, NXDOMAIN, 1, 60, List.of());
      case 's' -> TestMessages.answer(query, SERVFAIL, 1, 60, List.of());
      case 'd' -> new byte[0];
      case 'b' -> {
        byte[] all = TestMessages.answer(query, 0, 1, 60, Collections.nCopies(50, address));
        byte[] cut = TestMessages.answer(query, 0, 1, 60, List.of());
        cut[2] |= 2;
        yield all.length > plainLimit && !edns ? cut : all;
      }
      default -> TestMessages.answer(query, 0, 1, 60, List.of(address));
    };
  }

  Reply ask(String name, int type) throws IOException {
    return ask("c1", name, type);
  }

  Reply ask(String container, String name, int type) throws IOException {
    return read(exchange(container, TestMessages.query(99, name, type)));
  }

  static Reply read(byte[] answer) {
    try {
      return TestMessages.read(answer);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends a message from inside a container and returns what comes back within five seconds. */
  byte[] exchange(String container, byte[] message) throws IOException {
    try (DatagramChannel channel = client(container)) {
      channel.write(ByteBuffer.wrap(message));
      byte[] bytes = new byte[65535];
      DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
      channel.socket().receive(packet);
      return Arrays.copyOf(bytes, packet.getLength());
    }
  }

  /** A socket inside of a container, connected to its name server. */
  DatagramChannel client(String container) throws IOException {
    DatagramChannel channel = Namespaces.inNetwork(lab.namespace(container), DatagramChannel::open);
    channel.connect(new InetSocketAddress(SERVER, 53));
    channel.socket().setSoTimeout(CLIENT_LIMIT_MILLIS);
    return channel;
  }

  /** A connection from a container to its name server. */
  SocketChannel connect(String container) throws IOException {
    SocketChannel channel = Namespaces.inNetwork(lab.namespace(container), SocketChannel::open);
    channel.connect(new InetSocketAddress(SERVER, 53));
    channel.socket().setSoTimeout(CLIENT_LIMIT_MILLIS);
    return channel;
  }

  Reply askTcp(String name, int type) throws IOException {
    try (SocketChannel channel = connect("c1")) {
      send(channel, TestMessages.query(77, name, type));
      return receive(channel);
    }
  }

  static void send(SocketChannel channel, byte[] query) throws IOException {
    DataOutputStream out = new DataOutputStream(channel.socket().getOutputStream());
    out.writeShort(query.length);
    out.write(query);
    out.flush();
  }

  static Reply receive(SocketChannel channel) throws IOException {
    DataInputStream in = new DataInputStream(channel.socket().getInputStream());
    return read(in.readNBytes(in.readUnsignedShort()));
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Channel channel : open) {
      channel.close();
    }
    lab.close();
  }
}
