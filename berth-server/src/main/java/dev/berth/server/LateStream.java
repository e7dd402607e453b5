package dev.berth.server;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Begins the answer with the first byte, so that an error before it has its own status. */
final class LateStream extends OutputStream {
  private final Exchange exchange;
  private final int status;
  private final String contentType;
  private @Nullable OutputStream opened;

  LateStream(Exchange exchange, int status, String contentType) {
    this.exchange = exchange;
    this.status = status;
    this.contentType = contentType;
  }

  @Override
  public void write(int value) throws IOException {
    opened().write(value);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    opened().write(source, offset, length);
  }

  @Override
  public void flush() throws IOException {
    opened().flush();
  }

  private OutputStream opened() throws IOException {
    OutputStream known = opened;
    if (known == null) {
      known = exchange.stream(status, contentType);
      opened = known;
    }
    return known;
  }
}
