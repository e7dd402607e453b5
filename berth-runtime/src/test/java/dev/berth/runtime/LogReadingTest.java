package dev.berth.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReadingTest {
  private static final CompletableFuture<Boolean> ENDED = CompletableFuture.completedFuture(true);

  @TempDir Path directory;

  private ContainerLog log() {
    return new ContainerLog(directory.resolve("c.log"));
  }

  private static String line(int second, String stream, String tag, String text) {
    return "2026-01-02T03:04:%02d.000000005+00:00 %s %s %s\n".formatted(second, stream, tag, text);
  }

  private static String lines(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i <= to; i++) {
      text.append(line(i % 60, "stdout", "F", "line " + i));
    }
    return text.toString();
  }

  private void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private List<String> read(LogQuery query) {
    List<String> result = new ArrayList<>();
    try (LogReader reader = log().read(query, ENDED)) {
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        result.add(new String(entry.line(), StandardCharsets.UTF_8));
      }
    }
    return result;
  }

  private static LogQuery tail(long count) {
    return new LogQuery(true, true, count, null, null, false);
  }

  @Test
  void readsTimesStreamsAndText() throws Exception {
    write(log().newest(), "2026-01-02T03:04:05.123456789+01:00 stderr F x y\n");
    try (LogReader reader = log().read(LogQuery.ALL, ENDED)) {
      LogEntry entry = reader.next();
      assertThat(entry.time()).isEqualTo("2026-01-02T02:04:05.123456789Z");
      assertThat(entry.stream()).isEqualTo(StreamSink.Stream.STDERR);
      assertThat(entry.line()).asString().isEqualTo("x y\n");
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void hasNothingToReadBeforeTheFirstLine() {
    assertThat(read(LogQuery.ALL)).isEmpty();
    assertThat(read(tail(3))).isEmpty();
  }

  @Test
  void joinsPiecesOfEachStream() throws Exception {
    write(
        log().newest(),
        line(1, "stdout", "P", "he")
            + line(1, "stderr", "F", "err")
            + line(2, "stdout", "F", "llo")
            + line(3, "stdout", "P", "prompt> "));
    assertThat(read(LogQuery.ALL)).containsExactly("err\n", "hello\n", "prompt> ");
  }

  @Test
  void choosesStreams() throws Exception {
    write(log().newest(), line(1, "stdout", "F", "o") + line(1, "stderr", "F", "e"));
    assertThat(read(new LogQuery(true, false, -1, null, null, false))).containsExactly("o\n");
    assertThat(read(new LogQuery(false, true, -1, null, null, false))).containsExactly("e\n");
    assertThat(read(new LogQuery(false, true, 1, null, null, false))).containsExactly("e\n");
  }

  @Test
  void choosesTimes() throws Exception {
    write(log().newest(), lines(1, 9));
    Instant three = Instant.parse("2026-01-02T03:04:03Z");
    Instant five = Instant.parse("2026-01-02T03:04:05.000000005Z");
    assertThat(read(new LogQuery(true, true, -1, three, five, false)))
        .containsExactly("line 3\n", "line 4\n", "line 5\n");
  }

  @Test
  void readsTheLastLines() throws Exception {
    write(log().newest(), lines(1, 5000));
    assertThat(read(tail(2))).containsExactly("line 4999\n", "line 5000\n");
    assertThat(read(tail(0))).isEmpty();
    assertThat(read(tail(5000))).hasSize(5000);
    assertThat(read(tail(9000))).hasSize(5000);
  }

  @Test
  void readsTheLastLinesOverFilesOfAllAges() throws Exception {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(log().compressedFile(2)))) {
      out.write(lines(1, 10).getBytes(StandardCharsets.UTF_8));
    }
    write(log().file(1), lines(11, 20));
    write(log().newest(), lines(21, 25));
    assertThat(read(LogQuery.ALL)).hasSize(25).startsWith("line 1\n").endsWith("line 25\n");
    assertThat(read(tail(7))).hasSize(7).startsWith("line 19\n");
    assertThat(read(tail(17))).hasSize(17).startsWith("line 9\n");
    assertThat(read(tail(15))).hasSize(15).startsWith("line 11\n");
  }

  @Test
  void followsOverARotation() throws Exception {
    write(log().newest(), lines(1, 1));
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    LogQuery query = new LogQuery(true, true, -1, null, null, true);
    try (LogReader reader = log().read(query, ended)) {
      assertThat(reader.next().line()).asString().isEqualTo("line 1\n");
      CompletableFuture<LogEntry> second = CompletableFuture.supplyAsync(reader::next);
      Files.move(log().newest(), log().file(1));
      write(log().file(1), lines(2, 2));
      assertThat(second.get(90, TimeUnit.SECONDS).line()).asString().isEqualTo("line 2\n");
      CompletableFuture<LogEntry> third = CompletableFuture.supplyAsync(reader::next);
      write(log().newest(), lines(3, 3));
      assertThat(third.get(90, TimeUnit.SECONDS).line()).asString().isEqualTo("line 3\n");
      CompletableFuture<LogEntry> end = CompletableFuture.supplyAsync(reader::next);
      ended.complete(true);
      assertThat(end.get(90, TimeUnit.SECONDS)).isNull();
    }
  }

  @Test
  void endsFollowingWhenClosed() throws Exception {
    LogQuery query = new LogQuery(true, true, -1, null, null, true);
    LogReader reader = log().read(query, new CompletableFuture<>());
    CompletableFuture<LogEntry> waiting = CompletableFuture.supplyAsync(reader::next);
    reader.close();
    assertThat(waiting.get(90, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void cutsALineThatDoesNotEnd() throws Exception {
    String piece = "x".repeat(8000);
    for (int i = 0; i < 5; i++) {
      write(log().newest(), line(1, "stdout", "P", piece));
    }
    write(log().newest(), line(1, "stdout", "F", "end"));
    assertThat(read(LogQuery.ALL)).hasSize(2).last().asString().endsWith("end\n");
    assertThat(String.join("", read(LogQuery.ALL))).hasSize(5 * 8000 + 4);
  }

  @Test
  void passesOverLinesThatAreNone() throws Exception {
    write(log().newest(), "garbage\n" + line(1, "stdout", "F", "good"));
    assertThat(read(LogQuery.ALL)).containsExactly("good\n");
  }

  @Test
  void removesAllFiles() throws Exception {
    write(log().newest(), lines(1, 1));
    write(log().file(1), lines(1, 1));
    write(log().compressedFile(2), "");
    log().remove();
    assertThat(directory).isEmptyDirectory();
  }
}
