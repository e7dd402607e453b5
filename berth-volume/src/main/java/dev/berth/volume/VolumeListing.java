package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Asks all drivers at once what they hold, and waits for none of them too long. */
final class VolumeListing {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Executor THREADS = task -> Thread.ofVirtual().name("volumes").start(task);

  private final VolumeDrivers drivers;
  private final BiFunction<VolumeRecord, DriverVolume, Volume> describe;

  VolumeListing(VolumeDrivers drivers, BiFunction<VolumeRecord, DriverVolume, Volume> describe) {
    this.drivers = drivers;
    this.describe = describe;
  }

  VolumeList list(Map<String, VolumeRecord> records, VolumeFilter filter) {
    Map<VolumeDriver, CompletableFuture<List<DriverVolume>>> asked = ask(filter);
    Map<String, Volume> found = new TreeMap<>();
    List<String> warnings = new ArrayList<>();
    Map<String, List<VolumeRecord>> byDriver = byDriver(records.values());
    asked.forEach((driver, answer) -> {
      try {
        for (DriverVolume held : answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          VolumeRecord known = records.get(held.name());
          if (known == null || known.driver().equals(driver.name())) {
            found.put(held.name(), describe.apply(orNew(known, driver, held), held));
          }
        }
      } catch (ExecutionException | TimeoutException e) {
        if (holdsNoVolumes(e)) {
          return;
        }
        warnings.add("list " + driver.name() + ": " + reason(e));
        addUnasked(byDriver.getOrDefault(driver.name(), List.of()), found);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw EngineException.internal("list: interrupted", e);
      }
    });
    return new VolumeList(found.values().stream().filter(filter::matches).toList(), warnings);
  }

  private Map<VolumeDriver, CompletableFuture<List<DriverVolume>>> ask(VolumeFilter filter) {
    Map<VolumeDriver, CompletableFuture<List<DriverVolume>>> asked = new HashMap<>();
    for (VolumeDriver driver : drivers.all()) {
      if (filter.wantsDriver(driver.name())) {
        asked.put(
            driver,
            driver.name().equals(VolumeDrivers.DEFAULT)
                ? CompletableFuture.completedFuture(driver.list())
                : CompletableFuture.supplyAsync(driver::list, THREADS));
      }
    }
    return asked;
  }

  private static Map<String, List<VolumeRecord>> byDriver(Collection<VolumeRecord> records) {
    Map<String, List<VolumeRecord>> byDriver = new HashMap<>();
    records.forEach(
        known -> byDriver.computeIfAbsent(known.driver(), name -> new ArrayList<>()).add(known));
    return byDriver;
  }

  private static VolumeRecord orNew(
      @Nullable VolumeRecord known, VolumeDriver driver, DriverVolume held) {
    if (known != null) {
      return known;
    }
    Instant created = held.created() == null ? Instant.EPOCH : held.created();
    return new VolumeRecord(held.name(), driver.name(), null, null, created, false);
  }

  private void addUnasked(List<VolumeRecord> known, Map<String, Volume> found) {
    for (VolumeRecord volume : known) {
      found.put(
          volume.name(), describe.apply(volume, new DriverVolume(volume.name(), "", null, null)));
    }
  }

  /** A plugin may be there for something else. */
  private static boolean holdsNoVolumes(Exception e) {
    return e.getCause() instanceof EngineException cause && cause.kind() == ErrorKind.NOT_FOUND;
  }

  private static String reason(Exception e) {
    if (e instanceof TimeoutException) {
      return "no answer within " + PATIENCE.toSeconds() + " seconds";
    }
    return e.getCause() instanceof EngineException cause
        ? cause.text()
        : String.valueOf(e.getCause());
  }
}
