package dev.berth.daemon;

import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Where every {@link System.Logger} of the process writes: one line an entry on standard error, in
 * the {@code key=value} form of dockerd's log. The level can be changed while running. A line is
 * written with one call, so lines of several threads do not mix.
 */
public final class EngineLog extends System.LoggerFinder {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'").withZone(ZoneOffset.UTC);

  private static volatile System.Logger.Level threshold = System.Logger.Level.INFO;
  private static volatile boolean json;

  /** Called by the JDK. */
  public EngineLog() {}

  /** Shows entries from this level on. */
  static void threshold(System.Logger.Level level) {
    threshold = level;
  }

  /** Writes JSON objects instead of {@code key=value} lines. */
  static void asJson(boolean wanted) {
    json = wanted;
  }

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new Line(name);
  }

  /** One entry as it is written; without the line's end. */
  static String format(Instant time, System.Logger.Level level, String message) {
    String word = word(level);
    return json
        ? "{\"level\":\""
            + word
            + "\",\"msg\":"
            + quoted(message)
            + ",\"time\":\""
            + TIME.format(time)
            + "\"}"
        : "time=\"" + TIME.format(time) + "\" level=" + word + " msg=" + quoted(message);
  }

  private static String word(System.Logger.Level level) {
    return switch (level) {
      case ALL, TRACE -> "trace";
      case DEBUG -> "debug";
      case INFO -> "info";
      case WARNING -> "warning";
      case ERROR, OFF -> "error";
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ') {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  private record Line(String name) implements System.Logger {
    private static final Object[] NO_VALUES = {};

    @Override
    public String getName() {
      return name;
    }

    /** Netty and other libraries speak up only from a warning on. */
    @Override
    public boolean isLoggable(Level level) {
      Level least =
          name.startsWith("dev.berth") || threshold.compareTo(Level.WARNING) > 0
              ? threshold
              : Level.WARNING;
      return level.compareTo(least) >= 0 && level != Level.OFF;
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      if (isLoggable(level)) {
        String text = String.valueOf(message);
        write(level, thrown == null ? text : text + ": " + described(thrown, level));
      }
    }

    @Override
    public void log(
        Level level, @Nullable ResourceBundle bundle, @Nullable String format, Object... values) {
      if (isLoggable(level)) {
        String pattern = String.valueOf(format);
        // The platform's own methods hand over null where there are no values.
        Object[] given = Objects.requireNonNullElse(values, NO_VALUES);
        write(level, given.length == 0 ? pattern : java.text.MessageFormat.format(pattern, given));
      }
    }

    private static void write(Level level, String message) {
      PrintStream out = System.err;
      out.println(format(Instant.now(), level, message));
    }

    /** The chain of causes; where it happened only while debugging or for what nobody foresaw. */
    private static String described(Throwable thrown, Level level) {
      StringBuilder text = new StringBuilder();
      for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
        text.append(text.isEmpty() ? "" : "; caused by ").append(cause);
        boolean unforeseen = level == Level.ERROR || threshold.compareTo(Level.DEBUG) <= 0;
        StackTraceElement[] trace = cause.getStackTrace();
        for (int i = 0; unforeseen && i < Math.min(trace.length, 12); i++) {
          text.append(" at ").append(trace[i]);
        }
      }
      return text.toString();
    }
  }
}
