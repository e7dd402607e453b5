package dev.berth.runtime;

import java.nio.ByteBuffer;

/**
 * Receives output. Called from one thread of the runtime at a time, never under a lock; it must not
 * block: whoever cannot take the data at once keeps a bounded buffer, stops the {@linkplain
 * ContainerStreams#flow flow} while that is full, and closes the streams of a client that takes
 * nothing for long, so that a client never stops a container for good.
 */
public interface StreamSink {
  /**
   * Output arrived.
   *
   * @param stream which; always {@link Stream#STDOUT} with a terminal
   * @param data valid during the call only
   */
  void output(Stream stream, ByteBuffer data);

  /** No more output will come: the process has ended or the streams were closed. Called once. */
  void closed();

  /** The streams of a process; numbers as in Docker's frames. */
  enum Stream {
    /** Standard output. */
    STDOUT(1),
    /** Standard error. */
    STDERR(2);

    private final int number;

    Stream(int number) {
      this.number = number;
    }

    /** The file descriptor. */
    public int number() {
      return number;
    }
  }
}
