package dev.berth.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One committed transaction.
 *
 * @param version counts the commits since the store was opened
 * @param changes what it changed, in the order of the calls
 */
public record Commit(long version, List<Change> changes) {

  /** Copies the changes. */
  public Commit {
    changes = List.copyOf(changes);
  }

  /**
   * One record's change.
   *
   * @param table the table's name
   * @param key the record's key
   * @param before what it was, or null when it is new
   * @param after what it is, or null when it was removed
   */
  public record Change(String table, String key, @Nullable Record before, @Nullable Record after) {}
}
