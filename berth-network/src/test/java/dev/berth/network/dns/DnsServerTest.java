package dev.berth.network.dns;

import static dev.berth.network.dns.DnsStage.SERVER;
import static dev.berth.network.dns.DnsStage.SERVFAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.linux.KernelFeature;
import dev.berth.network.dns.TestMessages.Reply;
import dev.berth.network.firewall.Lab;
import java.io.DataInputStream;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The name server with real sockets in namespaces: what it answers itself, and how it is reached.
 */
@Tag("kernel")
final class DnsServerTest {
  private static final int FORMAT_ERROR = 1;
  private static final int NOT_IMPLEMENTED = 4;
  private static final int AAAA = 28;

  private DnsStage stage;

  @BeforeEach
  void build(@TempDir Path directory) throws Exception {
    stage = new DnsStage(directory);
    stage.upstream("outside", Lab.NEIGHBOUR);
    serve();
  }

  private void serve() {
    stage.open("c1");
    stage.register("e2", "172.30.1.3", "web", "www");
  }

  @AfterEach
  void tearDown() throws Exception {
    stage.close();
  }

  private void serve(SandboxSockets.Way way) {
    Assumptions.assumeTrue(
        way != SandboxSockets.Way.REDIRECTION || KernelFeature.SOCKET_REDIRECTION.isAvailable(),
        KernelFeature.SOCKET_REDIRECTION.requirement());
    stage.start(List.of(way));
    serve();
  }

  @Test
  void namesOfContainers() throws Exception {
    assertThat(stage.ask("web", 1)).isEqualTo(new Reply(99, 0, false, List.of("172.30.1.3"), 1));
    assertThat(stage.askTcp("WWW.net", 1).records()).containsExactly("172.30.1.3");
    assertThat(stage.ask("web", AAAA)).isEqualTo(new Reply(99, 0, false, List.of(), -1));
    assertThat(stage.ask("3.1.30.172.in-addr.arpa", 12).records()).containsExactly("web.net.");
    assertThat(stage.lab().run("c1", "busybox", "nslookup", "-type=a", "web", SERVER))
        .contains("172.30.1.3");
    assertThat(stage.asked()).isZero();
  }

