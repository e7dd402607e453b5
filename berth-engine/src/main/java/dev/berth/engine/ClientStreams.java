package dev.berth.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of an attach or exec; the server adapts a hijacked connection to it. Each write
 * is one frame and arrives at once. A failing read or write means that the client is gone.
 */
public interface ClientStreams {
  /**
   * What the client types; it ends when the client half-closes. Null when input is not attached.
   */
  @Nullable InputStream stdin();

  /** Where output goes; with a terminal, all of it. */
  OutputStream stdout();

  /** Where error output goes. */
  OutputStream stderr();

  /** Tells the client that nothing more will come. */
  void finish() throws IOException;
}
