package dev.berth.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A volume plugin, in Docker's protocol, whose volumes are folders; it can refuse and hang. */
final class TinyPlugin implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path socket;
  private final Path folder;
  private final ServerSocketChannel server;
  private final Set<String> volumes = new TreeSet<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Map<String, String> refusals = new ConcurrentHashMap<>();
  private final Set<String> hanging = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  private TinyPlugin(Path socket, Path folder, ServerSocketChannel server) {
    this.socket = socket;
    this.folder = folder;
    this.server = server;
  }

  /**
   * @param socket where to listen
   * @param folder of the volumes
   */
  static TinyPlugin start(Path socket, Path folder) throws IOException {
    Files.createDirectories(socket.getParent());
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    TinyPlugin plugin = new TinyPlugin(socket, folder, server);
    Thread.startVirtualThread(plugin::accept);
    return plugin;
  }

  List<String> calls() {
    return List.copyOf(calls);
  }

  /** Lets the next call of a method fail with this text. */
  void refuse(String method, String text) {
    refusals.put(method, text);
  }

  /** Lets calls of a method wait until the plugin is closed. */
  void hang(String method) {
    hanging.add(method);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        Thread.startVirtualThread(() -> serve(channel));
      }
    } catch (IOException ended) {
      // The plugin was closed.
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      InputStream in = Channels.newInputStream(channel);
      String method = "";
      int length = 0;
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        String lower = line.toLowerCase(Locale.ROOT);
        if (line.startsWith("POST /")) {
          method = line.split(" ")[1].substring(1);
        } else if (lower.startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
        }
      }
      JsonNode request = JSON.readTree(in.readNBytes(length));
      calls.add((method + " " + request.path("Name").asText("")).strip());
      if (hanging.contains(method)) {
        closed.await();
      }
      byte[] body = answer(method, request).toString().getBytes(StandardCharsets.UTF_8);
      String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n";
      channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
      channel.write(ByteBuffer.wrap(body));
    } catch (IOException gone) {
      // The engine did not wait for the answer.
    } catch (InterruptedException interrupted) {
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

  private synchronized ObjectNode answer(String method, JsonNode request) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    String refusal = refusals.remove(method);
    if (refusal != null) {
      return answer.put("Err", refusal);
    }
    String name = request.path("Name").asText();
    switch (method) {
      case "Plugin.Activate" -> answer.putArray("Implements").add("VolumeDriver");
      case "VolumeDriver.Capabilities" -> answer.putObject("Capabilities").put("Scope", "global");
      case "VolumeDriver.Create" -> {
        Files.createDirectories(folder.resolve(name));
        volumes.add(name);
      }
      case "VolumeDriver.Remove" -> volumes.remove(name);
      case "VolumeDriver.List" -> {
        ArrayNode all = answer.putArray("Volumes");
        volumes.forEach(volume -> describe(all.addObject(), volume));
      }
      case "VolumeDriver.Get" -> {
        if (volumes.contains(name)) {
          describe(answer.putObject("Volume"), name).putObject("Status").put("health", "good");
        } else {
          answer.put("Err", "no such volume");
        }
      }
      case "VolumeDriver.Mount", "VolumeDriver.Path" ->
          answer.put("Mountpoint", folder.resolve(name).toString());
      case "VolumeDriver.Unmount" -> answer.put("Err", "");
      default -> answer.put("Err", "unknown method " + method);
    }
    return answer;
  }

  private ObjectNode describe(ObjectNode volume, String name) {
    return volume.put("Name", name).put("Mountpoint", folder.resolve(name).toString());
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    Files.deleteIfExists(socket);
  }
}
