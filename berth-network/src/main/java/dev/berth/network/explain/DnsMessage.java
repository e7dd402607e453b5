package dev.berth.network.explain;

import dev.berth.network.explain.Names.Answer;
import dev.berth.network.explain.Names.Outcome;
import dev.berth.network.firewall.Addresses;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Questions for addresses and their answers.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1035">RFC 1035</a>
 */
final class DnsMessage {
  private static final int HEADER_BYTES = 12;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int TYPE_A = 1;
  private static final int TYPE_AAAA = 28;
  private static final int CLASS_IN = 1;
  private static final int NO_SUCH_NAME = 3;
  private static final int POINTER = 0xC0;
  private static final int LONGEST_LABEL = 63;

  private DnsMessage() {}

  /** A question for the addresses of a name. */
  static byte[] question(String name, boolean ipv6) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    for (String label : name.split("\\.")) {
      byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
      int length = Math.min(bytes.length, LONGEST_LABEL);
      if (length > 0) {
        encoded.write(length);
        encoded.write(bytes, 0, length);
      }
    }
    encoded.write(0);
    ByteBuffer message = ByteBuffer.allocate(HEADER_BYTES + encoded.size() + 4);
    message.putShort((short) 1).putShort((short) RECURSION_DESIRED).putShort((short) 1);
    message.position(HEADER_BYTES);
    message.put(encoded.toByteArray());
    message.putShort((short) (ipv6 ? TYPE_AAAA : TYPE_A)).putShort((short) CLASS_IN);
    return message.array();
  }

  /** What an answer says; one that cannot be read says nothing. */
  static Answer answer(byte[] bytes, int length, String server) {
    ByteBuffer message = ByteBuffer.wrap(bytes, 0, length);
    try {
      int code = message.getShort(2) & 0xF;
      if (code != 0 && code != NO_SUCH_NAME) {
        return new Answer(Outcome.FAILED, List.of(), server);
      }
      int questions = message.getShort(4) & 0xFFFF;
      int records = message.getShort(6) & 0xFFFF;
      message.position(HEADER_BYTES);
      for (int i = 0; i < questions; i++) {
        skipName(message);
        message.getInt();
      }
      List<InetAddress> found = addresses(message, records);
      return new Answer(found.isEmpty() ? Outcome.NO_SUCH_NAME : Outcome.FOUND, found, server);
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return new Answer(Outcome.FAILED, List.of(), server);
    }
  }

  private static List<InetAddress> addresses(ByteBuffer message, int records) {
    List<InetAddress> found = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      skipName(message);
      int type = message.getShort();
      message.getShort();
      message.getInt();
      byte[] data = new byte[message.getShort() & 0xFFFF];
      message.get(data);
      if ((type == TYPE_A && data.length == 4) || (type == TYPE_AAAA && data.length == 16)) {
        found.add(Addresses.of(data));
      }
    }
    return found;
  }

  private static void skipName(ByteBuffer message) {
    int length = message.get() & 0xFF;
    while (length != 0) {
      if ((length & POINTER) == POINTER) {
        message.get();
        return;
      }
      message.position(message.position() + length);
      length = message.get() & 0xFF;
    }
  }
}
