package dev.berth.engine;

import dev.berth.runtime.ContainerStreams;
import dev.berth.runtime.StreamSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One client of a process's streams. Output waits in a bounded buffer for the client; a client that
 * takes nothing for a while although the buffer is full loses its connection, so that it cannot
 * stop the container for ever.
 */
final class AttachSession implements Attachments.Session, StreamSink {
  private static final System.Logger LOG = System.getLogger(AttachSession.class.getName());
  private static final int BUFFER_BYTES = 1 << 20;
  private static final long PATIENCE_SECONDS = 30;
  private static final int INPUT_BYTES = 32 * 1024;

  private final Wishes wishes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private final CompletableFuture<ContainerStreams> connection = new CompletableFuture<>();
  private int buffered;
  private boolean ended;
  private boolean gone;

  /**
   * What a client wants.
   *
   * @param tty whether the process has a terminal
   * @param stdin whether input is copied
   * @param stdout whether output is
   * @param stderr whether error output is
   * @param closesInput whether the end of the client's input ends the process's input
   * @param detachKeys leave the terminal
   * @param replay writes what came before, before anything else; null for nothing
   */
  record Wishes(
      boolean tty,
      boolean stdin,
      boolean stdout,
      boolean stderr,
      boolean closesInput,
      DetachKeys detachKeys,
      @Nullable Replay replay) {}

  /** Writes what came before. */
  @FunctionalInterface
  interface Replay {
    void writeTo(ClientStreams streams) throws IOException, InterruptedException;
  }

  private record Piece(Stream stream, byte[] bytes) {}

  AttachSession(Wishes wishes) {
    this.wishes = wishes;
  }

  @Override
  public boolean tty() {
    return wishes.tty();
  }

  /** The process exists. */
  void connect(ContainerStreams streams) {
    connection.complete(streams);
    if (isGone()) {
      streams.close();
    }
  }

  @Override
  public void output(Stream stream, ByteBuffer data) {
    boolean wanted = stream == Stream.STDOUT ? wishes.stdout() : wishes.stderr();
    if (!wanted || !data.hasRemaining()) {
      return;
    }
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (buffered > BUFFER_BYTES && !gone && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (left <= 0) {
        leave();
      }
      if (!gone) {
        pieces.add(new Piece(stream, bytes));
        buffered += bytes.length;
        changed.signalAll();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      leave();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void closed() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run(ClientStreams streams) throws InterruptedException {
    Thread typing = null;
    try {
      if (wishes.replay() != null) {
        wishes.replay().writeTo(streams);
      }
      InputStream input = wishes.stdin() ? streams.stdin() : null;
      if (input != null) {
        typing = Thread.ofVirtual().name("attach-stdin").start(() -> copyInput(input));
      }
      copyOutput(streams);
      streams.finish();
    } catch (IOException clientLeft) {
      LOG.log(System.Logger.Level.DEBUG, "an attached client left", clientLeft);
    } finally {
      close();
      if (typing != null) {
        typing.interrupt();
      }
    }
  }

  private void copyOutput(ClientStreams streams) throws IOException, InterruptedException {
    for (Piece piece = take(); piece != null; piece = take()) {
      OutputStream out = piece.stream() == Stream.STDOUT ? streams.stdout() : streams.stderr();
      out.write(piece.bytes());
      out.flush();
    }
  }

  private @Nullable Piece take() throws InterruptedException {
    lock.lock();
    try {
      while (pieces.isEmpty() && !ended && !gone) {
        changed.await();
      }
      Piece piece = gone ? null : pieces.poll();
      if (piece != null) {
        buffered -= piece.bytes().length;
        changed.signalAll();
      }
      return piece;
    } finally {
      lock.unlock();
    }
  }

  private void copyInput(InputStream input) {
    try {
      ContainerStreams process = connection.get();
      byte[] typed = new byte[INPUT_BYTES];
      for (int length = input.read(typed); length >= 0; length = input.read(typed)) {
        if (wishes.tty()) {
          ByteArrayOutputStream passed = new ByteArrayOutputStream(length);
          boolean detached = wishes.detachKeys().filter(typed, length, passed);
          process.write(ByteBuffer.wrap(passed.toByteArray()));
          if (detached) {
            close();
            return;
          }
        } else {
          process.write(ByteBuffer.wrap(typed, 0, length));
        }
      }
      if (wishes.closesInput()) {
        process.closeInput();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (Exception left) {
      LOG.log(System.Logger.Level.DEBUG, "input of an attached client ended", left);
    }
  }

  private boolean isGone() {
    lock.lock();
    try {
      return gone;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    gone = true;
    pieces.clear();
    changed.signalAll();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      leave();
    } finally {
      lock.unlock();
    }
    ContainerStreams streams = connection.getNow(null);
    if (streams != null) {
      streams.close();
    }
  }
}
