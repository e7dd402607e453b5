package dev.berth.network.dns;

import static dev.berth.network.dns.DnsStage.NXDOMAIN;
import static dev.berth.network.dns.DnsStage.SERVFAIL;
import static dev.berth.network.dns.DnsStage.asking;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.linux.Namespaces;
import dev.berth.network.dns.TestMessages.Reply;
import dev.berth.network.firewall.Lab;
import dev.berth.testing.Patience;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions that others are asked. */
@Tag("kernel")
final class DnsForwardingTest {
  private static final byte[] ADDRESS = {10, 0, 0, 1};
  private static final byte[] FORGED = {6, 6, 6, 6};
  private static final int MX = 15;

  private DnsStage stage;

  @BeforeEach
  void build(@TempDir Path directory) throws Exception {
    stage = new DnsStage(directory);
    stage.upstream("outside", Lab.NEIGHBOUR);
    stage.open("c1");
    stage.open("c2");
    stage.register("e2", "172.30.1.3", "web");
  }

  @AfterEach
  void tearDown() throws Exception {
    stage.close();
  }

  private void update(String container, DnsSandbox.Forwarding forwarding) {
    stage.server().update(stage.sandbox(container, forwarding));
  }

  @Test
  void otherNamesAreAskedOfTheHostsServersOnceInTheirTime() throws Exception {
    assertThat(stage.ask("example.org", 1))
        .isEqualTo(new Reply(99, 0, false, List.of("198.51.100.7"), 60));
    assertThat(stage.ask("Example.ORG", 1).records()).containsExactly("198.51.100.7");
    assertThat(stage.asked()).isEqualTo(1);
    assertThat(stage.ask("nothing.example.org", 1).code()).isEqualTo(NXDOMAIN);
  }

  @Test
  void answersTooLargeForUdpComeByTcp() throws Exception {
    assertThat(stage.ask("big.example.org", 1)).matches(Reply::truncated);
    assertThat(stage.askTcp("big.example.org", 1).records()).hasSize(50);
    byte[] roomy = TestMessages.withEdns(TestMessages.query(5, "big.example.net", 1), 4096);
    assertThat(DnsStage.read(stage.exchange("c1", roomy)).records()).hasSize(50);
  }

  @Test
  void theNextServerIsAskedWhenOneFailsOrRefuses() throws Exception {
    stage.lab().ip("outside", "addr add 192.0.2.3/24 dev eth0");
    update("c1", asking("192.0.2.3", Lab.NEIGHBOUR));
    long begin = System.nanoTime();
    assertThat(stage.ask("example.org", 1).records()).containsExactly("198.51.100.7");
    // Nothing listens there, which an ICMP message tells at once.
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isLessThan(Patience.of(Duration.ofSeconds(1)));
    update("c1", asking("192.0.2.99", Lab.NEIGHBOUR));
    assertThat(stage.ask("example.com", 1).records()).containsExactly("198.51.100.7");
    stage.lab().ip("outside", "addr add 192.0.2.4/24 dev eth0");
    stage.upstream(
        "outside",
        "192.0.2.4",
        (query, client, channel) ->
            channel.send(ByteBuffer.wrap(TestMessages.answer(query, 5, 1, 0, List.of())), client));
    update("c1", asking("192.0.2.4", Lab.NEIGHBOUR));
    assertThat(stage.ask("example.net", 1).records()).containsExactly("198.51.100.7");
  }

  @Test
  void aSilentServerDelaysOneQuestionNotAll() throws Exception {
    stage.lab().ip("outside", "addr add 192.0.2.3/24 dev eth0");
    stage.upstream("outside", "192.0.2.3", (query, client, channel) -> {});
    update("c1", asking("192.0.2.3", Lab.NEIGHBOUR));
    assertThat(stage.ask("a.example.org", 1).records()).hasSize(1);
    int before = stage.asked();
    for (int i = 0; i < 10; i++) {
      assertThat(stage.ask("a" + i + ".example.org", 1).records()).hasSize(1);
    }
    // Each was asked of the one that answers, and of nobody else.
    assertThat(stage.asked() - before).isEqualTo(10);
  }

  @Test
  void silenceAndFailureEndBeforeTheClientGivesUp() throws Exception {
    assertThat(stage.ask("silent.example.org", 1).code()).isEqualTo(SERVFAIL);
    long begin = System.nanoTime();
    assertThat(stage.ask("dead.example.org", 1).code()).isEqualTo(SERVFAIL);
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isLessThan(Patience.of(Duration.ofMillis(4900)));
  }

  @Test
  void aServerOnTheHostsLoopbackIsAskedFromThere() throws Exception {
    stage.upstream("host", "127.0.0.53");
    Files.writeString(stage.hostFile(), "nameserver 127.0.0.53\n");
    assertThat(stage.ask("example.net", 1).records()).containsExactly("198.51.100.7");
    assertThat(stage.askTcp("example.edu", 1).records()).containsExactly("198.51.100.7");
    // A server that the user names is the container's own loopback instead.
    update("c1", asking("127.0.0.53"));
    assertThat(stage.ask("example.com", 1).code()).isEqualTo(SERVFAIL);
  }

  @Test
  void anIpv6ServerIsAskedFromTheHostWhereTheContainerHasNone() throws Exception {
    stage.upstream("outside", "2001:db8::2", (byte) 9);
    Files.writeString(stage.hostFile(), "nameserver 2001:db8::2\n");
    assertThat(stage.ask("example.net", 1).records()).containsExactly("198.51.100.9");
  }

