package dev.berth.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All tables at one moment; immutable, and never on the disk's schedule. */
final class Snapshot implements ReadTransaction {
  private final RecordCodec codec;
  private final Map<String, TableSnapshot> tables;

  Snapshot(RecordCodec codec, Map<String, TableSnapshot> tables) {
    this.codec = codec;
    this.tables = Map.copyOf(tables);
  }

  static Snapshot load(RecordCodec codec, Map<String, Map<String, String>> stored) {
    Map<String, TableSnapshot> tables = new HashMap<>();
    stored.forEach((table, records) -> {
      TreeMap<String, Cell> cells = new TreeMap<>();
      records.forEach((key, json) -> cells.put(key, Cell.ofJson(table, key, json)));
      tables.put(table, new TableSnapshot(cells));
    });
    return new Snapshot(codec, tables);
  }

  @Override
  public <T extends Record> Optional<T> find(Table<T> table, String key) {
    return Optional.ofNullable(table(table.name()).cell(key))
        .map(cell -> cell.value(table.type(), codec));
  }

  @Override
  public <T extends Record> Map<String, T> all(Table<T> table) {
    return table(table.name()).all(table.type(), codec);
  }

  TableSnapshot table(String name) {
    return tables.getOrDefault(name, TableSnapshot.EMPTY);
  }

  Snapshot with(Map<String, TableSnapshot> changed) {
    Map<String, TableSnapshot> merged = new HashMap<>(tables);
    merged.putAll(changed);
    return new Snapshot(codec, merged);
  }
}
