package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.berth.linux.InternetSockets.Protocol;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many datagrams at once, and sockets that serve a port they are not on. */
@Tag("kernel")
final class DatagramsKernelTest {
  private static final Inet4Address ADDRESS = Inet4Address.ofLiteral("127.0.0.11");
  private static final long SERVICE = 0x7f00000bL << 16 | 53;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final DatagramBatch batch = new DatagramBatch(4, 64);
  private Fd network;
  private Fd server;

  @BeforeEach
  void build() {
    network = kept(Namespaces.createNetwork());
    try (RouteSocket route = RouteSocket.in(network)) {
      route.apply(Links.up("lo"));
    }
    server = bound(Protocol.UDP);
  }

  private <T extends AutoCloseable> T kept(T resource) {
    open.addFirst(resource);
    return resource;
  }

  private Fd bound(Protocol protocol) {
    InetSocketAddress place = new InetSocketAddress(ADDRESS, 0);
    return kept(Namespaces.inNetwork(network, () -> InternetSockets.bind(protocol, place)));
  }

  @AfterEach
  void tearDown() throws Exception {
    for (AutoCloseable resource : open) {
      resource.close();
    }
  }

  private DatagramChannel client(int port) throws IOException {
    DatagramChannel channel = kept(Namespaces.inNetwork(network, DatagramChannel::open));
    channel.connect(new InetSocketAddress(ADDRESS, port));
    channel.socket().setSoTimeout(2000);
    return channel;
  }

  private static String receive(DatagramChannel channel) throws IOException {
    byte[] bytes = new byte[100];
    var packet = new java.net.DatagramPacket(bytes, bytes.length);
    channel.socket().receive(packet);
    return new String(bytes, 0, packet.getLength(), StandardCharsets.US_ASCII);
  }

  private static void send(DatagramChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private List<String> received() {
    List<String> texts = new ArrayList<>();
    int count = batch.receive(server);
    for (int slot = 0; slot < count; slot++) {
      byte[] bytes = new byte[64];
      int length = batch.length(slot);
      if (length >= 0) {
        batch.read(slot, bytes, length);
        texts.add(new String(bytes, 0, length, StandardCharsets.US_ASCII));
        bytes[0] = '<';
        assertThat(batch.add(batch.sender(slot), bytes, length)).isTrue();
      } else {
        texts.add("cut");
      }
    }
    return texts;
  }

  @Test
  void oneCallReceivesAndSendsMany() throws Exception {
    DatagramChannel first = client(InternetSockets.localAddress(server).getPort());
    DatagramChannel second = client(InternetSockets.localAddress(server).getPort());
    assertThat(batch.receive(server)).isZero();
    send(first, "-one");
    send(second, "-two");
    send(first, "-" + "x".repeat(64));
    send(first, "-three");
    send(first, "-four");
    assertThat(received()).containsExactly("-one", "-two", "cut", "-three");
    batch.send(server);
    assertThat(receive(first)).isEqualTo("<one");
    assertThat(receive(first)).isEqualTo("<three");
    assertThat(receive(second)).isEqualTo("<two");
    assertThat(received()).containsExactly("-four");
  }

  @Test
  void whatNobodyTakesDoesNotStopTheRest() throws Exception {
    DatagramChannel client = client(InternetSockets.localAddress(server).getPort());
    send(client, "-one");
    // No route leads there from a namespace with nothing but its loopback.
    batch.add(0xc0000201L << 16 | 9, new byte[] {1}, 1);
    assertThat(received()).containsExactly("-one");
    batch.send(server);
    assertThat(receive(client)).isEqualTo("<one");
    assertThat(batch.add(0, new byte[65], 65)).isFalse();
  }

  @Test
  void aPortIsServedBySocketsElsewhereBesideItsOwner() throws Exception {
    Assumptions.assumeTrue(
        KernelFeature.SOCKET_REDIRECTION.isAvailable(),
        KernelFeature.SOCKET_REDIRECTION.requirement());
    Fd tcp = bound(Protocol.TCP);
    Fd raw = kept(Namespaces.inNetwork(network, InternetSockets::openRawSender));
    DatagramChannel client = client(53);
    try (SocketRedirection redirection =
        Namespaces.inNetwork(network, () -> SocketRedirection.attach(ADDRESS, 53, server, tcp))) {
      InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 53);
      kept(Namespaces.inNetwork(network, () -> DatagramChannel.open().bind(everywhere)));
      kept(Namespaces.inNetwork(network, () -> ServerSocketChannel.open().bind(everywhere)));
      send(client, "-hello");
      assertThat(received()).containsExactly("-hello");
      batch.sendAs(raw, SERVICE);
      // The client is connected: it takes nothing that does not come from port 53.
      assertThat(receive(client)).isEqualTo("<hello");
      SocketChannel connection = kept(Namespaces.inNetwork(network, SocketChannel::open));
      connection.connect(new InetSocketAddress(ADDRESS, 53));
      try (Fd accepted = InternetSockets.accept(tcp)) {
        assertThat(accepted).isNotNull();
        assertThat(InternetSockets.localAddress(accepted).getPort()).isEqualTo(53);
      }
      assertThat(redirection).isNotNull();
    }
    send(client, "-again");
    assertThat(received()).isEmpty();
    client.socket().setSoTimeout(50);
    assertThat(catchThrowable(() -> receive(client))).isInstanceOf(SocketTimeoutException.class);
  }
}
