package dev.berth.server;

import dev.berth.engine.ClientStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A hijacked connection as the engine wants a client's streams: framed unless it is a terminal. */
final class HijackedStreams implements ClientStreams {
  private final RawStream raw;
  private final boolean withInput;
  private final OutputStream output;
  private final OutputStream error;

  HijackedStreams(RawStream raw, boolean withInput, boolean terminal) {
    this.raw = raw;
    this.withInput = withInput;
    if (terminal) {
      this.output = raw.output();
      this.error = raw.output();
    } else {
      FramedStream framed = new FramedStream(raw.output(), true);
      this.output = framed.standardOutput();
      this.error = framed.standardError();
    }
  }

  @Override
  public @Nullable InputStream stdin() {
    return withInput ? raw.input() : null;
  }

  @Override
  public OutputStream stdout() {
    return output;
  }

  @Override
  public OutputStream stderr() {
    return error;
  }

  @Override
  public void finish() throws IOException {
    raw.output().close();
  }

  /** What the stream holds, as the head of the answer names it. */
  static String contentType(ApiVersion version, boolean terminal) {
    return terminal || !version.atLeast(42)
        ? "application/vnd.docker.raw-stream"
        : "application/vnd.docker.multiplexed-stream";
  }
}
