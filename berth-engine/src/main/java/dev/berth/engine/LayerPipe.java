package dev.berth.engine;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What one side writes, read by another at the same time. An end that comes from a failure of the
 * writer is a failure of the reader too, so that half an archive never passes for a whole one.
 * Closing it makes the writer's next write fail.
 */
final class LayerPipe extends FilterInputStream {
  private static final int BUFFER = 256 * 1024;

  private final CompletableFuture<Void> written;

  /** Writes everything. */
  interface Writer {
    void writeTo(OutputStream out) throws IOException;
  }

  private LayerPipe(PipedInputStream pipe, CompletableFuture<Void> written) {
    super(pipe);
    this.written = written;
  }

  /** Starts the writer. */
  static LayerPipe open(Writer writer) throws IOException {
    PipedInputStream pipe = new PipedInputStream(BUFFER);
    PipedOutputStream out = new PipedOutputStream(pipe);
    CompletableFuture<Void> written =
        CompletableFuture.runAsync(
            () -> write(writer, out), task -> Thread.ofVirtual().name("layer-writer").start(task));
    return new LayerPipe(pipe, written);
  }

  private static void write(Writer writer, PipedOutputStream out) {
    try (out) {
      writer.writeTo(out);
    } catch (IOException failure) {
      throw new CompletionException(failure);
    }
  }

  @Override
  public int read() throws IOException {
    int octet = super.read();
    if (octet < 0) {
      requireWhole();
    }
    return octet;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = super.read(into, offset, length);
    if (count < 0) {
      requireWhole();
    }
    return count;
  }

  private void requireWhole() throws IOException {
    try {
      written.join();
    } catch (CompletionException failure) {
      throw new IOException(failure.getCause());
    }
  }
}
