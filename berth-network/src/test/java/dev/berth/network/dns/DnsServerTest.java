package dev.berth.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.linux.KernelFeature;
import dev.berth.linux.Namespaces;
import dev.berth.network.dns.TestMessages.Reply;
import dev.berth.network.firewall.Lab;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The name server with real sockets in namespaces. */
@Tag("kernel")
final class DnsServerTest {
  private static final String SERVER = "127.0.0.11";
  private static final int SERVFAIL = 2;
  private static final int NXDOMAIN = 3;

  private final AtomicInteger asked = new AtomicInteger();
  private final List<Channel> open = new ArrayList<>();
  private Lab lab;
  private Path hostFile;
  private DnsServer server;

  @BeforeEach
  void build(@TempDir Path directory) throws Exception {
    lab = new Lab();
    lab.bridge("br1", "172.30.1.1/24");
    lab.container("c1", "br1", "172.30.1.2/24", "172.30.1.1");
    lab.ip("outside", "route replace 172.30.1.0/24 via 192.0.2.1");
    hostFile = Files.writeString(directory.resolve("resolv.conf"), "nameserver 192.0.2.2\n");
    upstream("outside", Lab.NEIGHBOUR);
    start();
    server.open(sandbox(null, false));
    server.register(
        "n1",
        new DnsEndpoint("e2", List.of("web", "www"), List.of(InetAddress.ofLiteral("172.30.1.3"))));
  }

  private void start() {
    start(SandboxSockets.WAYS);
  }

  private void start(List<SandboxSockets.Way> ways) {
    DnsSettings settings =
        new DnsSettings(Duration.ofSeconds(1), hostFile, hostFile.resolveSibling("none"));
    server = new DnsServer(settings, lab.host(), ways);
    server.start();
  }

  @AfterEach
  void tearDown() throws Exception {
    server.close();
    for (Channel channel : open) {
      channel.close();
    }
    lab.close();
  }

