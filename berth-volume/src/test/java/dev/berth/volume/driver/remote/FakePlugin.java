package dev.berth.volume.driver.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A volume plugin on a socket that can refuse, hang and answer oddly. */
final class FakePlugin implements AutoCloseable {
  private final Path socket;
  private final ServerSocketChannel server;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, Set<String>> volumes = new TreeMap<>();
  private final Map<String, String> errors = new ConcurrentHashMap<>();
  private final Map<String, String> rawAnswers = new ConcurrentHashMap<>();
  private final Set<String> hanging = ConcurrentHashMap.newKeySet();
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch closed = new CountDownLatch(1);

  private FakePlugin(Path socket, ServerSocketChannel server) {
    this.socket = socket;
    this.server = server;
  }

  static FakePlugin start(Path socket) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    FakePlugin plugin = new FakePlugin(socket, server);
    Thread.ofVirtual().start(plugin::accept);
    return plugin;
  }

  List<String> calls() {
    return List.copyOf(calls);
  }

  void answerError(String method, String text) {
    errors.put(method, text);
  }

  /** Answers with exactly these bytes. */
  void answerRaw(String method, String answer) {
    rawAnswers.put(method, answer);
  }

  void hang(String method) {
    hanging.add(method);
  }

  synchronized Set<String> users(String volume) {
    return Set.copyOf(volumes.getOrDefault(volume, Set.of()));
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
        } else if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
        }
      }
      JsonNode request = json.readTree(in.readNBytes(length));
      calls.add(method);
      if (hanging.contains(method)) {
        closed.await();
        return;
      }
      String raw = rawAnswers.get(method);
      byte[] answer =
          (raw != null ? raw : http(answer(method, request))).getBytes(StandardCharsets.UTF_8);
      channel.write(ByteBuffer.wrap(answer));
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

  private static String http(JsonNode answer) {
    String body = answer.toString();
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

  private synchronized ObjectNode answer(String method, JsonNode request) {
    ObjectNode answer = json.createObjectNode();
    String error = errors.remove(method);
    if (error != null) {
      return answer.put("Err", error);
    }
    String name = request.path("Name").asText();
    switch (method) {
      case "Plugin.Activate" -> answer.putArray("Implements").add("VolumeDriver");
      case "VolumeDriver.Capabilities" -> answer.putObject("Capabilities").put("Scope", "global");
      case "VolumeDriver.Create" -> volumes.computeIfAbsent(name, key -> new HashSet<>());
      case "VolumeDriver.List" -> list(answer.putArray("Volumes"));
      case "VolumeDriver.Get" -> get(answer, name);
      case "VolumeDriver.Remove" -> remove(answer, name);
      case "VolumeDriver.Mount" -> {
        volumes.get(name).add(request.path("ID").asText());
        answer.put("Mountpoint", "/plugin/" + name);
      }
      case "VolumeDriver.Unmount" -> {
        if (volumes.containsKey(name)) {
          volumes.get(name).remove(request.path("ID").asText());
        }
      }
      default -> answer.put("Err", "unknown method " + method);
    }
    return answer;
  }

  private void list(ArrayNode all) {
    volumes.keySet().forEach(name -> all.addObject().put("Name", name));
  }

  private void get(ObjectNode answer, String name) {
    if (!volumes.containsKey(name)) {
      answer.put("Err", "volume not found");
      return;
    }
    ObjectNode volume = answer.putObject("Volume");
    volume.put("Name", name).put("Mountpoint", "/plugin/" + name);
    volume.put("CreatedAt", "2026-01-02T03:04:05+01:00");
    volume.putObject("Status").put("health", "good");
  }

  private void remove(ObjectNode answer, String name) {
    if (volumes.getOrDefault(name, Set.of()).isEmpty()) {
      volumes.remove(name);
    } else {
      answer.put("Err", "busy");
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    Files.deleteIfExists(socket);
  }
}
