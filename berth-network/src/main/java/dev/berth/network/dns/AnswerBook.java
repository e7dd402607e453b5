package dev.berth.network.dns;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Answers about containers that one sandbox has got, ready to be sent again: most containers ask
 * the same few questions over and over. Looking one up neither allocates nor searches any network.
 * What is in it counts only as long as no name and no network has changed. Used by one thread.
 */
final class AnswerBook {
  private static final int PAGES = 64;
  private static final int LARGEST_QUESTION = 128;

  private @Nullable Page @Nullable [] pages;

  /** One answer. */
  private static final class Page {
    private final int hash;
    private final byte[] question;
    private final byte[] records;
    private final int count;
    private final int flags;
    private final int namesVersion;
    private final DnsSandbox sandbox;
    private int turn;

    Page(int hash, byte[] question, byte[] answer, int namesVersion, DnsSandbox sandbox) {
      int end = Wire.HEADER_BYTES + question.length;
      this.hash = hash;
      this.question = question;
      this.records = Arrays.copyOfRange(answer, end, answer.length);
      this.count = Wire.int16(answer, Wire.ANSWERS);
      this.flags = Wire.int16(answer, Wire.FLAGS) & ~Wire.RECURSION_DESIRED;
      this.namesVersion = namesVersion;
      this.sandbox = sandbox;
    }
  }

  /**
   * Writes an answer, if there is one for the question.
   *
   * @param message what came in
   * @param into takes the answer
   * @return the answer's length, 0 when there is none
   */
  @SuppressWarnings("ReferenceEquality") // a sandbox is equal to itself alone
  int answer(byte[] message, int length, byte[] into, int namesVersion, DnsSandbox sandbox) {
    if (pages == null) {
      return 0;
    }
    int end = questionEnd(message, length);
    boolean edns = end > 0 && length > end;
    if (end == 0 || (edns && !plainEdns(message, end, length))) {
      return 0;
    }
    int hash = hash(message, end);
    Page page = pages[hash & (PAGES - 1)];
    if (page == null
        || page.hash != hash
        || page.namesVersion != namesVersion
        || page.sandbox != sandbox
        || !sameQuestion(page.question, message, end)) {
      return 0;
    }
    return write(page, message, end, edns, into);
  }

  private static int write(Page page, byte[] message, int end, boolean edns, byte[] into) {
    System.arraycopy(message, 0, into, 0, end);
    int desired = Wire.int16(message, Wire.FLAGS) & Wire.RECURSION_DESIRED;
    Wire.putInt16(into, Wire.FLAGS, page.flags | desired);
    Wire.putInt16(into, Wire.ANSWERS, page.count);
    Wire.putInt16(into, Wire.AUTHORITIES, 0);
    Wire.putInt16(into, Wire.ADDITIONALS, edns ? 1 : 0);
    byte[] records = page.records;
    // All records are of one length: another one first each time.
    int first = page.count < 2 ? 0 : records.length / page.count * (page.turn++ % page.count);
    System.arraycopy(records, first, into, end, records.length - first);
    System.arraycopy(records, 0, into, end + records.length - first, first);
    int total = end + records.length;
    if (edns) {
      // The bit that wants security records.
      Answer.putEdns(into, total, (message[end + 7] & 0x80) != 0);
      total += Answer.EDNS_BYTES;
    }
    page.turn = page.turn < 0 ? 0 : page.turn;
    return total;
  }

  /** Keeps an answer that was given. */
  void learn(Query query, byte[] answer, int namesVersion, DnsSandbox sandbox) {
    int end = query.questionEnd();
    int length = answer.length - (query.edns() ? Answer.EDNS_BYTES : 0);
    int most = Wire.PLAIN_UDP_BYTES - Answer.EDNS_BYTES;
    boolean uniform = query.type() != Wire.TYPE_ANY;
    if (!uniform || length > most || end - Wire.HEADER_BYTES > LARGEST_QUESTION) {
      return;
    }
    if (pages == null) {
      pages = new Page[PAGES];
    }
    byte[] message = query.message();
    int hash = hash(message, end);
    byte[] question = Arrays.copyOfRange(message, Wire.HEADER_BYTES, end);
    pages[hash & (PAGES - 1)] =
        new Page(hash, question, Arrays.copyOf(answer, length), namesVersion, sandbox);
  }

  /** Where the question ends; 0 when the message is not one plain question. */
  private static int questionEnd(byte[] message, int length) {
    if (length < Wire.HEADER_BYTES + 5
        || (Wire.int16(message, Wire.FLAGS) & (Wire.RESPONSE | Wire.OPCODE)) != 0
        || Wire.int16(message, Wire.QUESTIONS) != 1
        || Wire.int16(message, Wire.ANSWERS) != 0
        || Wire.int16(message, Wire.AUTHORITIES) != 0) {
      return 0;
    }
    int at = Wire.HEADER_BYTES;
    while (at < length && message[at] != 0) {
      if (message[at] < 0 || message[at] > Wire.LABEL_BYTES) {
        return 0;
      }
      at += 1 + message[at];
    }
    int end = at + 5;
    boolean further = Wire.int16(message, Wire.ADDITIONALS) != 0;
    boolean whole = further ? length > end : length == end;
    return whole && end <= Wire.HEADER_BYTES + LARGEST_QUESTION ? end : 0;
  }

  /** Whether one record of EDNS, version 0, is all that follows the question. */
  private static boolean plainEdns(byte[] message, int end, int length) {
    return Wire.int16(message, Wire.ADDITIONALS) == 1
        && length >= end + Answer.EDNS_BYTES
        && message[end] == 0
        && Wire.int16(message, end + 1) == Wire.TYPE_OPT
        && message[end + 6] == 0
        && length == end + Answer.EDNS_BYTES + Wire.int16(message, end + 9);
  }

  private static int hash(byte[] message, int end) {
    int hash = 0;
    for (int i = Wire.HEADER_BYTES; i < end; i++) {
      // Letters of both cases alike; what else becomes alike is told apart by the comparison.
      hash = 31 * hash + (message[i] | 0x20);
    }
    return hash ^ hash >>> 16;
  }

  private static boolean sameQuestion(byte[] question, byte[] message, int end) {
    int length = end - Wire.HEADER_BYTES;
    if (question.length != length) {
      return false;
    }
    for (int i = 0; i < length - 4; i++) {
      if (Wire.lower(question[i]) != Wire.lower(message[Wire.HEADER_BYTES + i])) {
        return false;
      }
    }
    // Type and class have no case.
    return Arrays.equals(question, length - 4, length, message, end - 4, end);
  }
}
