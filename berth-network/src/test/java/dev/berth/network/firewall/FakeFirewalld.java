package dev.berth.network.firewall;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A message bus with a firewalld on it, which knows the zone and the policy of the engine. */
final class FakeFirewalld implements AutoCloseable {
  final List<String> changes = new CopyOnWriteArrayList<>();
  final Map<String, String> zones = new ConcurrentHashMap<>();
  private final ServerSocketChannel server;
  private volatile boolean there = true;

  private FakeFirewalld(ServerSocketChannel server) {
    this.server = server;
  }

  static FakeFirewalld listen(Path socket) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    FakeFirewalld fake = new FakeFirewalld(server);
    Thread.ofVirtual().start(fake::accept);
    return fake;
  }

  /** Only the bus is there. */
  void leave() {
    there = false;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        Thread.ofVirtual().start(() -> serve(channel));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(SocketChannel channel) {
    try (channel;
        DataInputStream in = new DataInputStream(Channels.newInputStream(channel))) {
      for (String line = line(in); !line.equals("BEGIN"); line = line(in)) {
        String answer = line.equals("DATA") ? "OK 0123\r\n" : "DATA\r\n";
        channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
      }
      while (true) {
        channel.write(answer(in));
      }
    } catch (IOException gone) {
      // The caller has what it wanted.
    }
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n' && next >= 0; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  private ByteBuffer answer(DataInputStream in) throws IOException {
    ByteBuffer head = ByteBuffer.wrap(in.readNBytes(16)).order(ByteOrder.LITTLE_ENDIAN);
    if (head.limit() < 16) {
      throw new IOException("end");
    }
    ByteBuffer fields = ByteBuffer.wrap(in.readNBytes((head.getInt(12) + 7) / 8 * 8));
    ByteBuffer body = ByteBuffer.wrap(in.readNBytes(head.getInt(4)));
    body.order(ByteOrder.LITTLE_ENDIAN);
    String member = member(fields.order(ByteOrder.LITTLE_ENDIAN));
    List<String> arguments = new ArrayList<>();
    int at = 0;
    while (at < body.limit()) {
      String text = text(body, at);
      arguments.add(text);
      at = (at + 4 + text.length() + 1 + 3) / 4 * 4;
    }
    return reply(member, arguments);
  }

  private static String member(ByteBuffer fields) {
    int at = 0;
    while (fields.get(at) != 3) {
      at = (at + 8 + fields.getInt(at + 4) + 1 + 7) / 8 * 8;
    }
    return text(fields, at + 4);
  }

  private static String text(ByteBuffer bytes, int at) {
    byte[] text = new byte[bytes.getInt(at)];
    bytes.get(at + 4, text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private ByteBuffer reply(String member, List<String> arguments) {
    return switch (member) {
      case "Hello" -> message(2, texts(":1.7"));
      case "GetConnectionUnixProcessID" ->
          there
              ? message(2, number((int) ProcessHandle.current().pid()))
              : message(3, texts("no such name"));
      case "getZones" -> message(2, list("public", "docker"));
      case "getPolicies" -> message(2, list("docker-forwarding"));
      case "getZoneOfInterface" -> message(2, texts(zones.getOrDefault(arguments.getFirst(), "")));
      case "addInterface" -> {
        changes.add("add " + arguments);
        zones.put(arguments.get(1), arguments.getFirst());
        yield message(2, texts(arguments.getFirst()));
      }
      case "removeInterface" -> {
        changes.add("remove " + arguments);
        zones.remove(arguments.get(1));
        yield message(2, texts(arguments.getFirst()));
      }
      default -> message(3, texts("unknown method " + member));
    };
  }

  private static ByteBuffer message(int type, ByteBuffer body) {
    ByteBuffer whole = ByteBuffer.allocate(16 + body.limit()).order(ByteOrder.LITTLE_ENDIAN);
    whole.put((byte) 'l').put((byte) type).put((byte) 0).put((byte) 1);
    return whole.putInt(body.limit()).putInt(1).putInt(0).put(body).flip();
  }

  private static ByteBuffer number(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).flip();
  }

  private static ByteBuffer texts(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer body = ByteBuffer.allocate(bytes.length + 5).order(ByteOrder.LITTLE_ENDIAN);
    return body.putInt(bytes.length).put(bytes).put((byte) 0).flip();
  }

  private static ByteBuffer list(String... words) {
    ByteBuffer body = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN).putInt(0);
    for (String word : words) {
      while (body.position() % 4 != 0) {
        body.put((byte) 0);
      }
      body.put(texts(word));
    }
    body.putInt(0, body.position() - 4);
    return body.flip();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
