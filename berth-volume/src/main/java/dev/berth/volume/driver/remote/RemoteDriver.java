package dev.berth.volume.driver.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import dev.berth.volume.DriverVolume;
import dev.berth.volume.VolumeDriver;
import dev.berth.volume.VolumeScope;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A volume plugin. It is activated at the first call; a plugin that was restarted is simply called
 * again, as each call has a connection of its own. The plugin counts the users itself.
 */
final class RemoteDriver implements VolumeDriver {
  private static final System.Logger LOG = System.getLogger(RemoteDriver.class.getName());
  private static final String INTERFACE = "VolumeDriver";

  private final String name;
  private final PluginClient client;
  private final Patience patience;
  private final ReentrantLock activation = new ReentrantLock();
  private volatile @Nullable VolumeScope scope;

  /**
   * How long to wait for an answer.
   *
   * @param change to calls that make, remove or mount
   * @param question to the others
   */
  record Patience(Duration change, Duration question) {
    /** What Docker grants. */
    static final Patience DEFAULT = new Patience(Duration.ofMinutes(2), Duration.ofMinutes(1));
  }

  RemoteDriver(String name, PluginClient client, Patience patience) {
    this.name = name;
    this.client = client;
    this.patience = patience;
  }

  @Override
  public String name() {
    return name;
  }

  /** What the plugin said when it was activated; local until then, as nobody may wait here. */
  @Override
  public VolumeScope scope() {
    VolumeScope known = scope;
    return known == null ? VolumeScope.LOCAL : known;
  }

  /** Whether it has said that it holds volumes. */
  boolean isActivated() {
    return scope != null;
  }

  /** Greets the plugin once; a failed greeting is tried again at the next call. */
  private void activate() {
    if (scope != null) {
      return;
    }
    awaitTurn();
    try {
      if (scope == null) {
        greet();
        scope = askScope();
      }
    } finally {
      activation.unlock();
    }
  }

  private void awaitTurn() {
    boolean mine = false;
    try {
      mine = activation.tryLock(patience.question().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!mine) {
      throw EngineException.internal("plugin " + name + " does not answer", null);
    }
  }

  private void greet() {
    JsonNode answer = client.call("Plugin.Activate", client.request(), patience.question());
    for (JsonNode offered : answer.path("Implements")) {
      if (offered.asText().equals(INTERFACE)) {
        return;
      }
    }
    throw EngineException.notFound("plugin \"" + name + "\" does not implement " + INTERFACE);
  }

  /** Capabilities are optional: a plugin that does not know the question is local. */
  private VolumeScope askScope() {
    try {
      JsonNode answer =
          client.call("VolumeDriver.Capabilities", client.request(), patience.question());
      String word = answer.path("Capabilities").path("Scope").asText("");
      return word.toLowerCase(Locale.ROOT).equals(VolumeScope.GLOBAL.word())
          ? VolumeScope.GLOBAL
          : VolumeScope.LOCAL;
    } catch (EngineException e) {
      LOG.log(System.Logger.Level.DEBUG, "plugin " + name + " has no capabilities", e);
      return VolumeScope.LOCAL;
    }
  }

  private JsonNode change(String method, ObjectNode request) {
    activate();
    return client.call(INTERFACE + "." + method, request, patience.change());
  }

  private JsonNode ask(String method, ObjectNode request) {
    activate();
    return client.call(INTERFACE + "." + method, request, patience.question());
  }

  private ObjectNode named(String volume) {
    return client.request().put("Name", volume);
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
      found = client.call(INTERFACE + ".Get", named(volume), patience.question()).path("Volume");
    } catch (EngineException e) {
      if (e.getCause() != null) {
        throw e;
      }
      LOG.log(System.Logger.Level.DEBUG, "plugin " + name + " has no volume " + volume, e);
      return Optional.empty();
    }
    return found.isObject() ? Optional.of(describe(found)) : Optional.empty();
  }

  @Override
  public List<DriverVolume> list() {
    List<DriverVolume> volumes = new ArrayList<>();
    for (JsonNode volume : ask("List", client.request()).path("Volumes")) {
      volumes.add(describe(volume));
    }
    return volumes;
  }

  private static DriverVolume describe(JsonNode volume) {
    JsonNode status = volume.path("Status");
    return new DriverVolume(
        volume.path("Name").asText(""),
        volume.path("Mountpoint").asText(""),
        time(volume.path("CreatedAt").asText("")),
        status.isObject() && !status.isEmpty() ? status.toString() : null);
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
          "VolumeDriver.Mount: plugin " + name + " gave no absolute path: \"" + path + "\"", null);
    }
    return path;
  }

  @Override
  public void unmount(String volume, String user) {
    change("Unmount", named(volume).put("ID", user));
  }
}
