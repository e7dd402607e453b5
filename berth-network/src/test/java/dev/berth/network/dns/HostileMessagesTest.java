package dev.berth.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What comes from containers and from servers is not to be trusted: whatever it is, it is answered
 * within bounds or not at all.
 */
@Timeout(300)
final class HostileMessagesTest {
  private static final int ROUNDS = 60_000;
  private static final List<DnsAttachment> NETWORKS =
      List.of(DnsAttachment.of("n1", "front", Map.of("db", "web")));
  private static final List<String> NAMES =
      List.of("web", "WeB.Front", "db", "pool", "pool.front", "2.0.18.172.in-addr.arpa", "none.x");
  private static final int[] TYPES = {1, 28, 12, 15, 65, 97, 255};

  private final Random random = new Random(20261123);
  private final NameTable names = new NameTable();
  private final LocalAnswers answers = new LocalAnswers(names, 1);
  private final DnsSandbox sandbox =
      new DnsSandbox("s1", java.nio.file.Path.of("/none"), NETWORKS, DnsSandbox.Forwarding.DEFAULT);

  HostileMessagesTest() {
    register("e1", "172.18.0.2", "web");
    for (int i = 10; i < 30; i++) {
      register("e" + i, "172.18.0." + i, "c" + i, "pool");
    }
  }

  private void register(String id, String address, String... all) {
    names.register(
        "n1", new DnsEndpoint(id, List.of(all), List.of(InetAddress.ofLiteral(address))));
  }

  private byte[] question() {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    byte[] query =
        TestMessages.query(random.nextInt(65536), name, TYPES[random.nextInt(TYPES.length)]);
    return random.nextBoolean() ? TestMessages.withEdns(query, 512 + random.nextInt(4000)) : query;
  }