  @Test
  void theHostsFileIsFollowedWhileItChanges() throws Exception {
    stage.lab().ip("outside", "addr add 192.0.2.3/24 dev eth0");
    stage.upstream("outside", "192.0.2.3", (byte) 8);
    assertThat(stage.ask("example.org", 1).records()).containsExactly("198.51.100.7");
    Path fresh = stage.hostFile().resolveSibling("fresh");
    Files.writeString(fresh, "nameserver 192.0.2.3\n");
    Files.setLastModifiedTime(fresh, Files.getLastModifiedTime(stage.hostFile()));
    Files.move(fresh, stage.hostFile(), StandardCopyOption.ATOMIC_MOVE);
    awaitAnswer("example.org", "198.51.100.8");
    Files.delete(stage.hostFile());
    Thread.sleep(1100);
    stage.ask("nobody.knows.example", 1);
    Files.writeString(stage.hostFile(), "nameserver 192.0.2.2\n");
    awaitAnswer("example.org", "198.51.100.7");
  }

  private void awaitAnswer(String name, String address) throws Exception {
    List<String> last = List.of();
    for (int i = 0; i < 100 && !last.equals(List.of(address)); i++) {
      Thread.sleep(100);
      last = stage.ask(name, 1).records();
    }
    assertThat(last).containsExactly(address);
  }

  @Test
  void whatOneContainerWasToldIsNotToldToAnother() throws Exception {
    assertThat(stage.ask("c1", "example.org", 1).records()).hasSize(1);
    assertThat(stage.ask("c2", "example.org", 1).records()).hasSize(1);
    assertThat(stage.asked()).isEqualTo(2);
    stage.upstream("host", "127.0.0.53");
    Files.writeString(stage.hostFile(), "nameserver 127.0.0.53\n");
    Thread.sleep(1100);
    assertThat(stage.ask("c1", "example.net", 1).records()).hasSize(1);
    assertThat(stage.ask("c2", "example.net", 1).records()).hasSize(1);
    // No container can touch what the host itself asks.
    assertThat(stage.asked()).isEqualTo(3);
  }

  @Test
  void aNameWithoutDotsIsLeftToTheResolverThatCompletesIt() throws Exception {
    assertThat(stage.ask("alone", 1).records()).containsExactly("198.51.100.7");
    update("c1", new DnsSandbox.Forwarding(null, false, false, true));
    int before = stage.asked();
    assertThat(stage.ask("other", 1)).isEqualTo(new Reply(99, 0, false, List.of(), -1));
    assertThat(stage.ask("other", 28)).isEqualTo(new Reply(99, 0, false, List.of(), -1));
    assertThat(stage.asked()).isEqualTo(before);
    assertThat(stage.ask("web", 1).records()).containsExactly("172.30.1.3");
    assertThat(stage.ask("other.example.org", 1).records()).containsExactly("198.51.100.7");
    stage.ask("other", MX);
    assertThat(stage.asked()).isEqualTo(before + 2);
  }

  @Test
  void forgedAnswersAreNotTaken() throws Exception {
    stage.lab().ip("outside", "addr add 192.0.2.3/24 dev eth0");
    stage.upstream(
        "outside",
        "192.0.2.3",
        (query, client, channel) -> {
          byte[] otherId = TestMessages.answer(query, 0, 1, 60, List.of(FORGED));
          otherId[0] ^= 0x55;
          channel.send(ByteBuffer.wrap(otherId), client);
          byte[] otherName = TestMessages.answer(query, 0, 1, 60, List.of(FORGED));
          otherName[14] ^= 1;
          channel.send(ByteBuffer.wrap(otherName), client);
          byte[] noAnswer = TestMessages.answer(query, 0, 1, 60, List.of(FORGED));
          noAnswer[2] &= 0x7f;
          channel.send(ByteBuffer.wrap(noAnswer), client);
          channel.send(ByteBuffer.wrap(new byte[] {query[0], query[1], -1}), client);
          sendFromElsewhere(TestMessages.answer(query, 0, 1, 60, List.of(FORGED)), client);
          channel.send(
              ByteBuffer.wrap(TestMessages.answer(query, 0, 1, 60, List.of(ADDRESS))), client);
        });
    update("c1", asking("192.0.2.3"));
    for (int i = 0; i < 5; i++) {
      assertThat(stage.ask("host" + i + ".example.org", 1).records()).containsExactly("10.0.0.1");
    }
  }

  private void sendFromElsewhere(byte[] answer, SocketAddress client) {
    Namespaces.inNetwork(
        stage.lab().namespace("outside"),
        () -> {
          InetSocketAddress otherPort =
              new InetSocketAddress(InetAddress.ofLiteral("192.0.2.3"), 0);
          InetSocketAddress otherAddress =
              new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 0);
          for (InetSocketAddress place : List.of(otherPort, otherAddress)) {
            try (DatagramChannel channel = DatagramChannel.open().bind(place)) {
              channel.send(ByteBuffer.wrap(answer), client);
            }
          }
          return true;
        });
  }

  @Test
  void aFloodOfOneContainerDoesNotStarveAnother() throws Exception {
    try (DatagramChannel flood = stage.client("c1")) {
      for (int i = 0; i < 4 * Forwarder.MOST_OF_A_SANDBOX; i++) {
        // Nobody ever answers these.
        flood.write(ByteBuffer.wrap(TestMessages.query(i, "d" + i + ".example.org", 1)));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(stage.ask("c2", "web", 1).records()).hasSize(1);
        assertThat(stage.ask("c2", "ok" + i + ".example.org", 1).records()).hasSize(1);
      }
      byte[] bytes = new byte[512];
      var packet = new java.net.DatagramPacket(bytes, bytes.length);
      flood.socket().receive(packet);
      // Those beyond the bound are refused at once.
      assertThat(bytes[3] & 15).isEqualTo(SERVFAIL);
    }
    assertThat(stage.asked()).isLessThan(3 * Forwarder.MOST_OF_A_SANDBOX + 100);
  }
}