  @Test
  void whatWasAnsweredBeforeFollowsEveryChange() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(stage.ask("web", 1).records()).containsExactly("172.30.1.3");
    }
    stage.register("e2", "172.30.1.9", "web");
    assertThat(stage.ask("web", 1).records()).containsExactly("172.30.1.9");
    stage.register("e3", "172.30.1.8", "web");
    assertThat(stage.ask("WEB", 1).records()).containsExactlyInAnyOrder("172.30.1.8", "172.30.1.9");
    stage.server().unregister("n1", "e2");
    assertThat(stage.ask("web", 1).records()).containsExactly("172.30.1.8");
    DnsSandbox sandbox = stage.sandbox("c1", DnsSandbox.Forwarding.DEFAULT);
    stage
        .server()
        .update(
            new DnsSandbox(
                "c1",
                sandbox.namespace(),
                List.of(new DnsAttachment("n1", "net", Map.of("db", "web"), 600)),
                sandbox.forwarding()));
    assertThat(stage.ask("web", 1).ttlSeconds()).isEqualTo(600);
    assertThat(stage.ask("db", 1).records()).containsExactly("172.30.1.8");
    stage.server().forget("n1");
    assertThat(stage.ask("web", 1).records()).containsExactly("198.51.100.7");
  }

  @ParameterizedTest
  @EnumSource(names = {"REDIRECTION", "TRANSLATION"})
  void aContainerMayServePort53Itself(SandboxSockets.Way way) throws Exception {
    serve(way);
    stage.lab().serveUdp("c1", "0.0.0.0", 53);
    stage.lab().serve("c1", "0.0.0.0", 53);
    assertThat(stage.ask("web", 1).records()).containsExactly("172.30.1.3");
    assertThat(stage.askTcp("web", 1).records()).containsExactly("172.30.1.3");
  }

  @ParameterizedTest
  @EnumSource
  void everyWayServesWhatTheContainerAsks(SandboxSockets.Way way) throws Exception {
    serve(way);
    assertThat(stage.ask("web", 1).records()).containsExactly("172.30.1.3");
    assertThat(stage.askTcp("web", 1).records()).containsExactly("172.30.1.3");
    assertThat(stage.ask("example.org", 1).records()).containsExactly("198.51.100.7");
    assertThat(stage.lab().run("c1", "nft", "list", "ruleset").isBlank())
        .isEqualTo(way != SandboxSockets.Way.TRANSLATION);
  }

  @Test
  void anEngineWithABetterWayReplacesTheRulesOfAnEarlierOne() throws Exception {
    serve(SandboxSockets.Way.TRANSLATION);
    serve(SandboxSockets.Way.REDIRECTION);
    assertThat(stage.ask("web", 1).records()).containsExactly("172.30.1.3");
    assertThat(stage.lab().run("c1", "nft", "list", "ruleset")).isBlank();
  }

  @Test
  void aNewEngineTakesOver() throws Exception {
    stage.start(SandboxSockets.WAYS);
    stage.open("c1");
    stage.open("c1");
    stage.register("e9", "172.30.1.9", "new");
    assertThat(stage.ask("new", 1).records()).containsExactly("172.30.1.9");
    stage.server().shut("c1");
    stage.server().shut("c1");
    stage.open("c1");
    assertThat(stage.ask("new", 1).records()).containsExactly("172.30.1.9");
  }

  @Test
  void ednsIsAnsweredWithEdns() throws Exception {
    byte[] query = TestMessages.withEdns(TestMessages.query(5, "web", 1), 1232);
    for (int i = 0; i < 2; i++) {
      byte[] answer = stage.exchange("c1", query);
      assertThat(DnsStage.read(answer).records()).containsExactly("172.30.1.3");
      assertThat(answer[11]).isEqualTo((byte) 1);
      assertThat(answer[answer.length - 9]).isEqualTo((byte) 41);
    }
    byte[] future = query.clone();
    future[future.length - 5] = 1;
    byte[] refused = stage.exchange("c1", future);
    assertThat(refused[3] & 15).isZero();
    // The upper bits of the code 16, "bad version".
    assertThat(refused[refused.length - 6]).isEqualTo((byte) 1);
  }

  @Test
  void moreThanADatagramHoldsIsCutAndComesByTcp() throws Exception {
    for (int i = 0; i < 300; i++) {
      stage.register("p" + i, "172.30." + (2 + i / 250) + "." + (1 + i % 250), "pool");
    }
    assertThat(stage.ask("pool", 1)).matches(Reply::truncated);
    byte[] query = TestMessages.withEdns(TestMessages.query(5, "pool", 1), 65535);
    byte[] answer = stage.exchange("c1", query);
    assertThat(answer).hasSizeLessThanOrEqualTo(4096);
    assertThat(DnsStage.read(answer)).matches(Reply::truncated);
    assertThat(stage.askTcp("pool", 1).records()).hasSize(300).doesNotHaveDuplicates();
  }

  @Test
  void whatIsNoQuestionIsRefusedWithTheReason() throws Exception {
    byte[] good = TestMessages.query(7, "web", 1);
    byte[] pointer = good.clone();
    pointer[12] = (byte) 0xc0;
    pointer[13] = 12;
    assertThat(stage.exchange("c1", pointer)).hasSize(12).matches(a -> (a[3] & 15) == FORMAT_ERROR);
    byte[] update = good.clone();
    update[2] = 0x28;
    assertThat(stage.exchange("c1", update)).matches(a -> (a[3] & 15) == NOT_IMPLEMENTED);
    byte[] two = good.clone();
    two[5] = 2;
    assertThat(stage.exchange("c1", two)).matches(a -> (a[3] & 15) == FORMAT_ERROR);
    assertThat(stage.ask("web", 1).code()).isZero();
  }

  @Test
  void oneConnectionCarriesManyQuestions() throws Exception {
    try (SocketChannel channel = stage.connect("c1")) {
      for (int i = 0; i < 20; i++) {
        DnsStage.send(channel, TestMessages.query(i, i % 2 == 0 ? "web" : "example.org", 1));
      }
      List<Integer> ids = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Reply reply = DnsStage.receive(channel);
        assertThat(reply.records()).hasSize(1);
        ids.add(reply.id());
      }
      assertThat(ids).doesNotHaveDuplicates();
    }
  }

  @Test
  void whoHasAskedEverythingIsStillAnswered() throws Exception {
    try (SocketChannel channel = stage.connect("c1")) {
      DnsStage.send(channel, TestMessages.query(1, "example.org", 1));
      channel.shutdownOutput();
      assertThat(DnsStage.receive(channel).records()).containsExactly("198.51.100.7");
      assertThat(channel.socket().getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void connectionsThatKeepStillTakeNoRoomFromOthers() throws Exception {
    List<SocketChannel> still = new ArrayList<>();
    try {
      for (int i = 0; i < 2 * TcpClients.MOST_OF_A_SANDBOX; i++) {
        SocketChannel channel = stage.connect("c1");
        channel.write(java.nio.ByteBuffer.wrap(new byte[] {0}));
        still.add(channel);
      }
      assertThat(stage.askTcp("web", 1).records()).containsExactly("172.30.1.3");
      DataInputStream oldest = new DataInputStream(still.getFirst().socket().getInputStream());
      assertThat(oldest.read()).isEqualTo(-1);
    } finally {
      for (SocketChannel channel : still) {
        channel.close();
      }
    }
  }

  @Test
  void anInternalSandboxAsksNobodyUnlessTold() throws Exception {
    stage.server().update(stage.sandbox("c1", DnsStage.internal(null)));
    assertThat(stage.ask("example.org", 1).code()).isEqualTo(SERVFAIL);
    assertThat(stage.askTcp("example.org", 1).code()).isEqualTo(SERVFAIL);
    assertThat(stage.ask("web", 1).records()).hasSize(1);
    assertThat(stage.asked()).isZero();
    List<Upstream> told = List.of(new Upstream(InetAddress.ofLiteral(Lab.NEIGHBOUR), false));
    stage.server().update(stage.sandbox("c1", DnsStage.internal(told)));
    assertThat(stage.ask("example.org", 1).records()).containsExactly("198.51.100.7");
  }
}
