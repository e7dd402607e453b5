package dev.berth.cli;

/** Ends the command with a message on standard error and an exit code. */
final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  CliException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** What the user reads. */
  String text() {
    return String.valueOf(getMessage());
  }

  int exitCode() {
    return exitCode;
  }
}
