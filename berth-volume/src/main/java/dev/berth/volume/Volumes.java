package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.core.Event;
import dev.berth.core.EventSink;
import dev.berth.core.Ids;
import dev.berth.core.SharedWork;
import dev.berth.core.UndoStack;
import dev.berth.store.Store;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All volumes of this host: made, found, listed, used and removed, whatever driver holds them.
 *
 * <p>A container that is created with a volume <em>refers</em> to it ({@link #create(VolumeSpec,
 * String)}, {@link #refer}) until it is removed ({@link #release}); a volume that is referred to is
 * not removed. A container that starts <em>mounts</em> it once for each place ({@link #mount}) and
 * unmounts it when it ends. References and mounts are not stored: after a restart the engine tells
 * them from its containers ({@link #refer}, {@link #restore}) and then calls {@link #settle}.
 *
 * <p>Safe for use by any thread. Operations on one volume wait for each other; those on different
 * volumes do not. Messages of errors are Docker's.
 */
public final class Volumes {
  /** The label of a volume that was made without a name; its value is empty. */
  public static final String ANONYMOUS_LABEL = "com.docker.volume.anonymous";

  private static final System.Logger LOG = System.getLogger(Volumes.class.getName());

  private final VolumeDrivers drivers;
  private final EventSink events;
  private final Ids ids;
  private final InstantSource clock;
  private final VolumeUsers users = new VolumeUsers();
  private final NameLocks locks = new NameLocks();
  private final ReentrantLock pruning = new ReentrantLock();
  private final VolumeLookup lookup;
  private final VolumeListing listing;
  private final VolumeMounts mounts;
  private final SharedWork<List<VolumeUsage>> usage = new SharedWork<>(this::measure);
  private final VolumeActivities activities = new VolumeActivities();
  private final VolumeObjects objects;

  /**
   * @param store where the records are kept
   * @param drivers what holds the data
   * @param events told after each commit
   * @param ids names for anonymous volumes
   * @param clock the time of creation
   */
  public Volumes(
      Store store, VolumeDrivers drivers, EventSink events, Ids ids, InstantSource clock) {
    this.drivers = drivers;
    this.events = events;
    this.ids = ids;
    this.clock = clock;
    this.lookup = new VolumeLookup(store, drivers, users, clock);
    this.listing = new VolumeListing(drivers, lookup::describe);
    this.mounts = new VolumeMounts(drivers, lookup, locks, activities);
    this.objects =
        new VolumeObjects(
            new ObjectParts(
                store,
                drivers,
                lookup,
                mounts,
                locks,
                users,
                activities,
                new ObjectParts.Surroundings(events, ids, clock)));
  }

  /**
   * Finishes what a crash has interrupted, and takes in volumes that the local driver holds and the
   * store does not know, for instance those of a data directory that came from elsewhere. Call it
   * once, before anything else.
   */
  public void start() {
    objects.recover();
    VolumeDriver local = drivers.driver(VolumeDrivers.DEFAULT);
    Set<String> known = new TreeSet<>();
    for (VolumeRecord volume : lookup.records().values()) {
      if (volume.driver().equals(local.name())) {
        if (volume.removing()) {
          finishRemoval(local, volume.name());
        } else {
          known.add(volume.name());
        }
      }
    }
    for (DriverVolume found : local.recover(known)) {
      lookup.put(lookup.recordOf(found, local));
      LOG.log(System.Logger.Level.INFO, "found volume " + found.name() + " on the disk");
    }
  }

  private void finishRemoval(VolumeDriver local, String name) {
    try {
      local.remove(name);
      lookup.forget(name);
    } catch (EngineException e) {
      LOG.log(System.Logger.Level.WARNING, "remove " + name + ": " + e.text(), e);
    }
  }

  /**
   * Makes a volume, or returns the one that has the name already.
   *
   * @throws EngineException {@code create NAME: …}: INVALID for a name or option that the driver
   *     does not take, CONFLICT where another driver has the name, NOT_FOUND for an unknown driver
   */
  public Volume create(VolumeSpec spec) {
    return createFor(spec, null);
  }

  /**
   * Makes a volume, or returns the one that has the name already, and refers to it at once, so that
   * nobody removes it in between.
   *
   * @param user the container's id
   */
  public Volume create(VolumeSpec spec, String user) {
    return createFor(spec, user);
  }

  private Volume createFor(VolumeSpec asked, @Nullable String user) {
    VolumeSpec spec = asked.name().isEmpty() ? named(asked) : asked;
    boolean created;
    Volume volume;
    try (NameLocks.Held _ = locks.hold(spec.name())) {
      activities.requireUnchanged(spec.name());
      Optional<Volume> existing = lookup.existing(spec);
      created = existing.isEmpty();
      volume = existing.isPresent() ? existing.get() : make(spec);
      if (user != null) {
        users.add(volume.name(), user);
      }
    } catch (EngineException e) {
      throw VolumeMounts.prefixed("create " + spec.name(), e);
    }
    if (created) {
      publish("create", volume.name(), Map.of("driver", volume.driver()));
    }
    return volume;
  }

  private VolumeSpec named(VolumeSpec spec) {
    Map<String, String> labels = new TreeMap<>(spec.labels() == null ? Map.of() : spec.labels());
    labels.put(ANONYMOUS_LABEL, "");
    String driver = spec.driver().isEmpty() ? VolumeDrivers.DEFAULT : spec.driver();
    return new VolumeSpec(ids.next(), driver, spec.options(), labels);
  }

  private Volume make(VolumeSpec spec) {
    VolumeDriver driver =
        drivers.driver(spec.driver().isEmpty() ? VolumeDrivers.DEFAULT : spec.driver());
    Optional<DriverVolume> held = lookup.findQuietly(driver, spec.name());
    Map<String, String> options = spec.options();
    try (UndoStack undo = new UndoStack("create volume " + spec.name())) {
      DriverVolume made;
      if (held.isPresent()) {
        made = held.get();
      } else {
        made = driver.create(spec.name(), options == null ? Map.of() : options);
        undo.push("remove its data", () -> driver.remove(spec.name()));
      }
      VolumeRecord created =
          new VolumeRecord(
              spec.name(),
              driver.name(),
              options == null ? null : driver.shown(options),
              spec.labels(),
              clock.instant(),
              false);
      lookup.put(created);
      undo.commit();
      return lookup.describe(created, made);
    }
  }

  /**
   * Looks for a volume; asks the drivers where the store does not know it.
   *
   * @throws EngineException {@code get NAME: no such volume}
   */
  public Volume find(String name) {
    try (NameLocks.Held _ = locks.hold(name)) {
      return lookup.find(name);
    } catch (EngineException e) {
      throw VolumeMounts.prefixed("get " + name, e);
    }
  }

  /**
   * All volumes that pass a filter. A driver that fails or does not answer becomes a warning, and
   * its volumes are listed from the store.
   */
  public VolumeList list(VolumeFilter filter) {
    return listing.list(lookup.records(), filter);
  }

  /**
   * Removes a volume and its data.
   *
   * @param force whether a volume that does not exist is no error
   * @throws EngineException {@code get NAME: no such volume}, or CONFLICT {@code remove NAME:
   *     volume is in use - [IDS]}
   */
  public void remove(String name, boolean force) {
    String driver;
    try (NameLocks.Held _ = locks.hold(name)) {
      Volume volume = toRemove(name, force);
      if (volume == null) {
        return;
      }
      driver = volume.driver();
      removeHere(volume, force);
    }
    publish("destroy", name, Map.of("driver", driver));
  }

  private @Nullable Volume toRemove(String name, boolean force) {
    try {
      return lookup.find(name);
    } catch (EngineException e) {
      if (force && e.kind() == ErrorKind.NOT_FOUND) {
        lookup.forget(name);
        return null;
      }
      throw VolumeMounts.prefixed("get " + name, e);
    }
  }

  private void removeHere(Volume volume, boolean force) {
    String name = volume.name();
    Set<String> referring = users.of(name);
    if (!referring.isEmpty()) {
      throw EngineException.conflict(
          "remove " + name + ": volume is in use - [" + String.join(", ", referring) + "]");
    }
    activities.requireIdle(name);
    lookup.put(volume.record().asRemoving(true));
    try {
      drivers.driver(volume.driver()).remove(name);
    } catch (EngineException e) {
      if (force) {
        lookup.forget(name);
      } else {
        lookup.put(volume.record());
      }
      throw VolumeMounts.prefixed("remove " + name, e);
    }
    lookup.forget(name);
  }

  /**
   * Removes volumes of the local driver that no container refers to; never those with driver
   * options, whose data may lie elsewhere.
   *
   * @throws EngineException CONFLICT while another prune runs
   */
  public PruneReport prune(VolumeFilter filter) {
    if (!pruning.tryLock()) {
      throw EngineException.conflict("a prune operation is already running");
    }
    PruneReport report;
    try {
      report = pruneHere(filter);
    } finally {
      pruning.unlock();
    }
    publish("prune", "", Map.of("reclaimed", Long.toString(report.reclaimedBytes())));
    return report;
  }

  private PruneReport pruneHere(VolumeFilter filter) {
    List<String> removed = new ArrayList<>();
    long reclaimed = 0;
    for (Volume volume : ownVolumes(VolumeRecord::hasOptions)) {
      if (filter.matches(volume) && volume.status().users().isEmpty()) {
        long size = VolumeSize.measure(volume.mountpoint());
        try {
          remove(volume.name(), false);
          removed.add(volume.name());
          reclaimed += Math.max(0, size);
        } catch (EngineException e) {
          LOG.log(System.Logger.Level.WARNING, "prune: " + e.text(), e);
        }
      }
    }
    return new PruneReport(removed, reclaimed);
  }

  /**
   * What the volumes take whose data is surely on this host's own disk. Whoever asks while they are
   * being measured gets the same figures.
   */
  public List<VolumeUsage> usage() {
    return usage.get();
  }

  private List<VolumeUsage> measure() {
    return SharedWork.each(
        ownVolumes(VolumeRecord::liesElsewhere),
        volume ->
            new VolumeUsage(
                volume, VolumeSize.measure(volume.mountpoint()), volume.status().users().size()));
  }

  private List<Volume> ownVolumes(Predicate<VolumeRecord> excluded) {
    VolumeDriver local = drivers.driver(VolumeDrivers.DEFAULT);
    return lookup.records().values().stream()
        .filter(known -> known.driver().equals(local.name()) && !excluded.test(known))
        .map(known -> local.find(known.name()).map(held -> lookup.describe(known, held)))
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * A container refers to an existing volume from now on.
   *
   * @throws EngineException {@code get NAME: no such volume}
   */
  public Volume refer(String name, String user) {
    try (NameLocks.Held _ = locks.hold(name)) {
      Volume volume = lookup.find(name);
      users.add(name, user);
      return volume;
    } catch (EngineException e) {
      throw VolumeMounts.prefixed("get " + name, e);
    }
  }

  /**
   * After a restart of the engine: this container refers to the volume, whether or not its driver
   * answers at present.
   */
  public void restoreReference(String name, String user) {
    users.add(name, user);
  }

  /** The container no longer refers to the volume. */
  public void release(String name, String user) {
    users.remove(name, user);
  }

  /**
   * Makes the volume's data reachable.
   *
   * @return its absolute path on this host
   * @throws EngineException {@code error while mounting volume 'PATH': …} where the driver fails
   */
  public String mount(String name, VolumeUse use) {
    VolumeMounts.Mounted mounted = mounts.mount(name, use);
    publish(
        "mount",
        name,
        Map.of(
            "driver", mounted.driver(),
            "container", use.container(),
            "destination", use.destination(),
            "read/write", Boolean.toString(use.writable()),
            "propagation", use.propagation()));
    return mounted.path();
  }

  /**
   * Makes the data reachable for the engine's own purposes, such as copying files in or out, until
   * the result is closed. Nobody is told.
   */
  public OpenVolume open(String name) {
    VolumeUse use = new VolumeUse(ids.next(), "", true, "");
    return new OpenVolume(mounts.mount(name, use).path(), () -> mounts.unmount(name, use));
  }

  /** The use has ended. A volume that is gone, or a use that is not known, is no error. */
  public void unmount(String name, VolumeUse use) {
    String driver = mounts.unmount(name, use);
    if (driver != null) {
      publish("unmount", name, Map.of("driver", driver, "container", use.container()));
    }
  }

  /**
   * Fills an empty volume from the image before its first use, if its mount point says so.
   *
   * @param point a mount of a volume
   * @param container the container that is being created
   * @param rootFilesystem its mounted root file system
   * @return whether the image had something there and the volume was empty
   * @throws EngineException {@code failed to populate volume: …}; the volume is then empty again
   */
  public boolean copyUp(MountPoint point, String container, Path rootFilesystem) {
    return point.type() == MountType.VOLUME
        && point.copyUp()
        && mounts.copyUp(point, container, rootFilesystem);
  }

  /** After a restart of the engine: the container still runs and has the volume mounted there. */
  public void restore(String name, VolumeUse use) {
    mounts.restore(name, use);
  }

  /** After all {@link #restore} calls: unmounts what a crash left mounted and nobody uses. */
  public void settle() {
    drivers.driver(VolumeDrivers.DEFAULT).settle();
  }

  /** The operations on volumes as whole objects. */
  public VolumeObjects objects() {
    return objects;
  }

  /** Whether a volume that is known here has this driver; asks no driver. */
  public boolean isDriverUsed(String driver) {
    return lookup.records().values().stream().anyMatch(volume -> volume.driver().equals(driver));
  }

  /** The names of all drivers known at present, for {@code info}. */
  public List<String> driverNames() {
    return drivers.names();
  }

  private void publish(String action, String name, Map<String, String> attributes) {
    events.publish(new Event(Event.Type.VOLUME, action, name, attributes, clock.instant()));
  }
}
