package dev.berth.server;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request, read as it arrives. Reading blocks; a client that ends before the body
 * does is an error. The first read asks a client that expects it to go on (100 Continue).
 */
final class RequestBody extends InputStream {
  private final Inbound inbound;
  private final Runnable beforeFirstRead;
  private boolean started;
  private boolean complete;
  private @Nullable HttpContent current;

  RequestBody(Inbound inbound, Runnable beforeFirstRead) {
    this.inbound = inbound;
    this.beforeFirstRead = beforeFirstRead;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    ByteBuf content = content();
    if (content == null) {
      return -1;
    }
    int count = Math.min(length, content.readableBytes());
    content.readBytes(target, offset, count);
    return count;
  }

  /** Whether the whole body was taken. */
  boolean complete() {
    return complete && current == null;
  }

  /** Whether a client that waits for 100 Continue was told to go on. */
  boolean started() {
    return started;
  }

  /**
   * Passes over the rest of the body so that the connection can be used again.
   *
   * @return false when more than {@code limitBytes} were left
   */
  boolean drain(long limitBytes) throws IOException {
    long passed = 0;
    for (ByteBuf content = content(); content != null; content = content()) {
      passed += content.readableBytes();
      content.skipBytes(content.readableBytes());
      if (passed > limitBytes) {
        return false;
      }
    }
    return true;
  }

  /** Gives back the buffer at hand. */
  void release() {
    if (current != null) {
      current.release();
      current = null;
    }
  }

  private @Nullable ByteBuf content() throws IOException {
    if (!started) {
      started = true;
      beforeFirstRead.run();
    }
    while (true) {
      HttpContent held = current;
      if (held != null) {
        if (held.content().isReadable()) {
          return held.content();
        }
        release();
      }
      if (complete) {
        return null;
      }
      current = next();
      complete = current instanceof LastHttpContent;
    }
  }

  private HttpContent next() throws IOException {
    try {
      Object message = inbound.take();
      if (!(message instanceof HttpContent content)) {
        throw new IOException("the client ended before the body of its request did");
      }
      if (content.decoderResult().isFailure()) {
        content.release();
        throw new IOException("the body of the request is malformed");
      }
      return content;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      InterruptedIOException failure =
          new InterruptedIOException("reading the request was stopped");
      failure.initCause(interrupted);
      throw failure;
    }
  }
}
