package dev.berth.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The records of one table at one moment; immutable. */
final class TableSnapshot {
  static final TableSnapshot EMPTY = new TableSnapshot(new TreeMap<>());

  private final NavigableMap<String, Cell> cells;
  private volatile @Nullable Map<String, ? extends Record> decoded;

  /** Takes over the map, which the caller no longer touches. */
  TableSnapshot(NavigableMap<String, Cell> cells) {
    this.cells = cells;
  }

  @Nullable Cell cell(String key) {
    return cells.get(key);
  }

  /** A copy to change. */
  NavigableMap<String, Cell> copy() {
    return new TreeMap<>(cells);
  }

  <T extends Record> Map<String, T> all(Class<T> type, RecordCodec codec) {
    Map<String, ? extends Record> known = decoded;
    if (known == null) {
      known = decodeAll(type, codec);
      decoded = known;
    }
    return cast(known, type);
  }

  private <T extends Record> Map<String, T> decodeAll(Class<T> type, RecordCodec codec) {
    Map<String, T> values = LinkedHashMap.newLinkedHashMap(cells.size());
    cells.forEach((key, cell) -> values.put(key, cell.value(type, codec)));
    return Collections.unmodifiableMap(values);
  }

  /** Safe: a table has one type, and {@link Cell#value} has checked each record against it. */
  @SuppressWarnings("unchecked")
  private static <T extends Record> Map<String, T> cast(Map<String, ?> values, Class<T> type) {
    Object sample = values.isEmpty() ? null : values.values().iterator().next();
    if (sample != null && !type.isInstance(sample)) {
      throw new ClassCastException("a table holds " + sample.getClass() + ", not " + type);
    }
    return (Map<String, T>) values;
  }
}
