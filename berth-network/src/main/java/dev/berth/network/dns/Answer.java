package dev.berth.network.dns;

import java.io.ByteArrayOutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the answers that the engine gives itself. */
final class Answer {
  /** An EDNS record without options. */
  static final int EDNS_BYTES = 11;

  /** A record without its data; its name is a pointer. */
  static final int RECORD_BYTES = 2 + Wire.RECORD_FIXED_BYTES;

  private static final int POINTER_TO_QUESTION = 0xc000 | Wire.HEADER_BYTES;

  private Answer() {}

  /** An answer without records. */
  static byte[] empty(Query query, int responseCode) {
    return withEdns(query, head(query, responseCode, 0), 0);
  }

  /** The answer to a version of EDNS that is not known (RFC 6891, section 6.1.3). */
  static byte[] badVersion(Query query) {
    return withEdns(query, head(query, Wire.NOERROR, 0), Wire.BAD_VERSION_UPPER);
  }

  private static byte[] head(Query query, int responseCode, int furtherBytes) {
    byte[] answer = Arrays.copyOf(query.message(), query.questionEnd() + furtherBytes);
    Arrays.fill(answer, query.questionEnd(), answer.length, (byte) 0);
    int desired = Wire.int16(answer, Wire.FLAGS) & Wire.RECURSION_DESIRED;
    Wire.putInt16(
        answer, Wire.FLAGS, Wire.RESPONSE | Wire.RECURSION_AVAILABLE | desired | responseCode);
    Wire.putInt16(answer, Wire.AUTHORITIES, 0);
    Wire.putInt16(answer, Wire.ADDITIONALS, 0);
    return answer;
  }

  /** Who asks with EDNS is answered with it. */
  private static byte[] withEdns(Query query, byte[] answer, int upperCode) {
    if (!query.edns()) {
      return answer;
    }
    byte[] longer = Arrays.copyOf(answer, answer.length + EDNS_BYTES);
    putEdns(longer, answer.length, query.securityWanted());
    longer[answer.length + 5] = (byte) upperCode;
    Wire.putInt16(longer, Wire.ADDITIONALS, 1);
    return longer;
  }

  /** Writes an EDNS record. */
  static void putEdns(byte[] answer, int at, boolean securityWanted) {
    Arrays.fill(answer, at, at + EDNS_BYTES, (byte) 0);
    Wire.putInt16(answer, at + 1, Wire.TYPE_OPT);
    Wire.putInt16(answer, at + 3, Wire.LARGEST_UDP_BYTES);
    answer[at + 7] = (byte) (securityWanted ? 0x80 : 0);
  }

  /**
   * What a message gets that is no question: the head alone, with the reason. Nothing for what is
   * no request at all.
   */
  static byte @Nullable [] refusal(byte[] message, int length) {
    if (length < Wire.HEADER_BYTES || (Wire.int16(message, Wire.FLAGS) & Wire.RESPONSE) != 0) {
      return null;
    }
    byte[] answer = Arrays.copyOf(message, Wire.HEADER_BYTES);
    int kept = Wire.int16(answer, Wire.FLAGS) & (Wire.OPCODE | Wire.RECURSION_DESIRED);
    int code = (kept & Wire.OPCODE) == 0 ? Wire.FORMAT_ERROR : Wire.NOT_IMPLEMENTED;
    Wire.putInt16(answer, Wire.FLAGS, Wire.RESPONSE | Wire.RECURSION_AVAILABLE | kept | code);
    Arrays.fill(answer, Wire.QUESTIONS, Wire.HEADER_BYTES, (byte) 0);
    return answer;
  }

  /** Addresses, each as a record of its family's type. */
  static byte[] addresses(Query query, List<InetAddress> addresses, int ttlSeconds) {
    int bytes = 0;
    for (InetAddress address : addresses) {
      bytes += RECORD_BYTES + (address instanceof Inet6Address ? 16 : 4);
    }
    byte[] answer = head(query, Wire.NOERROR, bytes);
    Wire.putInt16(answer, Wire.ANSWERS, addresses.size());
    int at = query.questionEnd();
    for (InetAddress address : addresses) {
      byte[] data = address.getAddress();
      int type = data.length == 4 ? Wire.TYPE_A : Wire.TYPE_AAAA;
      at = record(answer, at, type, ttlSeconds, data);
    }
    return withEdns(query, answer, 0);
  }

  /** A pointer to a name. */
  static byte[] pointer(Query query, String name, int ttlSeconds) {
    byte[] data = encode(name);
    byte[] answer = head(query, Wire.NOERROR, RECORD_BYTES + data.length);
    Wire.putInt16(answer, Wire.ANSWERS, 1);
    record(answer, query.questionEnd(), Wire.TYPE_PTR, ttlSeconds, data);
    return withEdns(query, answer, 0);
  }

  private static int record(byte[] answer, int from, int type, int ttlSeconds, byte[] data) {
    Wire.putInt16(answer, from, POINTER_TO_QUESTION);
    Wire.putInt16(answer, from + 2, type);
    Wire.putInt16(answer, from + 4, Wire.CLASS_IN);
    Wire.putInt32(answer, from + 6, ttlSeconds);
    Wire.putInt16(answer, from + 10, data.length);
    int at = from + RECORD_BYTES;
    System.arraycopy(data, 0, answer, at, data.length);
    return at + data.length;
  }

  private static byte[] encode(String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String label : name.split("\\.")) {
      byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
      int length = Math.min(bytes.length, 63);
      out.write(length);
      out.write(bytes, 0, length);
    }
    out.write(0);
    return out.toByteArray();
  }

  /** Cuts an answer that the client cannot take by UDP down to its head, marked as truncated. */
  static byte[] fitUdp(Query query, byte[] answer) {
    if (answer.length <= query.maximumUdpBytes()) {
      return answer;
    }
    byte[] cut = empty(query, Wire.responseCode(answer));
    Wire.putInt16(cut, Wire.FLAGS, Wire.int16(cut, Wire.FLAGS) | Wire.TRUNCATED);
    return cut;
  }
}
