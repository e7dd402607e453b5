package dev.berth.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every volume driver promises to {@link Volumes}. */
public abstract class VolumeDriverContract {
  private static final String ALICE = "a".repeat(64);
  private static final String BOB = "b".repeat(64);

  /** For the drivers' tests. */
  protected VolumeDriverContract() {}

  /** A driver without volumes. */
  protected abstract VolumeDriver driver();

  @Test
  void createdVolumesAreFoundAndListed() {
    VolumeDriver driver = driver();
    assertThat(driver.create("one", Map.of()).name()).isEqualTo("one");
    driver.create("two", Map.of());
    assertThat(driver.find("one")).map(DriverVolume::name).contains("one");
    assertThat(driver.list())
        .extracting(DriverVolume::name)
        .containsExactlyInAnyOrder("one", "two");
    assertThat(driver.find("three")).isEmpty();
  }

  @Test
  void creatingTwiceIsOnce() {
    VolumeDriver driver = driver();
    driver.create("one", Map.of());
    driver.create("one", Map.of());
    assertThat(driver.list()).hasSize(1);
  }

  @Test
  void removedVolumesAreGoneAndMayBeRemovedAgain() {
    VolumeDriver driver = driver();
    driver.create("one", Map.of());
    driver.remove("one");
    assertThat(driver.find("one")).isEmpty();
    assertThat(driver.list()).isEmpty();
    assertThatCode(() -> driver.remove("one")).doesNotThrowAnyException();
    driver.create("one", Map.of());
    assertThat(driver.find("one")).isPresent();
  }

  @Test
  void everyUserGetsTheSamePath() {
    VolumeDriver driver = driver();
    driver.create("one", Map.of());
    String path = driver.mount("one", ALICE);
    assertThat(path).startsWith("/");
    assertThat(driver.mount("one", BOB)).isEqualTo(path);
    assertThat(driver.mount("one", ALICE)).isEqualTo(path);
    driver.unmount("one", ALICE);
    driver.unmount("one", BOB);
  }

  @Test
  void aMountedVolumeIsNotRemoved() {
    VolumeDriver driver = driver();
    driver.create("one", Map.of());
    driver.mount("one", ALICE);
    driver.mount("one", BOB);
    driver.unmount("one", ALICE);
    assertThatThrownBy(() -> driver.remove("one")).isInstanceOf(EngineException.class);
    assertThat(driver.find("one")).isPresent();
    driver.unmount("one", BOB);
    driver.remove("one");
    assertThat(driver.find("one")).isEmpty();
  }

  @Test
  void unmountingWithoutMountIsNoError() {
    VolumeDriver driver = driver();
    driver.create("one", Map.of());
    assertThatCode(() -> driver.unmount("one", ALICE)).doesNotThrowAnyException();
    assertThatCode(() -> driver.unmount("never", ALICE)).doesNotThrowAnyException();
  }

  @Test
  void differentVolumesMayBeUsedAtOnce() throws InterruptedException {
    VolumeDriver driver = driver();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String name = "v" + i + "x";
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                driver.create(name, Map.of());
                driver.mount(name, ALICE);
                driver.unmount(name, ALICE);
                driver.remove(name);
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(driver.list()).isEmpty();
  }
}