  private DnsSandbox sandbox(@Nullable List<Upstream> upstreams, boolean internal) {
    Path namespace =
        Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + lab.namespace("c1").number());
    return new DnsSandbox(
        "s1",
        namespace,
        List.of(DnsAttachment.of("n1", "net", Map.of())),
        new DnsSandbox.Forwarding(upstreams, internal, false, false));
  }

  private void upstream(String machine, String address) throws IOException {
    InetSocketAddress at = new InetSocketAddress(InetAddress.ofLiteral(address), 53);
    DatagramChannel udp =
        Namespaces.inNetwork(lab.namespace(machine), () -> DatagramChannel.open().bind(at));
    ServerSocketChannel tcp =
        Namespaces.inNetwork(lab.namespace(machine), () -> ServerSocketChannel.open().bind(at));
    open.add(udp);
    open.add(tcp);
    Thread.ofVirtual().start(() -> answerUdp(udp));
    Thread.ofVirtual().start(() -> answerTcp(tcp));
  }

  private void answerUdp(DatagramChannel udp) {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    try {
      while (true) {
        buffer.clear();
        var from = udp.receive(buffer);
        byte[] answer = answer(java.util.Arrays.copyOf(buffer.array(), buffer.position()), 512);
        if (answer.length > 0) {
          udp.send(ByteBuffer.wrap(answer), from);
        }
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private void answerTcp(ServerSocketChannel tcp) {
    try {
      while (true) {
        try (Socket client = tcp.accept().socket()) {
          DataInputStream in = new DataInputStream(client.getInputStream());
          byte[] query = in.readNBytes(in.readUnsignedShort());
          byte[] answer = answer(query, 65535);
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
  private byte[] answer(byte[] query, int limit) {
    asked.incrementAndGet();
    byte[] address = {(byte) 198, 51, 100, 7};
    return switch (query[13]) {
      case 'n' -> TestMessages.answer(query, NXDOMAIN, 1, 60, List.of());
      case 's' -> TestMessages.answer(query, SERVFAIL, 1, 60, List.of());
      case 'd' -> new byte[0];
      case 'b' -> {
        byte[] all =
            TestMessages.answer(query, 0, 1, 60, java.util.Collections.nCopies(50, address));
        byte[] cut = TestMessages.answer(query, 0, 1, 60, List.of());
        cut[2] |= 2;
        yield all.length > limit ? cut : all;
      }
      default -> TestMessages.answer(query, 0, 1, 60, List.of(address));
    };
  }

  private Reply ask(String name, int type) throws Exception {
    return ask(TestMessages.query(99, name, type));
  }

  private Reply ask(byte[] query) throws Exception {
    try (DatagramChannel channel =
        Namespaces.inNetwork(lab.namespace("c1"), DatagramChannel::open)) {
      channel.connect(new InetSocketAddress(SERVER, 53));
      channel.write(ByteBuffer.wrap(query));
      channel.socket().setSoTimeout(5000);
      byte[] bytes = new byte[4096];
      var packet = new java.net.DatagramPacket(bytes, bytes.length);
      channel.socket().receive(packet);
      return TestMessages.read(java.util.Arrays.copyOf(bytes, packet.getLength()));
    }
  }

  private Reply askTcp(String name, int type) throws Exception {
    try (SocketChannel channel = Namespaces.inNetwork(lab.namespace("c1"), SocketChannel::open)) {
      channel.connect(new InetSocketAddress(SERVER, 53));
      DataOutputStream out = new DataOutputStream(channel.socket().getOutputStream());
      byte[] query = TestMessages.query(77, name, type);
      out.writeShort(query.length);
      out.write(query);
      out.flush();
      DataInputStream in = new DataInputStream(channel.socket().getInputStream());
      return TestMessages.read(in.readNBytes(in.readUnsignedShort()));
    }
  }

  @Test
  void namesOfContainers() throws Exception {
    assertThat(ask("web", 1)).isEqualTo(new Reply(99, 0, false, List.of("172.30.1.3"), 1));
    assertThat(askTcp("WWW.net", 1).records()).containsExactly("172.30.1.3");
    assertThat(ask("web", 28)).isEqualTo(new Reply(99, 0, false, List.of(), -1));
    assertThat(ask("3.1.30.172.in-addr.arpa", 12).records()).containsExactly("web.net.");
    assertThat(lab.run("c1", "busybox", "nslookup", "-type=a", "web", SERVER))
        .contains("172.30.1.3");
    assertThat(asked.get()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"REDIRECTION", "TRANSLATION"})
  void aContainerMayServePort53Itself(SandboxSockets.Way way) throws Exception {
    KernelFeature redirection = KernelFeature.SOCKET_REDIRECTION;
    Assumptions.assumeTrue(
        way != SandboxSockets.Way.REDIRECTION || redirection.isAvailable(),
        redirection.requirement());
    server.close();
    start(List.of(way));
    server.open(sandbox(null, false));
    server.register(
        "n1", new DnsEndpoint("e2", List.of("web"), List.of(InetAddress.ofLiteral("172.30.1.3"))));
    lab.serveUdp("c1", "0.0.0.0", 53);
    lab.serve("c1", "0.0.0.0", 53);
    assertThat(ask("web", 1).records()).containsExactly("172.30.1.3");
    assertThat(askTcp("web", 1).records()).containsExactly("172.30.1.3");
  }

  @Test
  void noRuleIsNeededWhereTheKernelLeadsTheWay() throws Exception {
    KernelFeature feature = KernelFeature.SOCKET_REDIRECTION;
    Assumptions.assumeTrue(feature.isAvailable(), feature.requirement());
    assertThat(ask("web", 1).records()).containsExactly("172.30.1.3");
    assertThat(askTcp("web", 1).records()).containsExactly("172.30.1.3");
    assertThat(lab.run("c1", "nft", "list", "ruleset")).isBlank();
  }

  @Test
  void thePortItselfServesWhereNothingElseIsAllowed() throws Exception {
    server.close();
    start(List.of(SandboxSockets.Way.PORT));
    server.open(sandbox(null, false));
    server.register(
        "n1", new DnsEndpoint("e2", List.of("web"), List.of(InetAddress.ofLiteral("172.30.1.3"))));
    assertThat(ask("web", 1).records()).containsExactly("172.30.1.3");
    assertThat(askTcp("web", 1).records()).containsExactly("172.30.1.3");
  }

  @Test
  void otherNamesAreAskedOfTheHostsServersOnceInTheirTime() throws Exception {
    assertThat(ask("example.org", 1))
        .isEqualTo(new Reply(99, 0, false, List.of("198.51.100.7"), 60));
    assertThat(ask("Example.ORG", 1).records()).containsExactly("198.51.100.7");
    assertThat(asked.get()).isEqualTo(1);
    assertThat(ask("nothing.example.org", 1).code()).isEqualTo(NXDOMAIN);
  }

  @Test
  void answersTooLargeForUdpComeByTcp() throws Exception {
    assertThat(ask("big.example.org", 1)).matches(reply -> reply.truncated());
    assertThat(askTcp("big.example.org", 1).records()).hasSize(50);
  }

  @Test
  void theNextServerIsAskedWhenOneFailsOrIsSilent() throws Exception {
    lab.ip("outside", "addr add 192.0.2.3/24 dev eth0");
    Upstream dead = new Upstream(InetAddress.ofLiteral("192.0.2.99"), false);
    Upstream silent = new Upstream(InetAddress.ofLiteral("192.0.2.3"), false);
    Upstream alive = new Upstream(InetAddress.ofLiteral(Lab.NEIGHBOUR), false);
    server.update(sandbox(List.of(silent, alive), false));
    long begin = System.nanoTime();
    assertThat(ask("example.org", 1).records()).containsExactly("198.51.100.7");
    // Nothing listens there, which an ICMP message tells at once.
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
    server.update(sandbox(List.of(dead, alive), false));
    assertThat(ask("example.com", 1).records()).containsExactly("198.51.100.7");
  }

  @Test
  void silenceAndFailureEndBeforeTheClientGivesUp() throws Exception {
    assertThat(ask("silent.example.org", 1).code()).isEqualTo(SERVFAIL);
    long begin = System.nanoTime();
    assertThat(ask("dead.example.org", 1).code()).isEqualTo(SERVFAIL);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(4500));
  }

  @Test
  void anInternalSandboxAsksNobodyUnlessTold() throws Exception {
    server.update(sandbox(null, true));
    assertThat(ask("example.org", 1).code()).isEqualTo(SERVFAIL);
    assertThat(askTcp("example.org", 1).code()).isEqualTo(SERVFAIL);
    assertThat(ask("web", 1).records()).hasSize(1);
    assertThat(asked.get()).isZero();
    server.update(
        sandbox(List.of(new Upstream(InetAddress.ofLiteral(Lab.NEIGHBOUR), false)), true));
    assertThat(ask("example.org", 1).records()).containsExactly("198.51.100.7");
  }

  @Test
  void aServerOnTheHostsLoopbackIsAskedFromThere() throws Exception {
    upstream("host", "127.0.0.53");
    Files.writeString(hostFile, "nameserver 127.0.0.53\n");
    assertThat(ask("example.net", 1).records()).containsExactly("198.51.100.7");
    assertThat(askTcp("example.edu", 1).records()).containsExactly("198.51.100.7");
  }

  @Test
  void aNewEngineTakesOver() throws Exception {
    server.close();
    start();
    server.open(sandbox(null, false));
    server.open(sandbox(null, false));
    server.register(
        "n1", new DnsEndpoint("e9", List.of("new"), List.of(InetAddress.ofLiteral("172.30.1.9"))));
    assertThat(ask("new", 1).records()).containsExactly("172.30.1.9");
    server.shut("s1");
    server.shut("s1");
    server.open(sandbox(null, false));
    assertThat(ask("new", 1).records()).containsExactly("172.30.1.9");
  }
}
