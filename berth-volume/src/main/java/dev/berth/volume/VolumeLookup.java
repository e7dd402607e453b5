package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Brings together what the store, the drivers and the containers know of a volume. */
final class VolumeLookup {
  private static final System.Logger LOG = System.getLogger(VolumeLookup.class.getName());

  /** How long a volume that nobody knows is looked for in plugins. */
  private static final Duration PROBE_PATIENCE = Duration.ofSeconds(2);

  /** How long a plugin that did not answer in time is left out. */
  private static final Duration PROBE_PAUSE = Duration.ofSeconds(30);

  private final Store store;
  private final VolumeDrivers drivers;
  private final VolumeUsers users;
  private final InstantSource clock;
  private final Map<String, Instant> silentUntil = new ConcurrentHashMap<>();

  VolumeLookup(Store store, VolumeDrivers drivers, VolumeUsers users, InstantSource clock) {
    this.store = store;
    this.drivers = drivers;
    this.users = users;
    this.clock = clock;
  }

  Map<String, VolumeRecord> records() {
    return store.view(tx -> tx.all(VolumeRecord.TABLE));
  }

  @Nullable VolumeRecord record(String name) {
    return store.view(tx -> tx.find(VolumeRecord.TABLE, name)).orElse(null);
  }

  void put(VolumeRecord volume) {
    store.update(tx -> {
      tx.put(VolumeRecord.TABLE, volume.name(), volume);
      return volume;
    });
  }

  void forget(String name) {
    users.forget(name);
    store.update(tx -> {
      tx.remove(VolumeRecord.TABLE, name);
      for (VolumeSnapshot snapshot : tx.all(VolumeSnapshot.TABLE).values()) {
        if (snapshot.volume().equals(name)) {
          tx.remove(VolumeSnapshot.TABLE, snapshot.key());
        }
      }
      return name;
    });
  }

  VolumeRecord recordOf(DriverVolume found, VolumeDriver driver) {
    Instant created = found.created() == null ? clock.instant() : found.created();
    return new VolumeRecord(found.name(), driver.name(), null, null, created, false);
  }

  Volume describe(VolumeRecord known, DriverVolume held) {
    VolumeScope scope = drivers.driver(known.driver()).scope();
    return new Volume(
        known, new VolumeStatus(scope, held.mountpoint(), users.of(known.name()), held.details()));
  }

  /** The volume; {@code no such volume} where nobody has it. */
  Volume find(String name) {
    VolumeRecord known = record(name);
    if (known == null) {
      return probe(name).orElseThrow(VolumeLookup::noSuchVolume);
    }
    DriverVolume held =
        drivers.driver(known.driver()).find(name).orElseThrow(VolumeLookup::noSuchVolume);
    return describe(known, held);
  }

  private static EngineException noSuchVolume() {
    return EngineException.notFound("no such volume");
  }

  /** The volume that already has the name which somebody wants to create. */
  Optional<Volume> existing(VolumeSpec spec) {
    VolumeRecord known = record(spec.name());
    if (known == null) {
      return spec.driver().isEmpty() ? probe(spec.name()) : Optional.empty();
    }
    boolean other = !spec.driver().isEmpty() && !spec.driver().equals(known.driver());
    if (other) {
      drivers.driver(spec.driver());
    }
    Optional<DriverVolume> held = findHeld(known);
    if (held.isPresent()) {
      if (other) {
        throw EngineException.conflict(
            "driver '%s' already has volume '%s': volume name must be unique"
                .formatted(known.driver(), known.name()));
      }
      return Optional.of(describe(known, held.get()));
    }
    if (!users.of(spec.name()).isEmpty()) {
      throw EngineException.conflict(
          ("found references to volume '%s' in driver '%s' but the volume was not found in the"
                  + " driver -- you may need to remove containers referencing this volume or force"
                  + " remove the volume to re-create it: volume name must be unique")
              .formatted(known.name(), known.driver()));
    }
    forget(known.name());
    return Optional.empty();
  }

  private Optional<DriverVolume> findHeld(VolumeRecord known) {
    try {
      return drivers.driver(known.driver()).find(known.name());
    } catch (EngineException e) {
      throw new EngineException(
          ErrorKind.CONFLICT,
          ("found reference to volume '%s' in driver '%s', but got an error while checking the"
                  + " driver: %s: volume name must be unique")
              .formatted(known.name(), known.driver(), e.text()),
          e);
    }
  }

  /** Asks the plugins, all at once and not for long; the local driver's volumes are recorded. */
  private Optional<Volume> probe(String name) {
    List<VolumeDriver> asked = new ArrayList<>();
    List<CompletableFuture<Optional<DriverVolume>>> answers = new ArrayList<>();
    for (VolumeDriver driver : drivers.all()) {
      if (!driver.name().equals(VolumeDrivers.DEFAULT) && !isSilent(driver)) {
        asked.add(driver);
        answers.add(
            CompletableFuture.supplyAsync(
                () -> findQuietly(driver, name),
                task -> Thread.ofVirtual().name("volume-probe").start(task)));
      }
    }
    long deadline = System.nanoTime() + PROBE_PATIENCE.toNanos();
    for (int i = 0; i < asked.size(); i++) {
      Optional<DriverVolume> held = await(asked.get(i), answers.get(i), deadline);
      if (held.isPresent()) {
        VolumeRecord found = recordOf(held.get(), asked.get(i));
        put(found);
        return Optional.of(describe(found, held.get()));
      }
    }
    return Optional.empty();
  }

  private boolean isSilent(VolumeDriver driver) {
    return clock.instant().isBefore(silentUntil.getOrDefault(driver.name(), Instant.EPOCH));
  }

  private Optional<DriverVolume> await(
      VolumeDriver driver, CompletableFuture<Optional<DriverVolume>> answer, long deadline) {
    try {
      long left = Math.max(0, deadline - System.nanoTime());
      return answer.get(left, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      silentUntil.put(driver.name(), clock.instant().plus(PROBE_PAUSE));
      LOG.log(System.Logger.Level.WARNING, "volume plugin " + driver.name() + " does not answer");
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** What a driver has under a name; a driver that cannot tell counts as having nothing. */
  Optional<DriverVolume> findQuietly(VolumeDriver driver, String name) {
    try {
      return driver.find(name);
    } catch (EngineException e) {
      LOG.log(System.Logger.Level.DEBUG, "asking " + driver.name() + " for " + name, e);
      return Optional.empty();
    }
  }
}
