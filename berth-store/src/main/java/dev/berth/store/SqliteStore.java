package dev.berth.store;

import dev.berth.core.Durations;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The engine's store: one SQLite file, written ahead and synchronised at every commit. All records
 * are read once when it opens; after that only commits touch the disk. The file stays locked while
 * it is open, so that a second engine on it is refused.
 *
 * <p>SQLite's native library is found through the system properties {@code org.sqlite.lib.path} (a
 * folder) and {@code org.sqlite.lib.name} (a file in it). The launcher unpacks it once at install
 * and sets both; without them the driver unpacks it into {@code java.io.tmpdir} at each start,
 * which costs about 0.4 s.
 */
public final class SqliteStore implements Store {
  private final JournaledStore store;

  private SqliteStore(JournaledStore store) {
    this.store = store;
  }

  /**
   * Opens or creates a store.
   *
   * @param file the database; its folder must exist. Created with mode 0600
   * @throws dev.berth.core.EngineException of kind INTERNAL, naming the file and the reason: it is
   *     in use by another engine, damaged, not a state store, written by a newer version, read-only
   *     or not to be created
   */
  public static SqliteStore open(Path file) {
    SqliteJournal journal = SqliteJournal.open(file);
    try {
      return new SqliteStore(new JournaledStore(journal, false));
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
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

  /** How long the commits so far took to be durable. */
  public Durations commits() {
    return store.commits();
  }

  @Override
  public void close() {
    store.close();
  }
}
