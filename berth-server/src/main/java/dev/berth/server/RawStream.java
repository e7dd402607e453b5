package dev.berth.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has left HTTP behind (hijacked): bytes both ways, each side closed on its own.
 * One thread may read while another writes.
 */
public final class RawStream implements AutoCloseable {
  private final Channel channel;
  private final Outbound outbound;
  private final Input input;
  private final Output output = new Output();
  private final boolean halfCloses;

  /**
   * @param halfCloses whether the client can be told that nothing more will come, while it goes on
   */
  RawStream(Channel channel, Inbound inbound, Outbound outbound, boolean halfCloses) {
    this.channel = channel;
    this.outbound = outbound;
    this.halfCloses = halfCloses;
    this.input = new Input(inbound);
  }

  /** What the client sends; ends when it closes its sending side. */
  public InputStream input() {
    return input;
  }

  /**
   * What the client gets; each write is sent at once. Closing it half-closes the connection where
   * there is such a thing.
   */
  public OutputStream output() {
    return output;
  }

  /** Closes both sides once everything written was sent. */
  @Override
  public void close() {
    input.release();
    ChannelFuture _ =
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private static final class Input extends InputStream {
    private final Inbound inbound;
    private @Nullable ByteBuf current;

    Input(Inbound inbound) {
      this.inbound = inbound;
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
      ByteBuf available = arrived();
      if (available == null) {
        return -1;
      }
      int count = Math.min(length, available.readableBytes());
      available.readBytes(target, offset, count);
      return count;
    }

    private @Nullable ByteBuf arrived() throws IOException {
      try {
        while (current == null || !current.isReadable()) {
          release();
          if (!(inbound.take() instanceof ByteBuf next)) {
            return null;
          }
          current = next;
        }
        return current;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        InterruptedIOException failure =
            new InterruptedIOException("reading the stream was stopped");
        failure.initCause(interrupted);
        throw failure;
      }
    }

    private void release() {
      ByteBuf held = current;
      current = null;
      if (held != null) {
        held.release();
      }
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, source.length);
      if (!channel.isActive()) {
        throw new ClientGoneException();
      }
      outbound.send(Unpooled.copiedBuffer(source, offset, length));
    }

    @Override
    public void close() throws IOException {
      outbound.flushFully(Unpooled.EMPTY_BUFFER);
      if (halfCloses && channel instanceof DuplexChannel duplex && channel.isActive()) {
        ChannelFuture _ = duplex.shutdownOutput();
      }
    }
  }
}
