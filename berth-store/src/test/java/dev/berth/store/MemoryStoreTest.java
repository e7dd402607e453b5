package dev.berth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends StoreContract {
  @Override
  Store open() {
    return new MemoryStore();
  }

  @Test
  void failsWhenTold() {
    try (MemoryStore store = new MemoryStore()) {
      store.failAfter(1);
      put(store, "a");
      assertThatThrownBy(() -> put(store, "b")).isInstanceOf(EngineException.class);
      put(store, "c");
      assertThat(keys(store)).containsExactly("a", "c");
    }
  }

  private static Set<String> keys(Store store) {
    Map<String, Sample> all = store.view(tx -> tx.all(Sample.TABLE));
    return all.keySet();
  }

  private static void put(Store store, String key) {
    store.update(tx -> {
      tx.put(Sample.TABLE, key, Sample.of(key, 1));
      return null;
    });
  }
}
