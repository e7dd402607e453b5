package dev.berth.server;

import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;
import dev.berth.engine.Attachments;
import dev.berth.engine.ContainerLogs;
import dev.berth.engine.Engine;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What containers read and write: attach, logs, resize. */
final class StreamRoutes {
  private final Engine engine;
  private final InstantSource clock;

  StreamRoutes(Engine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/containers/{name}/attach", this::attach),
        Route.get("/containers/{name}/attach/ws", this::attachWebSocket),
        Route.get("/containers/{name}/logs", this::logs),
        Route.post("/containers/{name}/resize", this::resize));
  }

  private void attach(Exchange exchange) throws IOException, InterruptedException {
    Attachments.Options options = attachOptions(exchange.query(), false);
    try (Attachments.Session session = engine.attachments().attach(exchange.name(), options)) {
      String contentType = HijackedStreams.contentType(exchange.version(), session.tty());
      try (RawStream raw = exchange.hijack(contentType)) {
        session.run(new HijackedStreams(raw, options.stdin(), session.tty()));
      }
    }
  }

  /**
   * The same over a websocket: output and error output come as they are, one beside the other.
   * Before 1.42 all streams were attached whatever was asked for, and before 1.28 they went in text
   * messages.
   */
  private void attachWebSocket(Exchange exchange) throws IOException, InterruptedException {
    Attachments.Options options = attachOptions(exchange.query(), !exchange.version().atLeast(42));
    WebSocketHandshake handshake = WebSocketHandshake.of(exchange);
    try (Attachments.Session session = engine.attachments().attach(exchange.name(), options)) {
      try (RawStream raw = exchange.hijack(handshake, exchange.version().atLeast(28))) {
        session.run(new HijackedStreams(raw, options.stdin(), true));
      }
    }
  }

  private static Attachments.Options attachOptions(Query query, boolean all) {
    return new Attachments.Options(
        all || query.flag("stdin"),
        all || query.flag("stdout"),
        all || query.flag("stderr"),
        query.flag("logs"),
        query.flag("stream"),
        query.textOrNull("detachKeys"));
  }

  private void resize(Exchange exchange) throws IOException {
    engine
        .attachments()
        .resize(exchange.name(), size(exchange.query(), "h"), size(exchange.query(), "w"));
    exchange.reply(200);
  }

  /** The rows or columns of a terminal. */
  static int size(Query query, String name) {
    String text = query.text(name);
    boolean digits = text.matches("-?[0-9]+");
    if (digits && text.length() < 10 && !text.startsWith("-")) {
      return Integer.parseInt(text);
    }
    throw EngineException.invalid(
        "invalid resize "
            + (name.equals("h") ? "height " : "width ")
            + GoQuote.quote(text)
            + (digits ? ": value out of range" : ": invalid syntax"));
  }

  private void logs(Exchange exchange) throws IOException, InterruptedException {
    Query query = exchange.query();
    if (!query.flag("stdout") && !query.flag("stderr")) {
      throw EngineException.invalid("Bad parameters: you must choose at least one stream");
    }
    ContainerLogs.Query wanted =
        new ContainerLogs.Query(
            query.flag("stdout"),
            query.flag("stderr"),
            time(query.text("since")),
            time(query.text("until")),
            tail(query.text("tail")),
            query.flag("follow"));
    try (ContainerLogs.Reading reading = engine.logs().open(exchange.name(), wanted)) {
      OutputStream out =
          exchange.stream(200, HijackedStreams.contentType(exchange.version(), reading.tty()));
      if (wanted.follow()) {
        out.flush();
      }
      Lines lines =
          new Lines(
              out, reading.tty(), wanted.follow(), query.flag("timestamps"), query.flag("details"));
      try (Disconnect.Registration _ = exchange.onClientGone(reading::close)) {
        reading.read(lines);
      } catch (UncheckedIOException clientGone) {
        throw clientGone.getCause();
      }
    }
  }

  /** Zero stands for no bound, as clients send it. */
  private @Nullable Instant time(String text) {
    return text.equals("0") ? null : GoTime.parse(text, clock.instant());
  }

  private static int tail(String text) {
    try {
      return text.isEmpty() || text.equals("all") ? -1 : Integer.parseInt(text);
    } catch (NumberFormatException notANumber) {
      return -1;
    }
  }

  /** Writes log lines in the form of the answer. */
  private static final class Lines implements ContainerLogs.Lines {
    private final OutputStream out;
    private final OutputStream output;
    private final OutputStream error;
    private final boolean follow;
    private final boolean timestamps;
    private final boolean details;

    Lines(OutputStream out, boolean terminal, boolean follow, boolean timestamps, boolean details) {
      FramedStream framed = new FramedStream(out, false);
      this.out = out;
      this.output = terminal ? out : framed.standardOutput();
      this.error = terminal ? out : framed.standardError();
      this.follow = follow;
      this.timestamps = timestamps;
      this.details = details;
    }

    @Override
    public void accept(ContainerLogs.Line line) {
      try {
        OutputStream target = line.stream() == ContainerLogs.Stream.STDERR ? error : output;
        target.write(withPrefix(line));
        if (follow) {
          out.flush();
        }
      } catch (IOException clientGone) {
        throw new UncheckedIOException(clientGone);
      }
    }

    private byte[] withPrefix(ContainerLogs.Line line) {
      if (!timestamps && !details) {
        return line.bytes();
      }
      String prefix =
          (timestamps ? GoTime.formatFixed(line.time()) + " " : "")
              + (details ? attributes(line.attributes()) + " " : "");
      byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
      byte[] whole = new byte[start.length + line.bytes().length];
      System.arraycopy(start, 0, whole, 0, start.length);
      System.arraycopy(line.bytes(), 0, whole, start.length, line.bytes().length);
      return whole;
    }

    private static String attributes(Map<String, String> attributes) {
      return new TreeMap<>(attributes)
          .entrySet().stream()
              .map(entry -> escaped(entry.getKey()) + "=" + escaped(entry.getValue()))
              .collect(Collectors.joining(","));
    }

    private static String escaped(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
  }
}
