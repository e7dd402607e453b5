package dev.berth.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine answers of its own, and what it leaves to others. */
final class LocalAnswersTest {
  private static final List<DnsAttachment> BOTH =
      List.of(
          DnsAttachment.of("n1", "front", Map.of("db", "web")),
          DnsAttachment.of("n2", "back", Map.of()));

  private final NameTable names = new NameTable();
  private final LocalAnswers answers = new LocalAnswers(names, 1);

  LocalAnswersTest() {
    names.register(
        "n1", endpoint("e1", List.of("web", "www", "0123456789ab"), "172.18.0.2", "fd00::2"));
    names.register("n2", endpoint("e2", List.of("web"), "172.19.0.2"));
    names.register("n2", endpoint("e3", List.of("Store", "pool"), "172.19.0.3"));
    names.register("n2", endpoint("e4", List.of("store2", "pool"), "172.19.0.4"));
  }

  private static DnsEndpoint endpoint(String id, List<String> names, String... addresses) {
    List<InetAddress> parsed = new ArrayList<>();
    for (String address : addresses) {
      parsed.add(InetAddress.ofLiteral(address));
    }
    return new DnsEndpoint(id, names, parsed);
  }

  private byte[] raw(String name, int type) {
    byte[] message = TestMessages.query(7, name, type);
    return answers.answer(Objects.requireNonNull(Query.parse(message, message.length)), BOTH);
  }

  private List<String> ask(String name, int type) throws Exception {
    TestMessages.Reply reply = TestMessages.read(raw(name, type));
    assertThat(reply.code()).isEqualTo(Wire.NOERROR);
    assertThat(reply.id()).isEqualTo(7);
    return reply.records();
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "WEB", "www", "0123456789ab", "web.front", "Web.Front", "db"})
  void allNamesOfAContainer(String name) throws Exception {
    assertThat(ask(name, Wire.TYPE_A)).containsExactly("172.18.0.2");
  }

  @Test
  void theFirstNetworkThatKnowsANameDecides() throws Exception {
    assertThat(ask("web", Wire.TYPE_A)).containsExactly("172.18.0.2");
    assertThat(ask("web.back", Wire.TYPE_A)).containsExactly("172.19.0.2");
    assertThat(ask("store", Wire.TYPE_A)).containsExactly("172.19.0.3");
  }

  @Test
  void typesThatANameDoesNotHaveAreEmptyAndNotAskedOfOthers() throws Exception {
    assertThat(ask("web", Wire.TYPE_AAAA)).containsExactly("fd00:0:0:0:0:0:0:2");
    assertThat(ask("store", Wire.TYPE_AAAA)).isEmpty();
    assertThat(ask("store", 15)).isEmpty();
    assertThat(ask("web", 255 & 0xff)).hasSize(2);
  }

  @Test
  void unknownNamesAreLeftToOthers() {
    assertThat(raw("unknown", Wire.TYPE_A)).isNull();
    assertThat(raw("store.front", Wire.TYPE_A)).isNull();
    assertThat(raw("9.0.18.172.in-addr.arpa", Wire.TYPE_PTR)).isNull();
  }

  @Test
  void sharedNamesTakeTurns() throws Exception {
    List<String> first = ask("pool", Wire.TYPE_A);
    List<String> second = ask("pool", Wire.TYPE_A);
    assertThat(first).containsExactlyInAnyOrder("172.19.0.3", "172.19.0.4");
    assertThat(second).containsExactly(first.get(1), first.get(0));
  }

  @Test
  void addressesHaveNames() throws Exception {
    assertThat(ask("2.0.18.172.in-addr.arpa", Wire.TYPE_PTR)).containsExactly("web.front.");
    assertThat(ask("2" + ".0".repeat(27) + ".0.0.d.f.ip6.arpa", Wire.TYPE_PTR))
        .containsExactly("web.front.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "in-addr.arpa",
        "1.2.3.in-addr.arpa",
        "256.1.1.1.in-addr.arpa",
        "x.ip6.arpa",
        "1.2.3.+4.in-addr.arpa"
      })
  void whatIsNoReversedAddress(String name) {
    assertThat(LocalAnswers.reverseAddress(name)).isNull();
  }

  @Test
  void aRenamedContainerIsFoundByItsNewNameOnly() throws Exception {
    names.register("n2", endpoint("e3", List.of("shop", "pool"), "172.19.0.3"));
    assertThat(raw("store", Wire.TYPE_A)).isNull();
    assertThat(ask("shop", Wire.TYPE_A)).containsExactly("172.19.0.3");
    assertThat(ask("pool", Wire.TYPE_A)).hasSize(2);
    names.unregister("n2", "e3");
    assertThat(ask("pool", Wire.TYPE_A)).containsExactly("172.19.0.4");
    names.forget("n2");
    assertThat(raw("pool", Wire.TYPE_A)).isNull();
  }

  @Test
  void brokenMessagesAreNotUnderstoodAndDoNoHarm() {
    byte[] good = TestMessages.withEdns(TestMessages.query(7, "web.front", 1), 1232);
    Query query = Objects.requireNonNull(Query.parse(good, good.length));
    assertThat(query.maximumUdpBytes()).isEqualTo(1232);
    for (int length = 0; length < 27; length++) {
      assertThat(Query.parse(good, length)).isNull();
    }
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = good.clone();
      for (int j = 0; j < 4; j++) {
        noise[random.nextInt(noise.length)] = (byte) random.nextInt();
      }
      Query.parse(noise, noise.length);
    }
  }

  @Test
  void largeAnswersAreCutToWhatTheClientTakes() throws Exception {
    for (int i = 0; i < 60; i++) {
      names.register("n2", endpoint("p" + i, List.of("many"), "172.19.1." + i));
    }
    byte[] plain = TestMessages.query(7, "many", 1);
    Query small = Objects.requireNonNull(Query.parse(plain, plain.length));
    byte[] answer = Objects.requireNonNull(answers.answer(small, BOTH));
    assertThat(TestMessages.read(Answer.fitUdp(small, answer)))
        .matches(reply -> reply.truncated() && reply.records().isEmpty());
    byte[] extended = TestMessages.withEdns(plain, 4096);
    Query large = Objects.requireNonNull(Query.parse(extended, extended.length));
    assertThat(
            TestMessages.read(
                    Answer.fitUdp(large, Objects.requireNonNull(answers.answer(large, BOTH))))
                .records())
        .hasSize(60);
  }
}
