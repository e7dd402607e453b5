package dev.berth.runtime;

/**
 * A program could not be run. The message is Docker's, in which its command line looks for the
 * words that make the exit code 126 or 127.
 */
public final class LaunchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /**
   * @param kind what went wrong
   * @param message safe to show to a client
   */
  public LaunchException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /** The message; never null. */
  public String text() {
    return String.valueOf(getMessage());
  }

  /** What can go wrong, with the exit code that Docker records for the container. */
  public enum Kind {
    /** The program does not exist: 127. */
    NOT_FOUND(127),
    /** The program may not be executed, or is a directory: 126. */
    NOT_EXECUTABLE(126),
    /** The machine cannot do what was asked for: 128. */
    RUNTIME(128);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    /** Exit code of the container. */
    public int exitCode() {
      return exitCode;
    }
  }
}
