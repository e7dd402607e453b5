package dev.berth.image;

import org.jspecify.annotations.Nullable;

/**
 * Takes the messages of a long operation, to be shown to the client as they come. Called from
 * several threads, one message at a time; it may block while the client is slow, and throws when
 * the client has gone, which ends the operation.
 */
@FunctionalInterface
public interface ProgressSink {

  /** Takes one message. */
  void send(Message message);

  /** One that nobody reads. */
  static ProgressSink ignoring() {
    return message -> {};
  }

  /** A status line about the whole operation. */
  default void status(String status) {
    send(new Message(null, status, null, null, null));
  }

  /** A status line about one thing, such as a layer. */
  default void status(String id, String status) {
    send(new Message(id, status, null, null, null));
  }

  /** How far one thing has come; {@code totalBytes} is 0 when it is not known. */
  default void progress(String id, String status, long currentBytes, long totalBytes) {
    send(new Message(id, status, null, new Progress(currentBytes, totalBytes), null));
  }

  /** Text for the client's standard output, with its line ends. */
  default void stream(String text) {
    send(new Message(null, null, text, null, null));
  }

  /**
   * One message of Docker's JSON stream.
   *
   * @param id the thing it is about, or null
   * @param status what happens, or null
   * @param stream text to print, or null
   * @param progress how far, or null
   * @param pushed set in the last message of a push, else null
   */
  record Message(
      @Nullable String id,
      @Nullable String status,
      @Nullable String stream,
      @Nullable Progress progress,
      @Nullable Pushed pushed) {}

  /**
   * How far something has come.
   *
   * @param currentBytes done
   * @param totalBytes to do, or 0
   */
  record Progress(long currentBytes, long totalBytes) {}

  /**
   * What a push made, sent as {@code aux}.
   *
   * @param tag the tag
   * @param digest of the manifest
   * @param sizeBytes of the manifest
   */
  record Pushed(String tag, String digest, long sizeBytes) {}
}
