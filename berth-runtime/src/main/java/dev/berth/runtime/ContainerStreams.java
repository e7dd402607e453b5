package dev.berth.runtime;

import java.nio.ByteBuffer;

/**
 * One client's connection to the streams of a container or exec. Output goes to the {@link
 * StreamSink}.
 */
public interface ContainerStreams extends AutoCloseable {
  /**
   * Writes input; blocks while the process does not read. Does nothing once the input is closed.
   */
  void write(ByteBuffer input);

  /** Ends the input, if the container's input ends with a client; otherwise does nothing. */
  void closeInput();

  /** Leaves; the process goes on. Idempotent. */
  @Override
  void close();
}
