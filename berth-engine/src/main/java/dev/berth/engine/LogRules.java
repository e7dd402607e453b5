package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.HostOptions.LogOptions;
import dev.berth.runtime.IoSpec;
import dev.berth.runtime.IoSpec.LogRotation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Log drivers and their options. */
final class LogRules {
  private static final Set<String> KNOWN =
      Set.of(
          "max-size",
          "max-file",
          "compress",
          "labels",
          "labels-regex",
          "env",
          "env-regex",
          "tag",
          "mode",
          "max-buffer-size");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([kmgtKMGT]?)i?[bB]?");
  private static final long LOCAL_SIZE = 20L << 20;
  private static final int LOCAL_FILES = 5;

  private LogRules() {}

  /**
   * Refuses what cannot be logged so.
   *
   * @throws EngineException INVALID with Docker's words
   */
  static void check(LogOptions options) {
    switch (options.driver()) {
      case "json-file", "local" -> {
        for (String key : options(options).keySet()) {
          if (!KNOWN.contains(key)) {
            throw EngineException.invalid(
                "unknown log opt '" + key + "' for " + options.driver() + " log driver");
          }
        }
        rotation(options);
      }
      case "none" -> {
        // Takes any option and heeds none, as in Docker.
      }
      default ->
          throw EngineException.invalid(
              "logger: no log driver named '" + options.driver() + "' is registered");
    }
  }

  private static Map<String, String> options(LogOptions options) {
    return options.options() == null ? Map.of() : options.options();
  }

  /** Whether what is written can be read back. */
  static boolean readable(LogOptions options) {
    return !options.driver().equals("none");
  }

  static IoSpec.LogTarget target(LogOptions options, Path file) {
    return readable(options)
        ? new IoSpec.LogTarget.File(file, rotation(options))
        : new IoSpec.LogTarget.None();
  }

  private static LogRotation rotation(LogOptions options) {
    Map<String, String> given = options(options);
    boolean local = options.driver().equals("local");
    String size = given.get("max-size");
    String files = given.get("max-file");
    String compress = given.get("compress");
    long maxSize = size == null ? (local ? LOCAL_SIZE : -1) : size(size);
    int maxFiles = files == null ? (local ? LOCAL_FILES : 1) : files(files);
    if (maxSize < 0 && maxFiles > 1) {
      throw EngineException.invalid("max-file cannot be greater than 1 when max-size is not set");
    }
    boolean compressed = compress == null ? local : flag(compress);
    return new LogRotation(maxSize, maxFiles, compressed);
  }

  private static int files(String text) {
    if (!text.matches("\\d{1,6}")) {
      throw EngineException.invalid("strconv.Atoi: parsing \"" + text + "\": invalid syntax");
    }
    int files = Integer.parseInt(text);
    if (files < 1) {
      throw EngineException.invalid("max-file cannot be less than 1");
    }
    return files;
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default ->
          throw EngineException.invalid(
              "strconv.ParseBool: parsing \"" + text + "\": invalid syntax");
    };
  }

  /** A size such as {@code 10m}; -1 is no limit. */
  static long size(String text) {
    if (text.equals("-1")) {
      return -1;
    }
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw EngineException.invalid("invalid size: '" + text + "'");
    }
    long number = Long.parseLong(matcher.group(1));
    int shift =
        switch (matcher.group(2).toLowerCase(java.util.Locale.ROOT)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          case "t" -> 40;
          default -> 0;
        };
    long bytes = number << shift;
    if (bytes <= 0 || bytes >> shift != number) {
      throw EngineException.invalid("max-size must be a positive number");
    }
    return bytes;
  }

  /** The facts that {@code logs --details} shows with each line. */
  static Map<String, String> attributes(ContainerConfig config, LogOptions options) {
    Map<String, String> given = options(options);
    Map<String, String> attributes = new LinkedHashMap<>();
    Map<String, String> labels =
        config.identity().labels() == null ? Map.of() : config.identity().labels();
    for (String label : given.getOrDefault("labels", "").split(",")) {
      String value = labels.get(label);
      if (value != null) {
        attributes.put(label, value);
      }
    }
    List<String> wanted = List.of(given.getOrDefault("env", "").split(","));
    for (String entry : SpecValidation.orEmpty(config.command().environment())) {
      int equals = entry.indexOf('=');
      if (equals > 0 && wanted.contains(entry.substring(0, equals))) {
        attributes.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return attributes;
  }
}
