package dev.berth.runtime.driver.conmon;

import dev.berth.linux.EventLoop;
import dev.berth.linux.Fd;
import dev.berth.linux.FileData;
import dev.berth.linux.LinuxException;
import dev.berth.linux.UnixSockets;
import dev.berth.runtime.ContainerStreams;
import dev.berth.runtime.StreamSink;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client of a monitor's attach socket. Each packet from the monitor begins with the number of its
 * stream, and packets to it are input. The monitor ends the container's input when a client leaves,
 * unless it was told to leave it open: so a client that never meant to write stays connected, and
 * throws away what it reads, until the container ends.
 */
final class AttachedStreams implements ContainerStreams {
  private static final byte STDOUT = 2;

  private final Fd socket;
  private final OutputReader reader;
  private final InputWriter writer;
  private final StreamSink sink;
  private final boolean lingers;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean inputClosed = new AtomicBoolean();

  /** How a client attaches. */
  record Options(boolean input, boolean stdinOnce) {}

  private AttachedStreams(EventLoop loop, Fd socket, StreamSink sink, Options options) {
    this.socket = socket;
    this.sink = sink;
    this.lingers = options.stdinOnce() && !options.input();
    this.writer = new InputWriter(loop, socket.duplicate(), UnixSockets::send);
    this.reader =
        new OutputReader(
            loop,
            socket,
            new OutputReader.Receiver() {
              @Override
              public void received(ByteBuffer data) {
                receive(data);
              }

              @Override
              public void ended() {
                finish();
              }
            });
  }

  /** Connects, and begins to deliver output. */
  static AttachedStreams connect(EventLoop loop, Path path, StreamSink sink, Options options) {
    Fd socket = UnixSockets.connectSeqpacket(path);
    FileData.nonBlocking(socket, true);
    AttachedStreams streams = new AttachedStreams(loop, socket, sink, options);
    streams.reader.start();
    return streams;
  }

  private void receive(ByteBuffer packet) {
    StreamSink.Stream stream =
        packet.get() == STDOUT ? StreamSink.Stream.STDOUT : StreamSink.Stream.STDERR;
    if (packet.hasRemaining() && !closed.get()) {
      sink.output(stream, packet);
    }
  }

  private void finish() {
    writer.close();
    if (closed.compareAndSet(false, true)) {
      sink.closed();
    }
  }

  @Override
  public void write(ByteBuffer input) {
    if (!inputClosed.get()) {
      writer.write(input);
    }
  }

  @Override
  public void closeInput() {
    if (!lingers && inputClosed.compareAndSet(false, true)) {
      try {
        UnixSockets.shutdownOutput(socket);
      } catch (LinuxException gone) {
        // The monitor has ended, and the input with it.
      }
    }
  }

  @Override
  public void flow(boolean enabled) {
    if (!closed.get()) {
      reader.flow(enabled);
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    writer.close();
    if (lingers) {
      reader.flow(true);
    } else {
      reader.close();
    }
    sink.closed();
  }
}
