package dev.berth.volume.driver.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.testing.PluginServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A volume plugin on a socket that can refuse, hang and answer oddly. */
final class FakePlugin implements AutoCloseable {
  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, Set<String>> volumes = new TreeMap<>();
  private final Map<String, String> errors = new ConcurrentHashMap<>();
  private final PluginServer server;

  private FakePlugin(Path socket) throws IOException {
    this.server = PluginServer.start(socket, this::answer);
  }

  static FakePlugin start(Path socket) throws IOException {
    return new FakePlugin(socket);
  }

  List<String> calls() {
    return server.methods();
  }

  void answerError(String method, String text) {
    errors.put(method, text);
  }

  /** Answers with exactly these bytes. */
  void answerRaw(String method, String answer) {
    server.answerRaw(method, answer);
  }

  void hang(String method) {
    server.hang(method);
  }

  synchronized Set<String> users(String volume) {
    return Set.copyOf(volumes.getOrDefault(volume, Set.of()));
  }

  private String answer(String method, String request) {
    try {
      return answer(method, json.readTree(request)).toString();
    } catch (IOException e) {
      return "{\"Err\":\"no JSON\"}";
    }
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
    server.close();
  }
}
