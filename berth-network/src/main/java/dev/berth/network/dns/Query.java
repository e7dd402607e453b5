package dev.berth.network.dns;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A question as it came in: the fields that matter, and the bytes to send back or on.
 *
 * <p>Names are compared without regard to the case of ASCII letters (RFC 4343) and given back in
 * the case they came in, as resolvers use it against forged answers.
 */
final class Query {
  private static final int NAME_BYTES = 255;

  private final byte[] message;
  private final String name;
  private final int questionEnd;
  private final int edns;

  private Query(byte[] message, String name, int questionEnd, int edns) {
    this.message = message;
    this.name = name;
    this.questionEnd = questionEnd;
    this.edns = edns;
  }

  /** Reads a message; null when it is not a plain query with one question. */
  static @Nullable Query parse(byte[] bytes, int length) {
    if (length < Wire.HEADER_BYTES || length > Wire.MAXIMUM_BYTES) {
      return null;
    }
    int flags = Wire.int16(bytes, Wire.FLAGS);
    boolean query = (flags & (Wire.RESPONSE | Wire.OPCODE)) == 0;
    if (!query || Wire.int16(bytes, Wire.QUESTIONS) != 1 || Wire.int16(bytes, Wire.ANSWERS) != 0) {
      return null;
    }
    StringBuilder name = new StringBuilder();
    int at = Wire.HEADER_BYTES;
    while (at < length && bytes[at] != 0) {
      int label = bytes[at] & 0xff;
      if (label > Wire.LABEL_BYTES
          || at + 1 + label >= length
          || name.length() + label > NAME_BYTES) {
        return null;
      }
      if (!name.isEmpty()) {
        name.append('.');
      }
      for (int i = at + 1; i <= at + label; i++) {
        int c = bytes[i] & 0xff;
        name.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c));
      }
      at += 1 + label;
    }
    int end = at + 5;
    if (end > length) {
      return null;
    }
    byte[] message = Arrays.copyOf(bytes, length);
    return new Query(message, name.toString(), end, findEdns(message, end));
  }

  /** Where the type of the EDNS record begins (RFC 6891); -1 when there is none. */
  private static int findEdns(byte[] message, int questionEnd) {
    int records = Wire.int16(message, Wire.AUTHORITIES) + Wire.int16(message, Wire.ADDITIONALS);
    int at = questionEnd;
    for (int i = 0; i < records; i++) {
      int fixed = Wire.skipName(message, at);
      if (fixed < 0 || fixed + Wire.RECORD_FIXED_BYTES > message.length) {
        return -1;
      }
      if (Wire.int16(message, fixed) == Wire.TYPE_OPT) {
        return fixed;
      }
      at = fixed + Wire.RECORD_FIXED_BYTES + Wire.int16(message, fixed + 8);
    }
    return -1;
  }

  /** Whether the client speaks EDNS, so that answers to it do too. */
  boolean edns() {
    return edns >= 0;
  }

  /** The version of EDNS that the client speaks, 0 without. */
  int ednsVersion() {
    return edns < 0 ? 0 : message[edns + 5] & 0xff;
  }

  /** Whether the client wants security records, which answers repeat (RFC 3225). */
  boolean securityWanted() {
    return edns >= 0 && (message[edns + 6] & 0x80) != 0;
  }

  /** The name in lower case, without the final dot. */
  String name() {
    return name;
  }

  int type() {
    return Wire.int16(message, questionEnd - 4);
  }

  int recordClass() {
    return Wire.int16(message, questionEnd - 2);
  }

  int id() {
    return Wire.int16(message, Wire.ID);
  }

  /** What the client takes by UDP: 512 bytes, or what it says in EDNS, within reason. */
  int maximumUdpBytes() {
    int said = edns < 0 ? 0 : Wire.int16(message, edns + 2);
    return Math.min(Wire.LARGEST_UDP_BYTES, Math.max(Wire.PLAIN_UDP_BYTES, said));
  }

  /** Where the question ends in the message. */
  int questionEnd() {
    return questionEnd;
  }

  /** A copy of the whole message. */
  byte[] message() {
    return message.clone();
  }

  /** What tells answers apart that a cache must not mix: flags, class and what follows. */
  String variant() {
    int from = questionEnd - 2;
    String rest = new String(message, from, message.length - from, StandardCharsets.ISO_8859_1);
    return Wire.int16(message, Wire.FLAGS) + ":" + rest;
  }

  /** Whether an answer is to this very question. */
  boolean answeredBy(byte[] answer, int length) {
    if (length < questionEnd || (Wire.int16(answer, Wire.FLAGS) & Wire.RESPONSE) == 0) {
      return false;
    }
    for (int i = Wire.HEADER_BYTES; i < questionEnd; i++) {
      if (Wire.lower(answer[i]) != Wire.lower(message[i])) {
        return false;
      }
    }
    return true;
  }

  /** Puts this query's number and the case of its name into an answer to the same question. */
  byte[] adopt(byte[] answer) {
    System.arraycopy(message, Wire.ID, answer, Wire.ID, 2);
    System.arraycopy(
        message, Wire.HEADER_BYTES, answer, Wire.HEADER_BYTES, questionEnd - Wire.HEADER_BYTES);
    return answer;
  }
}
