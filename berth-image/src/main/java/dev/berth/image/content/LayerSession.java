package dev.berth.image.content;

import dev.berth.core.EngineException;
import dev.berth.image.Digest;
import dev.berth.store.Store;
import dev.berth.store.WriteTransaction;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The layers that one operation brings or relies on. Until {@link #commit} nothing of it is in the
 * store; closing removes what was not committed. Safe for use by several threads, except that
 * commit and close come last.
 */
public final class LayerSession implements AutoCloseable {
  private final Layers layers;
  private final Store store;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Digest, StagedLayer> staged = new HashMap<>();
  private final Map<Digest, LayerRecord> reused = new HashMap<>();
  private final List<Digest> pinned = new ArrayList<>();

  /**
   * @param layers where they go
   * @param store has the records
   */
  public LayerSession(Layers layers, Store store) {
    this.layers = layers;
    this.store = store;
  }

  /** A layer that is here already; it stays here at least until this session is closed. */
  public Optional<LayerRecord> reuse(Digest diffId) {
    Optional<LayerRecord> found = layers.pin(diffId);
    lock.lock();
    try {
      found.ifPresent(layer -> {
        pinned.add(diffId);
        reused.put(diffId, layer);
      });
    } finally {
      lock.unlock();
    }
    return found;
  }

  /**
   * Takes in a layer.
   *
   * @throws IOException when the archive is broken
   */
  public StagedLayer stage(InputStream archive) throws IOException {
    StagedLayer layer = layers.stage(archive);
    StagedLayer twice;
    lock.lock();
    try {
      twice = staged.putIfAbsent(layer.diffId(), layer);
    } finally {
      lock.unlock();
    }
    if (twice != null) {
      layers.discard(layer);
      return twice;
    }
    return layer;
  }

  /** Removes a layer that was staged and turned out wrong. */
  public void discard(StagedLayer layer) {
    lock.lock();
    try {
      staged.remove(layer.diffId());
    } finally {
      lock.unlock();
    }
    layers.discard(layer);
  }

  /** Whether a layer is here or staged. */
  public boolean has(Digest diffId) {
    return staged.containsKey(diffId) || reused.containsKey(diffId) || reuse(diffId).isPresent();
  }

  /**
   * Puts the staged layers that are needed, and whatever else belongs to the operation, into the
   * store in one transaction.
   *
   * @param needed diff ids of the images that the operation adds
   */
  public <R> R commit(Collection<Digest> needed, Function<? super WriteTransaction, R> body) {
    if (!staged.isEmpty()) {
      layers.flush();
    }
    List<Digest> put = new ArrayList<>();
    R result =
        store.update(transaction -> {
          put.clear();
          for (Digest diffId : needed) {
            StagedLayer layer = staged.get(diffId);
            if (layer != null && layers.put(transaction, layer)) {
              put.add(diffId);
            }
            if (transaction.find(ImageTables.LAYERS, diffId.toString()).isEmpty()) {
              throw EngineException.internal("layer does not exist: " + diffId, null);
            }
          }
          return body.apply(transaction);
        });
    put.forEach(staged::remove);
    return result;
  }

  @Override
  public void close() {
    staged.values().forEach(layers::discard);
    staged.clear();
    layers.unpin(pinned);
    pinned.clear();
  }
}
