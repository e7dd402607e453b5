package dev.berth.store;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The engine's state: tables of immutable records, changed by transactions.
 *
 * <p>Reads see a consistent snapshot and never wait. Updates run one at a time; when {@link
 * #update} returns, the change is on the disk and survives a crash of the engine or the machine.
 * Watchers learn of each commit once, in order, and without a gap. Safe for use by any thread.
 */
public interface Store extends AutoCloseable {

  /** Reads one consistent snapshot. The body may take its time: it blocks nobody. */
  <R> R view(Function<? super ReadTransaction, ? extends R> body);

  /**
   * Changes the state. The body must be short and do no I/O of its own; if it throws, nothing is
   * changed and the exception is passed on.
   *
   * @throws dev.berth.core.EngineException of kind INTERNAL when the disk refuses the write
   */
  <R> R update(Function<? super WriteTransaction, ? extends R> body);

  /**
   * Calls the listener after every later commit, in commit order, on a thread of the store's own.
   * The listener must return soon.
   *
   * @return ends the watch when closed
   */
  Watch watch(Consumer<Commit> listener);

  /** Ends the watches and closes the files; further calls fail. */
  @Override
  void close();

  /** A watch that can be ended. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
