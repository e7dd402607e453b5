package dev.berth.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How long answers of others are kept. */
final class AnswerCacheTest {
  private static final long SECOND = 1_000_000_000L;
  private static final byte[] ADDRESS = {10, 0, 0, 1};

  private final AnswerCache cache = new AnswerCache(64);

  private static Query query(int id, String name) {
    byte[] message = TestMessages.query(id, name, 1);
    return Objects.requireNonNull(Query.parse(message, message.length));
  }

  @Test
  void answersAreKeptForTheirTimeAndAge() throws Exception {
    Query asked = query(1, "example.org");
    cache.put(asked, TestMessages.answer(asked.message(), 0, 1, 60, List.of(ADDRESS)), 0);
    Query again = query(2, "EXAMPLE.org");
    byte[] kept = Objects.requireNonNull(cache.find(again, 20 * SECOND));
    assertThat(TestMessages.read(kept))
        .isEqualTo(new TestMessages.Reply(2, 0, false, List.of("10.0.0.1"), 40));
    assertThat(new String(kept, 13, 7, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("EXAMPLE");
    assertThat(cache.find(again, 60 * SECOND)).isNull();
  }

  @Test
  void failuresAndEmptyAnswersWithoutAuthorityAreNotKept() {
    Query asked = query(1, "example.org");
    for (int code : new int[] {0, 2, 3, 5}) {
      byte[] answer = TestMessages.answer(asked.message(), code, 1, 60, List.of());
      assertThat(AnswerCache.lifetimeSeconds(asked, answer)).isZero();
    }
  }

  @Test
  void negativeAnswersAreKeptAsTheirAuthoritySays() {
    Query asked = query(1, "example.org");
    byte[] soa = new byte[22];
    soa[21] = 30;
    byte[] answer = TestMessages.answer(asked.message(), 3, 6, 60, List.of(soa));
    answer[7] = 0;
    answer[9] = 1;
    assertThat(AnswerCache.lifetimeSeconds(asked, answer)).isEqualTo(30);
  }

  @Test
  void brokenAnswersAreNotKept() {
    Query asked = query(1, "example.org");
    byte[] answer = TestMessages.answer(asked.message(), 0, 1, 60, List.of(ADDRESS));
    for (int length = 12; length < answer.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(answer, length);
      assertThat(AnswerCache.lifetimeSeconds(asked, cut)).isZero();
    }
  }
}
