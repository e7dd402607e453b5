package dev.berth.network.firewall;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection to the message bus of the system, for calls whose arguments are texts. One call at a
 * time; not safe for use by several threads.
 *
 * @see <a href="https://dbus.freedesktop.org/doc/dbus-specification.html">D-Bus specification</a>
 */
final class SystemBus implements AutoCloseable {
  private static final int MOST_BYTES = 1 << 20;
  private static final int FIXED_HEADER = 16;
  private static final int STRUCT_ALIGNMENT = 8;
  private static final int LENGTH_ALIGNMENT = 4;
  private static final byte CALL = 1;
  private static final byte ANSWER = 2;
  private static final byte ERROR = 3;
  private static final byte PATH = 1;
  private static final byte INTERFACE = 2;
  private static final byte MEMBER = 3;
  private static final byte DESTINATION = 6;
  private static final byte SIGNATURE = 8;

  private final SocketChannel channel;
  private int serial;

  private SystemBus(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * What is called.
   *
   * @param destination the name of the service
   * @param path of its object
   * @param interfaceName of its methods
   */
  record Target(String destination, String path, String interfaceName) {
    /** The bus itself. */
    static final Target BUS =
        new Target("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus");
  }

  /**
   * What came back.
   *
   * @param failed whether it is an error; then the body is its text
   * @param body the values, at the first of them
   */
  record Reply(boolean failed, ByteBuffer body) {
    /** The first value, which is a number. */
    int number() {
      return body.getInt(0);
    }

    /** The first value, which is a text; empty where there is none. */
    String text() {
      return body.limit() < Integer.BYTES ? "" : textAt(body, 0);
    }

    /** The first value, which is a list of texts. */
    List<String> texts() {
      List<String> found = new ArrayList<>();
      int at = Integer.BYTES;
      int end = at + body.getInt(0);
      while (at < end) {
        String text = textAt(body, at);
        found.add(text);
        int after = at + Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length + 1;
        at = aligned(after, LENGTH_ALIGNMENT);
      }
      return found;
    }

    private static String textAt(ByteBuffer body, int at) {
      byte[] bytes = new byte[body.getInt(at)];
      body.get(at + Integer.BYTES, bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Connects as the user who runs this, and says hello. */
  static SystemBus open(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    SystemBus bus = new SystemBus(channel);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      bus.authenticate();
      bus.call(Target.BUS, "Hello");
      return bus;
    } catch (IOException failure) {
      channel.close();
      throw failure;
    }
  }

  /** The mechanism EXTERNAL without a name: the kernel tells the bus who this is. */
  private void authenticate() throws IOException {
    write("\0AUTH EXTERNAL\r\nDATA\r\n".getBytes(StandardCharsets.US_ASCII));
    String line = line();
    while (!line.startsWith("OK")) {
      if (line.startsWith("REJECTED") || line.startsWith("ERROR")) {
        throw new IOException("the message bus says " + line);
      }
      line = line();
    }
    write("BEGIN\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (char next = letter(); next != '\n'; next = letter()) {
      line.append(next);
      if (line.length() > MOST_BYTES) {
        throw new IOException("the message bus says too much");
      }
    }
    return line.toString().strip();
  }

  private char letter() throws IOException {
    return (char) read(1).get(0);
  }

  /** Calls a method and waits for its answer; what else comes meanwhile is passed over. */
  Reply call(Target target, String member, String... arguments) throws IOException {
    write(message(target, member, arguments, ++serial));
    while (true) {
      ByteBuffer head = read(FIXED_HEADER);
      head.order(head.get(0) == 'l' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      int bodyBytes = head.getInt(4);
      int fieldBytes = aligned(head.getInt(12), STRUCT_ALIGNMENT);
      if (bodyBytes < 0 || fieldBytes < 0 || (long) bodyBytes + fieldBytes > MOST_BYTES) {
        throw new IOException("the message bus says too much");
      }
      read(fieldBytes);
      ByteBuffer body = read(bodyBytes).order(head.order());
      byte type = head.get(1);
      if (type == ANSWER || type == ERROR) {
        return new Reply(type == ERROR, body);
      }
    }
  }

  /** The bytes of a call. */
  static byte[] message(Target target, String member, String[] arguments, int serial) {
    Writer body = new Writer();
    for (String argument : arguments) {
      body.text(argument);
    }
    Writer fields = new Writer();
    fields.field(PATH, 'o', target.path());
    fields.field(DESTINATION, 's', target.destination());
    fields.field(INTERFACE, 's', target.interfaceName());
    fields.field(MEMBER, 's', member);
    if (arguments.length > 0) {
      fields.field(SIGNATURE, 'g', "s".repeat(arguments.length));
    }
    Writer whole = new Writer();
    whole.bytes((byte) 'l', CALL, (byte) 0, (byte) 1);
    whole.number(body.size());
    whole.number(serial);
    whole.number(fields.size());
    whole.all(fields);
    whole.align(STRUCT_ALIGNMENT);
    whole.all(body);
    return whole.toBytes();
  }

  private static int aligned(int position, int alignment) {
    return (position + alignment - 1) / alignment * alignment;
  }

  private void write(byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  private ByteBuffer read(int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the message bus has hung up");
      }
    }
    return bytes.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Values in little-endian order, each where its alignment wants it. */
  private static final class Writer {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    int size() {
      return bytes.size();
    }

    byte[] toBytes() {
      return bytes.toByteArray();
    }

    void bytes(byte... values) {
      bytes.writeBytes(values);
    }

    void all(Writer other) {
      bytes.writeBytes(other.toBytes());
    }

    void align(int alignment) {
      while (bytes.size() % alignment != 0) {
        bytes.write(0);
      }
    }

    void number(int value) {
      align(LENGTH_ALIGNMENT);
      bytes.writeBytes(
          ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    void text(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      number(utf8.length);
      bytes.writeBytes(utf8);
      bytes.write(0);
    }

    void field(byte code, char type, String value) {
      align(STRUCT_ALIGNMENT);
      bytes(code, (byte) 1, (byte) type, (byte) 0);
      if (type == 'g') {
        byte[] ascii = value.getBytes(StandardCharsets.US_ASCII);
        bytes.write(ascii.length);
        bytes.writeBytes(ascii);
        bytes.write(0);
      } else {
        text(value);
      }
    }
  }
}
