package dev.berth.engine;

import dev.berth.runtime.ContainerStreams;
import dev.berth.runtime.StreamSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One client of a process's streams. Output waits in a bounded buffer for the client; while that is
 * full the runtime delivers no more, and a client that then takes nothing for a while loses its
 * connection, so that it cannot stop the container for ever.
 */
final class AttachSession implements Attachments.Session, StreamSink {
  private static final System.Logger LOG = System.getLogger(AttachSession.class.getName());
  private static final int BUFFER_BYTES = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int INPUT_BYTES = 32 * 1024;

  private final Wishes wishes;
  private final Timers timers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ReentrantLock flowOrder = new ReentrantLock();
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private final CompletableFuture<ContainerStreams> connection = new CompletableFuture<>();
  private int buffered;
  private long taken;
  private boolean stopped;
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

  @SuppressWarnings("ArrayRecordComponent") // bytes on their way, never compared
  private record Piece(Stream stream, byte[] bytes) {}

  AttachSession(Wishes wishes, Timers timers) {
    this.wishes = wishes;
    this.timers = timers;
  }

  /** Whether the process's input is wanted too. */
  boolean wantsInput() {
    return wishes.stdin();
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
    } else if (isStopped()) {
      applyFlow();
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
    boolean full;
    lock.lock();
    try {
      if (gone) {
        return;
      }
      pieces.add(new Piece(stream, bytes));
      buffered += bytes.length;
      full = buffered > BUFFER_BYTES && !stopped;
      stopped |= full;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (full) {
      applyFlow();
      dropUnlessTaking();
    }
  }

  /**
   * Tells the runtime what holds now. The giving and the taking side may change it at the same
   * moment: one after the other they tell the newest, never an outdated stop behind a go.
   */
  private void applyFlow() {
    ContainerStreams streams = connection.getNow(null);
    if (streams == null) {
      return;
    }
    flowOrder.lock();
    try {
      streams.flow(!isStopped());
    } finally {
      flowOrder.unlock();
    }
  }

  /** Looks later whether the client has taken anything meanwhile. */
  private void dropUnlessTaking() {
    long before = takenSoFar();
    timers.after(
        PATIENCE,
        () -> {
          if (!isStopped()) {
            return;
          }
          if (takenSoFar() == before) {
            close();
          } else {
            dropUnlessTaking();
          }
        });
  }

  private long takenSoFar() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private boolean isStopped() {
    lock.lock();
    try {
      return stopped && !gone;
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
    Piece piece;
    boolean resume = false;
    lock.lock();
    try {
      while (pieces.isEmpty() && !ended && !gone) {
        changed.await();
      }
      piece = gone ? null : pieces.poll();
      if (piece != null) {
        buffered -= piece.bytes().length;
        taken++;
        resume = stopped && buffered < BUFFER_BYTES / 2;
        stopped &= !resume;
      }
    } finally {
      lock.unlock();
    }
    if (resume) {
      applyFlow();
    }
    return piece;
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
