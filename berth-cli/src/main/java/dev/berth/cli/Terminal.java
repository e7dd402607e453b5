package dev.berth.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The user's terminal: its size, and its raw mode while a container has it. */
final class Terminal implements AutoCloseable {
  private final @Nullable String saved;

  private Terminal(@Nullable String saved) {
    this.saved = saved;
  }

  /** Rows and columns. */
  record Size(int rows, int columns) {}

  /** Whether standard output is a terminal, whatever standard input is. */
  static boolean outputIsTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException closed) {
      return false;
    }
  }

  /** Whether standard input is a terminal. */
  static boolean inputIsTerminal() {
    return stty("-g") != null;
  }

  /** Asks the user for a line; a hidden one is not shown while it is typed. */
  static String ask(String prompt, boolean hidden) throws IOException {
    System.out.print(prompt);
    System.out.flush();
    if (hidden) {
      stty("-echo");
    }
    try {
      String line =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      return line == null ? "" : line.strip();
    } finally {
      if (hidden) {
        stty("echo");
        System.out.println();
      }
    }
  }

  /** Hands every key to the container until closed; does nothing without a terminal. */
  static Terminal raw() {
    String before = stty("-g");
    if (before != null) {
      stty("raw", "-echo");
      Terminal terminal = new Terminal(before.strip());
      Runtime.getRuntime().addShutdownHook(new Thread(terminal::close));
      return terminal;
    }
    return new Terminal(null);
  }

  /** The size, or null without a terminal. */
  static @Nullable Size size() {
    String text = stty("size");
    if (text == null || !text.strip().matches("[0-9]+ [0-9]+")) {
      return null;
    }
    String[] numbers = text.strip().split(" ");
    return new Size(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
  }

  /** The output of stty on the process's own input, or null when it is no terminal. */
  private static @Nullable String stty(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "stty";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0 ? output : null;
    } catch (IOException noTerminal) {
      return null;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** Gives the terminal back as it was. */
  @Override
  public void close() {
    if (saved != null) {
      stty(saved);
    }
  }
}
