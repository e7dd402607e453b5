package dev.berth.volume.driver.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import dev.berth.plugin.Plugin;
import dev.berth.volume.DriverVolume;
import dev.berth.volume.VolumeDriver;
import dev.berth.volume.VolumeScope;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A volume plugin. It counts the users itself. */
final class RemoteDriver implements VolumeDriver {
  private static final System.Logger LOG = System.getLogger(RemoteDriver.class.getName());
  static final String INTERFACE = "VolumeDriver";

  private final Plugin plugin;
  private volatile @Nullable VolumeScope scope;

  RemoteDriver(Plugin plugin) {
    this.plugin = plugin;
  }

  /** Whether this is the driver of a plugin. */
  boolean isOf(Plugin other) {
    return plugin == other;
  }

  @Override
  public String name() {
    return plugin.name();
  }

  /** What the plugin said when it was activated; local until then, as nobody may wait here. */
  @Override
  public VolumeScope scope() {
    VolumeScope known = scope;
    return known == null ? VolumeScope.LOCAL : known;
  }

  private void activate() {
    plugin.require(INTERFACE);
    if (scope == null) {
      scope = askScope();
    }
  }

  /** Capabilities are optional: a plugin that does not know the question is local. */
  private VolumeScope askScope() {
    try {
      JsonNode answer = plugin.ask("VolumeDriver.Capabilities", plugin.request());
      String word = answer.path("Capabilities").path("Scope").asText("");
      return word.toLowerCase(Locale.ROOT).equals(VolumeScope.GLOBAL.word())
          ? VolumeScope.GLOBAL
          : VolumeScope.LOCAL;
    } catch (EngineException e) {
      LOG.log(System.Logger.Level.DEBUG, "plugin " + name() + " has no capabilities", e);
      return VolumeScope.LOCAL;
    }
  }

  private JsonNode change(String method, ObjectNode request) {
    activate();
    return plugin.change(INTERFACE + "." + method, request);
  }

  private JsonNode ask(String method, ObjectNode request) {
    activate();
    return plugin.ask(INTERFACE + "." + method, request);
  }

  private ObjectNode named(String volume) {
    return plugin.request().put("Name", volume);
  }

  @Override
  public DriverVolume create(String volume, Map<String, String> options) {
    ObjectNode request = named(volume);
    ObjectNode given = request.putObject("Opts");
    options.forEach(given::put);
    change("Create", request);
    return new DriverVolume(volume, "", null, null);
  }

  @Override
  public void remove(String volume) {
    if (find(volume).isPresent()) {
      change("Remove", named(volume));
    }
  }

  /** A plugin has no word for "there is none": any refusal means it, a dead plugin does not. */
  @Override
  public Optional<DriverVolume> find(String volume) {
    activate();
    JsonNode found;
    try {
      found = plugin.ask(INTERFACE + ".Get", named(volume)).path("Volume");
    } catch (EngineException e) {
      if (e.getCause() != null) {
        throw e;
      }
      LOG.log(System.Logger.Level.DEBUG, "plugin " + name() + " has no volume " + volume, e);
      return Optional.empty();
    }
    return found.isObject() ? Optional.of(describe(found)) : Optional.empty();
  }

  @Override
  public List<DriverVolume> list() {
    List<DriverVolume> volumes = new ArrayList<>();
    for (JsonNode volume : ask("List", plugin.request()).path("Volumes")) {
      volumes.add(describe(volume));
    }
    return volumes;
  }

  private DriverVolume describe(JsonNode volume) {
    JsonNode status = volume.path("Status");
    return new DriverVolume(
        volume.path("Name").asText(""),
        mountpoint(volume),
        time(volume.path("CreatedAt").asText("")),
        status.isObject() && !status.isEmpty() ? status.toString() : null);
  }

  private String mountpoint(JsonNode volume) {
    String path = volume.path("Mountpoint").asText("");
    return path.isEmpty() ? "" : plugin.hostPath(path);
  }

  private static @Nullable Instant time(String text) {
    try {
      return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  @Override
  public String mount(String volume, String user) {
    String path = change("Mount", named(volume).put("ID", user)).path("Mountpoint").asText("");
    if (!path.startsWith("/")) {
      throw EngineException.internal(
          "VolumeDriver.Mount: plugin " + name() + " gave no absolute path: \"" + path + "\"",
          null);
    }
    return plugin.hostPath(path);
  }

  @Override
  public void unmount(String volume, String user) {
    change("Unmount", named(volume).put("ID", user));
  }
}
