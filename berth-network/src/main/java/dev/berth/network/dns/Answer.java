package dev.berth.network.dns;

import java.io.ByteArrayOutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Makes the answers that the engine gives itself. */
final class Answer {
  private static final int POINTER_TO_QUESTION = 0xc000 | Wire.HEADER_BYTES;

  private Answer() {}

  /** An answer without records. */
  static byte[] empty(Query query, int responseCode) {
    byte[] answer = Arrays.copyOf(query.message(), query.questionEnd());
    int desired = Wire.int16(answer, Wire.FLAGS) & Wire.RECURSION_DESIRED;
    Wire.putInt16(
        answer, Wire.FLAGS, Wire.RESPONSE | Wire.RECURSION_AVAILABLE | desired | responseCode);
    Wire.putInt16(answer, Wire.AUTHORITIES, 0);
    Wire.putInt16(answer, Wire.ADDITIONALS, 0);
    return answer;
  }

  /** Addresses, each as a record of its family's type. */
  static byte[] addresses(Query query, List<InetAddress> addresses, int ttlSeconds) {
    byte[] head = empty(query, Wire.NOERROR);
    int total = head.length;
    for (InetAddress address : addresses) {
      total += 2 + Wire.RECORD_FIXED_BYTES + (address instanceof Inet6Address ? 16 : 4);
    }
    byte[] answer = Arrays.copyOf(head, total);
    Wire.putInt16(answer, Wire.ANSWERS, addresses.size());
    int at = head.length;
    for (InetAddress address : addresses) {
      byte[] data = address.getAddress();
      int type = data.length == 4 ? Wire.TYPE_A : Wire.TYPE_AAAA;
      at = record(answer, at, type, ttlSeconds, data);
    }
    return answer;
  }

  /** A pointer to a name. */
  static byte[] pointer(Query query, String name, int ttlSeconds) {
    byte[] head = empty(query, Wire.NOERROR);
    byte[] data = encode(name);
    byte[] answer = Arrays.copyOf(head, head.length + 2 + Wire.RECORD_FIXED_BYTES + data.length);
    Wire.putInt16(answer, Wire.ANSWERS, 1);
    record(answer, head.length, Wire.TYPE_PTR, ttlSeconds, data);
    return answer;
  }

  private static int record(byte[] answer, int from, int type, int ttlSeconds, byte[] data) {
    Wire.putInt16(answer, from, POINTER_TO_QUESTION);
    Wire.putInt16(answer, from + 2, type);
    Wire.putInt16(answer, from + 4, Wire.CLASS_IN);
    Wire.putInt32(answer, from + 6, ttlSeconds);
    Wire.putInt16(answer, from + 10, data.length);
    int at = from + 2 + Wire.RECORD_FIXED_BYTES;
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
