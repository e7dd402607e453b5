package dev.berth.cli;

/** The engine refused a request. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  ApiException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The HTTP status. */
  int status() {
    return status;
  }

  /** The engine's words, said to be its own. */
  String shown() {
    return "Error response from daemon: " + text();
  }

  /** The engine's words. */
  String text() {
    return String.valueOf(getMessage());
  }
}
