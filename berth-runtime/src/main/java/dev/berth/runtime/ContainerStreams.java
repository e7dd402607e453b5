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

  /**
   * Stops or goes on with the delivery of output. A client that cannot take more stops it, which
   * after a while makes the process wait; to stop it for long stops the process, its log and all
   * other clients.
   */
  void flow(boolean enabled);

  /** Leaves; the process goes on. Idempotent. */
  @Override
  void close();
}
