package dev.berth.network.dns;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Messages made and read by other code than that under test. */
final class TestMessages {
  private TestMessages() {}

  /** What an answer says. */
  record Reply(int id, int code, boolean truncated, List<String> records, int ttlSeconds) {}

  static byte[] query(int id, String name, int type) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) (id >> 8), (byte) id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    name(out, name);
    out.writeBytes(new byte[] {0, (byte) type, 0, 1});
    return out.toByteArray();
  }

  static byte[] withEdns(byte[] query, int udpBytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(query);
    out.writeBytes(
        new byte[] {0, 0, 41, (byte) (udpBytes >> 8), (byte) udpBytes, 0, 0, 0, 0, 0, 0});
    byte[] bytes = out.toByteArray();
    bytes[11] = 1;
    return bytes;
  }

  private static void name(ByteArrayOutputStream out, String name) {
    for (String label : name.split("\\.")) {
      out.write(label.length());
      out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.write(0);
  }

  /** An answer to a query with one kind of record; the owner is the question's name. */
  static byte[] answer(byte[] query, int code, int type, int ttlSeconds, List<byte[]> data) {
    int end = 12;
    while (query[end] != 0) {
      end += 1 + query[end];
    }
    end += 5;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(query, 0, end);
    for (byte[] bytes : data) {
      out.writeBytes(new byte[] {(byte) 0xc0, 12, 0, (byte) type, 0, 1});
      out.writeBytes(
          new byte[] {0, 0, (byte) (ttlSeconds >> 8), (byte) ttlSeconds, 0, (byte) bytes.length});
      out.writeBytes(bytes);
    }
    byte[] answer = out.toByteArray();
    answer[2] = (byte) 0x81;
    answer[3] = (byte) (0x80 | code);
    answer[6] = (byte) (data.size() >> 8);
    answer[7] = (byte) data.size();
    answer[10] = 0;
    answer[11] = 0;
    return answer;
  }

  static Reply read(byte[] bytes) throws Exception {
    int at = 12;
    while (bytes[at] != 0) {
      at += 1 + bytes[at];
    }
    at += 5;
    int count = (bytes[6] & 0xff) << 8 | bytes[7] & 0xff;
    List<String> records = new ArrayList<>();
    int ttl = -1;
    for (int i = 0; i < count; i++) {
      int type = bytes[at + 3];
      ttl = (bytes[at + 8] & 0xff) << 8 | bytes[at + 9] & 0xff;
      int length = bytes[at + 11] & 0xff;
      byte[] data = java.util.Arrays.copyOfRange(bytes, at + 12, at + 12 + length);
      records.add(type == 12 ? readName(data) : InetAddress.getByAddress(data).getHostAddress());
      at += 12 + length;
    }
    int id = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
    return new Reply(id, bytes[3] & 15, (bytes[2] & 2) != 0, records, ttl);
  }

  private static String readName(byte[] data) {
    StringBuilder name = new StringBuilder();
    for (int at = 0; data[at] != 0; at += 1 + data[at]) {
      name.append(new String(data, at + 1, data[at], StandardCharsets.US_ASCII)).append('.');
    }
    return name.toString();
  }
}
