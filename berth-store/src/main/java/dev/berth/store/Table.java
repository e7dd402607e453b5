package dev.berth.store;

/**
 * A table of records of one type, by string key.
 *
 * @param name unique in the store; a lower-case word such as {@code networks}
 * @param type the record type; it is stored as JSON, unknown fields are ignored when read
 */
public record Table<T extends Record>(String name, Class<T> type) {}
