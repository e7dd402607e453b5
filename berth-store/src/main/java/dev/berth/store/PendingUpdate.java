package dev.berth.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/** A transaction being built: the tables it touched, copied once each, and its list of changes. */
final class PendingUpdate implements WriteTransaction {
  private final Snapshot base;
  private final RecordCodec codec;
  private final boolean reread;
  private final Map<String, NavigableMap<String, Cell>> touched = new HashMap<>();
  private final List<Commit.Change> changes = new ArrayList<>();
  private final List<Journal.Entry> entries = new ArrayList<>();

  /**
   * @param reread whether later reads decode what was encoded instead of returning the same object
   */
  PendingUpdate(Snapshot base, RecordCodec codec, boolean reread) {
    this.base = base;
    this.codec = codec;
    this.reread = reread;
  }

  @Override
  public <T extends Record> Optional<T> find(Table<T> table, String key) {
    NavigableMap<String, Cell> cells = touched.get(table.name());
    if (cells == null) {
      return base.find(table, key);
    }
    return Optional.ofNullable(cells.get(key)).map(cell -> cell.value(table.type(), codec));
  }

  @Override
  public <T extends Record> Map<String, T> all(Table<T> table) {
    NavigableMap<String, Cell> cells = touched.get(table.name());
    if (cells == null) {
      return base.all(table);
    }
    return new TableSnapshot(cells).all(table.type(), codec);
  }

  @Override
  public <T extends Record> void put(Table<T> table, String key, T value) {
    String json = codec.encode(table.name() + "/" + key, value);
    Optional<T> before = find(table, key);
    Cell cell =
        reread ? Cell.ofJson(table.name(), key, json) : Cell.ofValue(table.name(), key, value);
    touch(table).put(key, cell);
    changes.add(new Commit.Change(table.name(), key, before.orElse(null), value));
    entries.add(new Journal.Entry(table.name(), key, json));
  }

  @Override
  public <T extends Record> void remove(Table<T> table, String key) {
    Optional<T> before = find(table, key);
    if (before.isPresent()) {
      touch(table).remove(key);
      changes.add(new Commit.Change(table.name(), key, before.get(), null));
      entries.add(new Journal.Entry(table.name(), key, null));
    }
  }

  private NavigableMap<String, Cell> touch(Table<?> table) {
    return touched.computeIfAbsent(table.name(), name -> base.table(name).copy());
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  List<Journal.Entry> entries() {
    return entries;
  }

  List<Commit.Change> changes() {
    return changes;
  }

  Snapshot result() {
    Map<String, TableSnapshot> changed = new HashMap<>();
    touched.forEach((name, cells) -> changed.put(name, new TableSnapshot(cells)));
    return base.with(changed);
  }
}
