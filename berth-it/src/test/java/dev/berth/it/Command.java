package dev.berth.it;

import dev.berth.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end with a bound on its time, as a user at a shell would. */
final class Command {
  private final List<String> words;
  private final Map<String, String> environment = new HashMap<>();
  private byte[] input = new byte[0];
  private Duration limit = Patience.of(Duration.ofSeconds(60));

  private Command(List<String> words) {
    this.words = words;
  }

  static Command of(String... words) {
    return new Command(List.of(words));
  }

  static Command of(List<String> words) {
    return new Command(List.copyOf(words));
  }

  Command with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Command input(String text) {
    return input(text.getBytes(StandardCharsets.UTF_8));
  }

  Command input(byte[] bytes) {
    input = bytes;
    return this;
  }

  Command within(Duration bound) {
    limit = bound;
    return this;
  }

  /** What a finished program left. */
  record Result(List<String> command, int exitCode, byte[] output, String errors) {
    String text() {
      return new String(output, StandardCharsets.UTF_8);
    }

    /** Standard output without the white space around it. */
    String line() {
      return text().strip();
    }

    List<String> lines() {
      return text().lines().toList();
    }

    /** Passes the result on if the program ended well; otherwise fails with all it said. */
    Result ok() {
      if (exitCode != 0) {
        throw new AssertionError(
            String.join(" ", command)
                + "\nended with "
                + exitCode
                + "\nstdout: "
                + text()
                + "\nstderr: "
                + errors);
      }
      return this;
    }
  }

  Result run() {
    try {
      ProcessBuilder builder = new ProcessBuilder(words);
      builder.environment().putAll(environment);
      return finish(builder.start());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Result finish(Process process) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    List<Thread> pumps = new ArrayList<>();
    pumps.add(Thread.startVirtualThread(() -> copy(process.getInputStream(), output)));
    pumps.add(Thread.startVirtualThread(() -> copy(process.getErrorStream(), errors)));
    Thread.startVirtualThread(() -> feed(process.getOutputStream()));
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(
            String.join(" ", words)
                + "\ndid not end within "
                + limit
                + "\nstdout: "
                + output
                + "\nstderr: "
                + errors);
      }
      for (Thread pump : pumps) {
        pump.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new AssertionError("interrupted", interrupted);
    }
    return new Result(
        words, process.exitValue(), output.toByteArray(), errors.toString(StandardCharsets.UTF_8));
  }

  private void feed(OutputStream stdin) {
    try (stdin) {
      stdin.write(input);
    } catch (IOException closed) {
      // The program did not want all of its input; that is its right.
    }
  }

  private static void copy(InputStream from, OutputStream to) {
    try (from) {
      from.transferTo(to);
    } catch (IOException closed) {
      // The program was killed; what it wrote before is kept.
    }
  }
}
