package dev.berth.network;

import dev.berth.store.Store;
import dev.berth.store.Table;
import java.util.List;
import java.util.Optional;

/**
 * What plugins keep for this engine, on record from before they are asked until they have given it
 * up, so that a crash at any moment leaves nothing with them for good. Safe for use by any thread.
 */
public final class Holdings {
  private static final Table<Holding> HELD = new Table<>("network-held", Holding.class);

  private final Store store;

  /**
   * @param store keeps the record
   */
  public Holdings(Store store) {
    this.store = store;
  }

  /** Adds or replaces one. */
  public void put(Holding holding) {
    store.update(tx -> {
      tx.put(HELD, holding.key(), holding);
      return true;
    });
  }

  /** Puts one in the place of another. */
  public void replace(Holding before, Holding after) {
    store.update(tx -> {
      tx.remove(HELD, before.key());
      tx.put(HELD, after.key(), after);
      return true;
    });
  }

  /** Strikes one out; does nothing where there is none. */
  public void remove(Holding holding) {
    store.update(tx -> {
      tx.remove(HELD, holding.key());
      return true;
    });
  }

  /** One of them. */
  public Optional<Holding> find(Holding.Kind kind, String networkId, String id) {
    String key = kind + " " + networkId + " " + id;
    return store.view(tx -> tx.find(HELD, key));
  }

  /** All of them. */
  public List<Holding> all() {
    return store.view(tx -> List.copyOf(tx.all(HELD).values()));
  }
}
