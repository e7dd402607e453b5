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
  private static final int LABEL_BYTES = 63;

  private final byte[] message;
  private final String name;
  private final int questionEnd;
  private final int maximumUdpBytes;

  private Query(byte[] message, String name, int questionEnd, int maximumUdpBytes) {
    this.message = message;
    this.name = name;
    this.questionEnd = questionEnd;
    this.maximumUdpBytes = maximumUdpBytes;
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
      if (label > LABEL_BYTES || at + 1 + label >= length || name.length() + label > NAME_BYTES) {
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
    return new Query(message, name.toString(), end, udpBytes(message, end));
  }

  /** What the client takes by UDP: 512 bytes, or what it says in EDNS (RFC 6891). */
  private static int udpBytes(byte[] message, int questionEnd) {
    int records = Wire.int16(message, Wire.AUTHORITIES) + Wire.int16(message, Wire.ADDITIONALS);
    int at = questionEnd;
    for (int i = 0; i < records; i++) {
      int fixed = Wire.skipName(message, at);
      if (fixed < 0 || fixed + Wire.RECORD_FIXED_BYTES > message.length) {
        break;
      }
      if (Wire.int16(message, fixed) == Wire.TYPE_OPT) {
        return Math.max(Wire.PLAIN_UDP_BYTES, Wire.int16(message, fixed + 2));
      }
      at = fixed + Wire.RECORD_FIXED_BYTES + Wire.int16(message, fixed + 8);
    }
    return Wire.PLAIN_UDP_BYTES;
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

  int maximumUdpBytes() {
    return maximumUdpBytes;
  }

  /** Where the question ends in the message. */
  int questionEnd() {
    return questionEnd;
  }

  /** A copy of the whole message. */
  byte[] message() {
    return message.clone();
  }

  /** What tells answers apart that a cache must not mix: everything behind the question. */
  String variant() {
    String rest =
        new String(message, questionEnd, message.length - questionEnd, StandardCharsets.ISO_8859_1);
    return Wire.int16(message, Wire.FLAGS) + ":" + rest;
  }

  /** Whether an answer is to this very question. */
  boolean answeredBy(byte[] answer, int length) {
    if (length < questionEnd || (Wire.int16(answer, Wire.FLAGS) & Wire.RESPONSE) == 0) {
      return false;
    }
    for (int i = Wire.HEADER_BYTES; i < questionEnd; i++) {
      if (lower(answer[i]) != lower(message[i])) {
        return false;
      }
    }
    return true;
  }

  private static int lower(byte value) {
    return value >= 'A' && value <= 'Z' ? value + 32 : value;
  }

  /** Puts this query's number and the case of its name into an answer to the same question. */
  byte[] adopt(byte[] answer) {
    System.arraycopy(message, Wire.ID, answer, Wire.ID, 2);
    System.arraycopy(
        message, Wire.HEADER_BYTES, answer, Wire.HEADER_BYTES, questionEnd - Wire.HEADER_BYTES);
    return answer;
  }
}
