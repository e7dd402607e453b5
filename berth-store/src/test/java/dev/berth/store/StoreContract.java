package dev.berth.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store promises. */
abstract class StoreContract {
  private static final Table<Sample> SAMPLES = Sample.TABLE;
  private static final Table<Other> OTHERS = new Table<>("others", Other.class);

  private Store store;

  record Other(String text) {}

  abstract Store open() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private void put(String key, int count) {
    store.update(tx -> {
      tx.put(SAMPLES, key, Sample.of(key, count));
      return null;
    });
  }

  private Map<String, Sample> all() {
    return store.view(tx -> tx.all(SAMPLES));
  }

  private int count(String key) {
    return store.view(tx -> tx.find(SAMPLES, key)).map(Sample::count).orElse(-1);
  }

  @Test
  void whatIsPutIsFoundAndListedInTheOrderOfKeys() {
    put("b", 2);
    put("a", 1);
    assertThat(count("a")).isEqualTo(1);
    assertThat(all().keySet()).containsExactly("a", "b");
  }

  @Test
  void putReplaces() {
    put("a", 1);
    put("a", 5);
    assertThat(count("a")).isEqualTo(5);
    assertThat(all()).hasSize(1);
  }

  @Test
  void removeRemovesAndForgivesTheAbsent() {
    put("a", 1);
    store.update(tx -> {
      tx.remove(SAMPLES, "a");
      tx.remove(SAMPLES, "never");
      return null;
    });
    assertThat(all()).isEmpty();
  }

  @Test
  void tablesAreApart() {
    put("a", 1);
    store.update(tx -> {
      tx.put(OTHERS, "a", new Other("x"));
      tx.remove(SAMPLES, "a");
      return null;
    });
    Optional<Other> found = store.view(tx -> tx.find(OTHERS, "a"));
    assertThat(found).contains(new Other("x"));
  }

  @Test
  void anUpdateReadsItsOwnWrites() {
    put("a", 1);
    int seen =
        store.update(tx -> {
          tx.put(SAMPLES, "b", Sample.of("b", 2));
          tx.remove(SAMPLES, "a");
          assertThat(tx.find(SAMPLES, "a")).isEmpty();
          return tx.all(SAMPLES).get("b").count();
        });
    assertThat(seen).isEqualTo(2);
  }

  @Test
  void aFailedBodyChangesNothing() {
    put("a", 1);
    assertThatThrownBy(() ->
            store.update(tx -> {
              tx.put(SAMPLES, "a", Sample.of("a", 9));
              throw new IllegalArgumentException("no");
            }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(count("a")).isEqualTo(1);
    put("a", 2);
    assertThat(count("a")).isEqualTo(2);
  }

  @Test
  void aViewStaysWhatItWas() {
    put("a", 1);
    store.view(tx -> {
      put("a", 2);
      assertThat(tx.find(SAMPLES, "a").orElseThrow().count()).isEqualTo(1);
      return null;
    });
    assertThat(count("a")).isEqualTo(2);
  }

  @Test
  void anUpdateInsideAnUpdateIsOurMistake() {
    assertThatThrownBy(() ->
            store.update(tx -> {
              put("a", 1);
              return null;
            }))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void everyKindOfFieldSurvives() {
    Sample.Shape circle = new Sample.Shape.Circle(1.5);
    Sample sample =
        new Sample(
            "full",
            7,
            Instant.parse("2026-01-02T03:04:05.000000006Z"),
            Duration.ofMillis(1500),
            Path.of("/a/b c"),
            new byte[] {0, -1, 5},
            List.of(circle, new Sample.Shape.Pair(circle, circle)),
            Map.of("x", 1),
            Set.of(Sample.Colour.BLUE),
            Map.of());
    store.update(tx -> {
      tx.put(SAMPLES, "full", sample);
      return null;
    });
    assertThat(all().get("full")).usingRecursiveComparison().isEqualTo(sample);
  }

  @Test
  void concurrentUpdatesAreAllCounted() throws Exception {
    put("a", 0);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int k = 0; k < 20; k++) {
                  store.update(tx -> {
                    int count = tx.find(SAMPLES, "a").orElseThrow().count();
                    tx.put(SAMPLES, "a", Sample.of("a", count + 1));
                    return null;
                  });
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(count("a")).isEqualTo(160);
  }

  @Test
  void aWatcherSeesEachLaterCommitOnceInOrder() throws Exception {
    put("before", 1);
    List<Commit> seen = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch done = new CountDownLatch(101);
    store.watch(commit -> {
      seen.add(commit);
      done.countDown();
    });
    for (int i = 1; i <= 100; i++) {
      put("a", i);
    }
    store.update(tx -> tx.find(SAMPLES, "a"));
    store.update(tx -> {
      tx.remove(SAMPLES, "a");
      return null;
    });
    assertThat(done.await(10, SECONDS)).isTrue();
    assertThat(seen).hasSize(101);
    for (int i = 0; i < 101; i++) {
      assertThat(seen.get(i).version()).isEqualTo(i + 2);
    }
    Commit.Change last = seen.get(100).changes().getFirst();
    assertThat(last.table()).isEqualTo("samples");
    assertThat(((Sample) last.before()).count()).isEqualTo(100);
    assertThat(last.after()).isNull();
  }

  @Test
  void aFailingListenerHarmsNobody() throws Exception {
    CountDownLatch done = new CountDownLatch(2);
    store.watch(commit -> {
      throw new IllegalStateException("bad listener (the log shows it)");
    });
    store.watch(commit -> done.countDown());
    put("a", 1);
    put("b", 1);
    assertThat(done.await(10, SECONDS)).isTrue();
  }

  @Test
  void aClosedWatchHearsNothing() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    CountDownLatch other = new CountDownLatch(1);
    Store.Watch watch = store.watch(commit -> heard.incrementAndGet());
    watch.close();
    store.watch(commit -> other.countDown());
    put("a", 1);
    assertThat(other.await(10, SECONDS)).isTrue();
    assertThat(heard).hasValue(0);
  }

  @Test
  void aListenerMayWrite() throws Exception {
    CountDownLatch done = new CountDownLatch(2);
    store.watch(commit -> {
      if (commit.changes().getFirst().key().equals("a")) {
        put("b", 1);
      }
      done.countDown();
    });
    put("a", 1);
    assertThat(done.await(10, SECONDS)).isTrue();
  }

  @Test
  void theQueueIsBoundedAndWithoutGap() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger heard = new AtomicInteger();
    store.watch(commit -> {
      await(release);
      heard.incrementAndGet();
    });
    AtomicInteger written = new AtomicInteger();
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              for (int i = 0; i < 5000; i++) {
                put("a", i);
                written.incrementAndGet();
              }
            });
    while (written.get() < 4096) {
      Thread.sleep(5);
    }
    Thread.sleep(50);
    assertThat(written.get()).isLessThanOrEqualTo(4098);
    release.countDown();
    writer.join();
    store.close();
    assertThat(heard).hasValue(5000);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aClosedStoreRefuses() {
    store.close();
    assertThatThrownBy(() -> count("a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> put("a", 1)).isInstanceOf(IllegalStateException.class);
    store.close();
  }
}