  /** A good message with some bytes changed, cut or added; or nothing but noise. */
  private byte[] hostile(byte[] good) {
    if (random.nextInt(10) == 0) {
      byte[] noise = new byte[random.nextInt(600)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] message = Arrays.copyOf(good, Math.max(0, good.length + random.nextInt(9) - 4));
    for (int i = random.nextInt(5); i > 0 && message.length > 0; i--) {
      message[random.nextInt(message.length)] = (byte) random.nextInt();
    }
    return message;
  }

  /** What the server does with a message, without sockets. */
  private byte[] respond(byte[] message) {
    Query query = Query.parse(message, message.length);
    if (query == null) {
      return Answer.refusal(message, message.length);
    }
    byte[] own = answers.answer(query, NETWORKS);
    return Answer.fitUdp(query, own == null ? Answer.empty(query, Wire.NAME_ERROR) : own);
  }

  @Test
  void whateverContainersSendIsAnsweredWithinBounds() {
    for (int i = 0; i < ROUNDS; i++) {
      byte[] message = hostile(question());
      byte[] answer = respond(message);
      if (answer == null) {
        continue;
      }
      Query query = Query.parse(message, message.length);
      int most = query == null ? Wire.HEADER_BYTES : query.maximumUdpBytes();
      assertThat(answer.length).isBetween(Wire.HEADER_BYTES, most);
      assertThat(Wire.int16(answer, Wire.ID)).isEqualTo(Wire.int16(message, Wire.ID));
      assertThat(Wire.int16(answer, Wire.FLAGS) & Wire.RESPONSE).isNotZero();
      if (query != null) {
        assertThat(query.answeredBy(answer, answer.length)).isTrue();
        assertThat(Wire.visitRecords(answer, query.questionEnd(), (section, fixed) -> {})).isTrue();
      }
    }
  }

  @Test
  void readyAnswersAreThoseThatWouldBeMade() throws Exception {
    AnswerBook book = new AnswerBook();
    byte[] ready = new byte[Wire.PLAIN_UDP_BYTES];
    int found = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] message = random.nextInt(4) == 0 ? hostile(question()) : question();
      byte[] padded = Arrays.copyOf(message, Wire.LARGEST_UDP_BYTES);
      Query query = Query.parse(message, message.length);
      int version = names.version();
      int length = book.answer(padded, message.length, ready, version, sandbox);
      byte[] made = query == null ? null : answers.answer(query, NETWORKS);
      if (length > 0) {
        found++;
        byte[] known = Arrays.copyOf(ready, length);
        assertThat(sorted(known, query)).isEqualTo(sorted(Objects.requireNonNull(made), query));
      } else if (made != null) {
        book.learn(Objects.requireNonNull(query), made, version, sandbox);
      }
      if (i % 1000 == 0) {
        register("e1", "172.18.0." + (100 + i / 1000), "web");
      }
    }
    assertThat(found).isGreaterThan(ROUNDS / 4);
  }

  /** The bytes of an answer with its records in order, since they take turns. */
  private static String sorted(byte[] answer, Query query) {
    List<String> records = new ArrayList<>();
    int[] from = {query.questionEnd()};
    Wire.visitRecords(
        answer,
        query.questionEnd(),
        (section, fixed) -> {
          int end = fixed + Wire.RECORD_FIXED_BYTES + Wire.int16(answer, fixed + 8);
          records.add(section + Arrays.toString(Arrays.copyOfRange(answer, from[0], end)));
          from[0] = end;
        });
    records.sort(null);
    return Arrays.toString(Arrays.copyOf(answer, query.questionEnd())) + records;
  }

  @Test
  void readyAnswersTakeTurnsToo() throws Exception {
    AnswerBook book = new AnswerBook();
    byte[] message = TestMessages.query(1, "pool", 1);
    Query query = Objects.requireNonNull(Query.parse(message, message.length));
    byte[] made = Objects.requireNonNull(answers.answer(query, NETWORKS));
    book.learn(query, made, names.version(), sandbox);
    List<String> firsts = new ArrayList<>();
    byte[] ready = new byte[Wire.PLAIN_UDP_BYTES];
    for (int i = 0; i < 20; i++) {
      int length = book.answer(message, message.length, ready, names.version(), sandbox);
      firsts.add(TestMessages.read(Arrays.copyOf(ready, length)).records().getFirst());
    }
    assertThat(firsts).doesNotHaveDuplicates();
  }

  @Test
  void whateverServersSendDoesNoHarmInTheCache() {
    AnswerCache cache = new AnswerCache(100);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] message = TestMessages.query(i & 0xffff, "h" + random.nextInt(200) + ".example", 1);
      Query query = Objects.requireNonNull(Query.parse(message, message.length));
      byte[] good =
          TestMessages.answer(
              message, 0, 1, random.nextInt(8000), List.of(new byte[] {1, 2, 3, 4}));
      byte[] answer = hostile(good);
      if (!query.answeredBy(answer, answer.length)) {
        continue;
      }
      cache.put(query, query.adopt(answer), 0);
      byte[] kept = cache.find(query, 3_599_000_000_000L);
      if (kept != null) {
        assertThat(query.answeredBy(kept, kept.length)).isTrue();
      }
      assertThat(cache.find(query, 3_601_000_000_000L)).isNull();
    }
  }

  @Test
  void namesAreBoundedAndNeverFollowPointers() {
    byte[] good = TestMessages.query(1, "a".repeat(63) + ".web", 1);
    assertThat(Query.parse(good, good.length)).isNotNull();
    byte[] label = good.clone();
    label[12] = 64;
    assertThat(Query.parse(label, label.length)).isNull();
    byte[] loop = good.clone();
    loop[12] = (byte) 0xc0;
    loop[13] = 12;
    assertThat(Query.parse(loop, loop.length)).isNull();
    byte[] tooLong = TestMessages.query(1, ("b".repeat(60) + ".").repeat(5) + "web", 1);
    assertThat(Query.parse(tooLong, tooLong.length)).isNull();
    // A pointer to itself as the owner of a record ends where it stands.
    byte[] answer = TestMessages.answer(good, 0, 1, 60, List.of(new byte[] {1, 2, 3, 4}));
    answer[good.length] = (byte) 0xc0;
    answer[good.length + 1] = (byte) good.length;
    assertThat(Wire.visitRecords(answer, good.length, (section, fixed) -> {})).isTrue();
  }
}
