package dev.berth.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * The server's half of Docker's plugin protocol, for fake plugins: it answers in chunks, and can
 * hang or answer with anything at all. One connection carries one call.
 */
public final class PluginServer implements AutoCloseable {
  private final Path socket;
  private final ServerSocketChannel server;
  private final Answers answers;
  private final Map<String, String> rawAnswers = new ConcurrentHashMap<>();
  private final Set<String> hanging = ConcurrentHashMap.newKeySet();
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** What a fake plugin answers. */
  public interface Answers {
    /** JSON to JSON; called by several threads at once. */
    String answer(String method, String request);
  }

  /**
   * One call that arrived.
   *
   * @param method with its interface
   * @param request JSON
   */
  public record Call(String method, String request) {}

  private PluginServer(Path socket, ServerSocketChannel server, Answers answers) {
    this.socket = socket;
    this.server = server;
    this.answers = answers;
  }

  /** Listens. */
  public static PluginServer start(Path socket, Answers answers) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    PluginServer plugin = new PluginServer(socket, server, answers);
    Thread.ofVirtual().start(plugin::accept);
    return plugin;
  }

  /** All calls so far. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  /** The methods of all calls so far. */
  public List<String> methods() {
    return calls.stream().map(Call::method).toList();
  }

  /** Answers with exactly these bytes from now on. */
  public void answerRaw(String method, String answer) {
    rawAnswers.put(method, answer);
  }

  /** Lets calls of a method wait until this is closed. */
  public void hang(String method) {
    hanging.add(method);
  }

  /** Answers calls of a method again; those that hang go on hanging. */
  public void unhang(String method) {
    hanging.remove(method);
    silent.remove(method);
  }

  /** Does what a method says from now on, and hangs up without an answer. */
  public void silence(String method) {
    silent.add(method);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        Thread.ofVirtual().start(() -> serve(channel));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
      String method = "";
      int length = 0;
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        if (line.startsWith("POST /")) {
          method = line.split(" ")[1].substring(1);
        } else if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
        }
      }
      String request = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      calls.add(new Call(method, request));
      if (hanging.contains(method)) {
        closed.await();
        return;
      }
      String raw = rawAnswers.get(method);
      String answer = raw != null ? raw : http(answers.answer(method, request));
      if (silent.contains(method)) {
        return;
      }
      ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      // the caller went away
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n' && next >= 0; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  private static String http(String body) {
    int half = body.length() / 2;
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunk(body.substring(0, half))
        + chunk(body.substring(half))
        + "0\r\n\r\n";
  }

  private static String chunk(String text) {
    return text.isEmpty()
        ? ""
        : Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length)
            + "\r\n"
            + text
            + "\r\n";
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    Files.deleteIfExists(socket);
  }
}
