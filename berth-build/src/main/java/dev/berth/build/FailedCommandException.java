package dev.berth.build;

/** A RUN instruction whose process failed. */
public final class FailedCommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  FailedCommandException(String command, int exitCode) {
    super("The command '" + command + "' returned a non-zero code: " + exitCode);
    this.exitCode = exitCode;
  }

  /** Of the process. */
  public int exitCode() {
    return exitCode;
  }

  /** What a client is told. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
