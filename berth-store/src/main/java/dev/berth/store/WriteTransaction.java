package dev.berth.store;

/** A change in progress; it reads its own writes. */
public interface WriteTransaction extends ReadTransaction {
  /** Adds or replaces a record. */
  <T extends Record> void put(Table<T> table, String key, T value);

  /** Removes a record; does nothing where there is none. */
  <T extends Record> void remove(Table<T> table, String key);
}
