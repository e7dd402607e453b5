package dev.berth.store;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where commits are made durable: a database file, or nowhere. One thread at a time calls it. */
interface Journal extends AutoCloseable {

  /** Everything that was written before: JSON by key by table. */
  Map<String, Map<String, String>> load();

  /**
   * Writes all changes or none of them, durably.
   *
   * @throws dev.berth.core.EngineException of kind INTERNAL when that fails; nothing is then
   *     changed
   */
  void write(List<Entry> entries);

  @Override
  void close();

  /**
   * One changed record.
   *
   * @param json what it is now, or null when it was removed
   */
  record Entry(String table, String key, @Nullable String json) {}
}
