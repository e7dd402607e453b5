package dev.berth.store;

import java.util.Map;
import java.util.Optional;

/** One consistent snapshot of the state. */
public interface ReadTransaction {
  /** The record under a key. */
  <T extends Record> Optional<T> find(Table<T> table, String key);

  /** All records of a table in the order of their keys; immutable. */
  <T extends Record> Map<String, T> all(Table<T> table);
}
