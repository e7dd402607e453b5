package dev.berth.store;

import org.jspecify.annotations.Nullable;

/**
 * One stored record, either as read from the disk or decoded. It is decoded when somebody first
 * asks for it, so that opening a large store costs no more than reading it.
 */
final class Cell {
  private final String place;
  private @Nullable String json;
  private volatile @Nullable Record value;

  private Cell(String place, @Nullable String json, @Nullable Record value) {
    this.place = place;
    this.json = json;
    this.value = value;
  }

  static Cell ofJson(String table, String key, String json) {
    return new Cell(table + "/" + key, json, null);
  }

  static Cell ofValue(String table, String key, Record value) {
    return new Cell(table + "/" + key, null, value);
  }

  <T extends Record> T value(Class<T> type, RecordCodec codec) {
    Record decoded = value;
    if (decoded == null) {
      decoded = decode(type, codec);
    }
    return type.cast(decoded);
  }

  private synchronized Record decode(Class<? extends Record> type, RecordCodec codec) {
    Record decoded = value;
    if (decoded == null) {
      decoded = codec.decode(place, String.valueOf(json), type);
      value = decoded;
      json = null;
    }
    return decoded;
  }
}
