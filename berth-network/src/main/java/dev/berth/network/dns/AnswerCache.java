package dev.berth.network.dns;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers of upstream servers, kept as long as they say themselves and no longer than an hour.
 * Negative answers are kept as RFC 2308 has it. Safe for use by several threads.
 */
final class AnswerCache {
  private static final int MAXIMUM_ANSWER_BYTES = 4096;
  private static final int LONGEST_SECONDS = 3600;
  private static final long NANOS = 1_000_000_000L;

  private final int maximumEntries;
  private final LinkedHashMap<Key, Kept> entries = new LinkedHashMap<>(16, 0.75f, true);

  AnswerCache(int maximumEntries) {
    this.maximumEntries = maximumEntries;
  }

  /**
   * What an answer belongs to.
   *
   * @param name in lower case
   * @param variant class, flags and EDNS of the question
   */
  record Key(String name, int type, String variant) {
    static Key of(Query query) {
      return new Key(query.name(), query.type(), query.variant());
    }
  }

  private static final class Kept {
    private final byte[] answer;
    private final int questionEnd;
    private final long bornNanos;
    private final int seconds;

    Kept(byte[] answer, int questionEnd, long bornNanos, int seconds) {
      this.answer = answer;
      this.questionEnd = questionEnd;
      this.bornNanos = bornNanos;
      this.seconds = seconds;
    }
  }

  /** Keeps an answer, if it may be kept. */
  synchronized void put(Query query, byte[] answer, long nowNanos) {
    int seconds = Math.min(LONGEST_SECONDS, lifetimeSeconds(query, answer));
    if (seconds > 0 && answer.length <= MAXIMUM_ANSWER_BYTES) {
      entries.put(Key.of(query), new Kept(answer.clone(), query.questionEnd(), nowNanos, seconds));
      if (entries.size() > maximumEntries) {
        entries.pollFirstEntry();
      }
    }
  }

  /** A kept answer, made to fit the query, its times to live reduced by its age; null for none. */
  synchronized byte @Nullable [] find(Query query, long nowNanos) {
    Key key = Key.of(query);
    Kept entry = entries.get(key);
    if (entry == null) {
      return null;
    }
    long age = (nowNanos - entry.bornNanos) / NANOS;
    if (age >= entry.seconds) {
      entries.remove(key);
      return null;
    }
    byte[] answer = query.adopt(entry.answer.clone());
    Wire.visitRecords(
        answer,
        entry.questionEnd,
        (section, fixed) -> {
          if (Wire.int16(answer, fixed) != Wire.TYPE_OPT) {
            int left = Wire.int32(answer, fixed + 4) - (int) age;
            Wire.putInt32(answer, fixed + 4, Math.max(0, left));
          }
        });
    return answer;
  }

  /** Forgets everything; the host's servers have changed. */
  synchronized void clear() {
    entries.clear();
  }

  static int lifetimeSeconds(Query query, byte[] answer) {
    int code = Wire.responseCode(answer);
    boolean whole = (Wire.int16(answer, Wire.FLAGS) & Wire.TRUNCATED) == 0;
    if (!whole || (code != Wire.NOERROR && code != Wire.NAME_ERROR)) {
      return 0;
    }
    boolean negative = Wire.int16(answer, Wire.ANSWERS) == 0;
    int[] shortest = {Integer.MAX_VALUE};
    boolean sound =
        Wire.visitRecords(
            answer,
            query.questionEnd(),
            (section, fixed) -> {
              int type = Wire.int16(answer, fixed);
              boolean counts = negative ? type == Wire.TYPE_SOA : type != Wire.TYPE_OPT;
              if (counts) {
                shortest[0] = Math.min(shortest[0], seconds(answer, fixed, negative));
              }
            });
    return sound && shortest[0] != Integer.MAX_VALUE ? shortest[0] : 0;
  }

  private static int seconds(byte[] answer, int fixed, boolean negative) {
    int ttl = Math.max(0, Wire.int32(answer, fixed + 4));
    int end = fixed + Wire.RECORD_FIXED_BYTES + Wire.int16(answer, fixed + 8);
    // The last field of SOA is how long that something does not exist may be kept.
    return negative ? Math.min(ttl, Math.max(0, Wire.int32(answer, end - 4))) : ttl;
  }
}
