package dev.berth.linux;

/**
 * A call that the kernel refused. The message reads as Go's errors do: {@code openat2 /x: no such
 * file or directory}.
 */
public final class LinuxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;
  private final String operation;
  private final String arguments;

  /**
   * @param errno why
   * @param operation the call by its kernel name
   * @param arguments what it was called with, as far as it helps a reader; may be empty
   */
  public LinuxException(Errno errno, String operation, String arguments) {
    this(errno, operation, arguments, "");
  }

  /**
   * @param errno why
   * @param operation the call by its kernel name
   * @param arguments what it was called with; may be empty
   * @param detail what the kernel said beyond the number (netlink's extended acknowledgement); may
   *     be empty
   */
  public LinuxException(Errno errno, String operation, String arguments, String detail) {
    super(
        operation
            + (arguments.isEmpty() ? "" : " " + arguments)
            + ": "
            + errno.text()
            + (detail.isEmpty() ? "" : " (" + detail + ")"));
    this.errno = errno;
    this.operation = operation;
    this.arguments = arguments;
  }

  /** Why the kernel refused. */
  public Errno errno() {
    return errno;
  }

  /** The call by its kernel name. */
  public String operation() {
    return operation;
  }

  /** What it was called with. */
  public String arguments() {
    return arguments;
  }

  /** Whether this is the given error. */
  public boolean is(Errno other) {
    return errno == other;
  }
}
