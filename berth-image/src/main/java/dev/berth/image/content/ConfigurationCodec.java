package dev.berth.image.content;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import dev.berth.image.Digest;
import dev.berth.image.Healthcheck;
import dev.berth.image.ImageConfig;
import dev.berth.image.ImageDocument;
import dev.berth.image.Platform;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An image's configuration file, read and written. Source: OCI image specification. */
public final class ConfigurationCodec {
  private static final String WHAT = "image configuration";

  private ConfigurationCodec() {}

  /**
   * Reads a configuration file.
   *
   * @throws EngineException of kind INVALID when it is not one
   */
  public static ImageDocument parse(String json) {
    JsonNode node = Json.parse(json, WHAT);
    JsonNode layers = node.path("rootfs").path("diff_ids");
    if (!node.isObject() || (!layers.isArray() && !layers.isMissingNode() && !layers.isNull())) {
      throw EngineException.invalid("invalid " + WHAT + ": no rootfs");
    }
    List<Digest> diffIds = new ArrayList<>();
    layers.forEach(layer -> diffIds.add(Digest.parse(layer.asText())));
    String variant = Json.stringOrNull(node, "variant");
    String os = Json.string(node, "os");
    return new ImageDocument(
        time(node, "created"),
        Json.string(node, "author"),
        Json.string(node, "comment"),
        Json.string(node, "docker_version"),
        new Platform(os.isEmpty() ? "linux" : os, Json.string(node, "architecture"), variant),
        Json.string(node, "os.version"),
        config(node.path("config")),
        diffIds,
        history(node.path("history")));
  }

  private static List<ImageDocument.HistoryEntry> history(JsonNode node) {
    List<ImageDocument.HistoryEntry> entries = new ArrayList<>();
    node.forEach(entry ->
        entries.add(
            new ImageDocument.HistoryEntry(
                time(entry, "created"),
                Json.string(entry, "created_by"),
                Json.string(entry, "author"),
                Json.string(entry, "comment"),
                entry.path("empty_layer").asBoolean(false))));
    return entries;
  }

  private static ImageConfig config(JsonNode node) {
    return new ImageConfig(
        Json.string(node, "User"),
        ordered(Json.keys(node, "ExposedPorts")),
        Json.strings(node, "Env"),
        Json.stringsOrNull(node, "Entrypoint"),
        Json.stringsOrNull(node, "Cmd"),
        ordered(Json.keys(node, "Volumes")),
        Json.string(node, "WorkingDir"),
        Json.map(node, "Labels"),
        Json.stringOrNull(node, "StopSignal"),
        healthcheck(node.path("Healthcheck")),
        Json.strings(node, "OnBuild"),
        Json.stringsOrNull(node, "Shell"),
        node.path("ArgsEscaped").asBoolean(false));
  }

  private static Set<String> ordered(List<String> keys) {
    return new LinkedHashSet<>(keys);
  }

  private static @Nullable Healthcheck healthcheck(JsonNode node) {
    if (!node.isObject()) {
      return null;
    }
    return new Healthcheck(
        Json.strings(node, "Test"),
        nanos(node, "Interval"),
        nanos(node, "Timeout"),
        nanos(node, "StartPeriod"),
        nanos(node, "StartInterval"),
        node.path("Retries").asInt(0));
  }

  private static Duration nanos(JsonNode node, String name) {
    return Duration.ofNanos(node.path(name).asLong(0));
  }

  private static @Nullable Instant time(JsonNode node, String name) {
    String text = Json.string(node, name);
    if (text.isEmpty()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new EngineException(
          dev.berth.core.ErrorKind.INVALID, "invalid " + WHAT + ": bad time \"" + text + "\"", e);
    }
  }

  /** Writes a configuration file; the same document gives the same bytes. */
  public static String write(ImageDocument document) {
    ObjectNode node = Json.object();
    node.put("architecture", document.platform().architecture());
    putText(node, "variant", document.platform().variant());
    putText(node, "author", document.author());
    putText(node, "comment", document.comment());
    node.set("config", config(document.config()));
    Instant created = document.created();
    putText(node, "created", created == null ? null : created.toString());
    putText(node, "docker_version", document.dockerVersion());
    ArrayNode history = node.putArray("history");
    document.history().forEach(entry -> history.add(history(entry)));
    node.put("os", document.platform().os());
    putText(node, "os.version", document.osVersion());
    ObjectNode rootfs = node.putObject("rootfs");
    rootfs.put("type", "layers");
    ArrayNode diffIds = rootfs.putArray("diff_ids");
    document.diffIds().forEach(diffId -> diffIds.add(diffId.toString()));
    return Json.write(node);
  }

  private static ObjectNode history(ImageDocument.HistoryEntry entry) {
    ObjectNode node = Json.object();
    Instant created = entry.created();
    putText(node, "created", created == null ? null : created.toString());
    putText(node, "created_by", entry.createdBy());
    putText(node, "author", entry.author());
    putText(node, "comment", entry.comment());
    if (entry.emptyLayer()) {
      node.put("empty_layer", true);
    }
    return node;
  }

  private static ObjectNode config(ImageConfig config) {
    ObjectNode node = Json.object();
    putText(node, "User", config.user());
    putKeys(node, "ExposedPorts", config.exposedPorts());
    putStrings(node, "Env", config.env().isEmpty() ? null : config.env());
    putStrings(node, "Entrypoint", config.entrypoint());
    putStrings(node, "Cmd", config.cmd());
    putKeys(node, "Volumes", config.volumes());
    putText(node, "WorkingDir", config.workingDir());
    if (!config.labels().isEmpty()) {
      ObjectNode labels = node.putObject("Labels");
      new TreeMap<>(config.labels()).forEach(labels::put);
    }
    putText(node, "StopSignal", config.stopSignal());
    Healthcheck healthcheck = config.healthcheck();
    if (healthcheck != null) {
      node.set("Healthcheck", healthcheck(healthcheck));
    }
    putStrings(node, "OnBuild", config.onBuild().isEmpty() ? null : config.onBuild());
    putStrings(node, "Shell", config.shell());
    if (config.argsEscaped()) {
      node.put("ArgsEscaped", true);
    }
    return node;
  }

  private static ObjectNode healthcheck(Healthcheck healthcheck) {
    ObjectNode node = Json.object();
    putStrings(node, "Test", healthcheck.test().isEmpty() ? null : healthcheck.test());
    putNanos(node, "Interval", healthcheck.interval());
    putNanos(node, "Timeout", healthcheck.timeout());
    putNanos(node, "StartPeriod", healthcheck.startPeriod());
    putNanos(node, "StartInterval", healthcheck.startInterval());
    if (healthcheck.retries() != 0) {
      node.put("Retries", healthcheck.retries());
    }
    return node;
  }

  private static void putNanos(ObjectNode node, String name, Duration duration) {
    if (!duration.isZero()) {
      node.put(name, duration.toNanos());
    }
  }

  private static void putText(ObjectNode node, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      node.put(name, value);
    }
  }

  private static void putKeys(ObjectNode node, String name, Set<String> keys) {
    if (!keys.isEmpty()) {
      ObjectNode set = node.putObject(name);
      new TreeSet<>(keys).forEach(set::putObject);
    }
  }

  private static void putStrings(ObjectNode node, String name, @Nullable List<String> values) {
    if (values != null) {
      ArrayNode array = node.putArray(name);
      values.forEach(array::add);
    }
  }
}
