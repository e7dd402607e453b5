package dev.berth.cli;

/** The words of a command do not fit it; the message is followed by how it is used. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  /** A value that an option cannot take, in the words that Docker has for it. */
  static UsageException value(String value, String option, String reason) {
    return new UsageException(
        "invalid argument \"" + value + "\" for \"" + option + "\" flag: " + reason);
  }

  /** What the user reads. */
  String text() {
    return String.valueOf(getMessage());
  }
}
