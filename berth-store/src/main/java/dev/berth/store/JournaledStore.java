package dev.berth.store;

import dev.berth.core.Durations;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/** The store's semantics over any journal: snapshots in memory, one writer, ordered watchers. */
final class JournaledStore implements Store {
  private final Journal journal;
  private final boolean reread;
  private final RecordCodec codec = new RecordCodec();
  private final Watchers watchers = new Watchers();
  private final Durations commits = Durations.ofCalls();
  private final ReentrantLock writer = new ReentrantLock();
  private volatile Snapshot current;
  private volatile boolean closed;
  private long version;

  /**
   * @param reread whether reads see what was encoded instead of the very object that was put
   */
  JournaledStore(Journal journal, boolean reread) {
    this.journal = journal;
    this.reread = reread;
    this.current = Snapshot.load(codec, journal.load());
  }

  @Override
  public <R> R view(Function<? super ReadTransaction, ? extends R> body) {
    requireOpen();
    return body.apply(current);
  }

  @Override
  public <R> R update(Function<? super WriteTransaction, ? extends R> body) {
    if (writer.isHeldByCurrentThread()) {
      throw new IllegalStateException("an update inside an update");
    }
    watchers.awaitRoom();
    writer.lock();
    try {
      requireOpen();
      PendingUpdate pending = new PendingUpdate(current, codec, reread);
      R result = body.apply(pending);
      if (!pending.isEmpty()) {
        long begin = System.nanoTime();
        journal.write(pending.entries());
        commits.add(System.nanoTime() - begin);
        current = pending.result();
        version++;
        watchers.publish(new Commit(version, pending.changes()));
      }
      return result;
    } finally {
      writer.unlock();
    }
  }

  @Override
  public Watch watch(Consumer<Commit> listener) {
    requireOpen();
    return watchers.add(listener);
  }

  /** How long the commits so far took to be durable. */
  Durations commits() {
    return commits;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the state store is closed");
    }
  }

  @Override
  public void close() {
    writer.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      journal.close();
    } finally {
      writer.unlock();
    }
    watchers.close();
  }
}
