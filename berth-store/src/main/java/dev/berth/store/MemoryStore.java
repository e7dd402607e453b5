package dev.berth.store;

import dev.berth.core.EngineException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A store that forgets: the fake for unit tests, under the same contract suite as the real one. It
 * keeps only the JSON of what is put, so that a record which would not survive the disk is noticed,
 * and it can be told to fail like a full disk.
 */
public final class MemoryStore implements Store {
  private final AtomicLong commitsUntilFailure = new AtomicLong(-1);
  private final JournaledStore store = new JournaledStore(new Nowhere(), true);

  /** An empty store. */
  public MemoryStore() {}

  /**
   * Makes one later commit fail as a full disk does.
   *
   * @param commits how many commits succeed before it
   */
  public void failAfter(long commits) {
    commitsUntilFailure.set(commits);
  }

  @Override
  public <R> R view(Function<? super ReadTransaction, ? extends R> body) {
    return store.view(body);
  }

  @Override
  public <R> R update(Function<? super WriteTransaction, ? extends R> body) {
    return store.update(body);
  }

  @Override
  public Watch watch(Consumer<Commit> listener) {
    return store.watch(listener);
  }

  @Override
  public void close() {
    store.close();
  }

  private final class Nowhere implements Journal {
    @Override
    public Map<String, Map<String, String>> load() {
      return Map.of();
    }

    @Override
    public void write(List<Entry> entries) {
      if (commitsUntilFailure.getAndDecrement() == 0) {
        throw EngineException.internal("state store: the disk is full", null);
      }
    }

    @Override
    public void close() {}
  }
}
