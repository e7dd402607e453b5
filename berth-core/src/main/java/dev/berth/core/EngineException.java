package dev.berth.core;

import org.jspecify.annotations.Nullable;

/**
 * The one exception that crosses modules for an operating error. Its message is safe to show to a
 * client: it names the thing and the reason, in Docker's words where Docker has words for it.
 * Detail that a client should not see belongs into the cause, which is only logged.
 */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorKind kind;

  /**
   * @param kind what the edge answers
   * @param message shown to the client as it is
   */
  public EngineException(ErrorKind kind, String message) {
    this(kind, message, null);
  }

  /**
   * @param kind what the edge answers
   * @param message shown to the client as it is
   * @param cause logged, never shown
   */
  public EngineException(ErrorKind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What the edge answers. */
  public ErrorKind kind() {
    return kind;
  }

  /** The message; never null, as the constructors require one. */
  public String text() {
    return String.valueOf(getMessage());
  }

  /** A request that is wrong in itself. */
  public static EngineException invalid(String message) {
    return new EngineException(ErrorKind.INVALID, message);
  }

  /** Something the engine's rules forbid. */
  public static EngineException forbidden(String message) {
    return new EngineException(ErrorKind.FORBIDDEN, message);
  }

  /** A thing that does not exist. */
  public static EngineException notFound(String message) {
    return new EngineException(ErrorKind.NOT_FOUND, message);
  }

  /** A thing in the wrong state. */
  public static EngineException conflict(String message) {
    return new EngineException(ErrorKind.CONFLICT, message);
  }

  /** Nothing to do. */
  public static EngineException notModified(String message) {
    return new EngineException(ErrorKind.NOT_MODIFIED, message);
  }

  /** Known and not offered. */
  public static EngineException notImplemented(String message) {
    return new EngineException(ErrorKind.NOT_IMPLEMENTED, message);
  }

  /** Not to be had at present. */
  public static EngineException unavailable(String message) {
    return new EngineException(ErrorKind.UNAVAILABLE, message);
  }

  /** An operation that failed. */
  public static EngineException internal(String message, @Nullable Throwable cause) {
    return new EngineException(ErrorKind.INTERNAL, message, cause);
  }
}
