package dev.berth.volume;

import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which long operations are under way on which volumes. One that only reads lets others read and
 * containers go on; one that changes the volume as a whole shuts everybody out. Nobody waits: who
 * comes too late is told what is going on.
 */
final class VolumeActivities {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, List<Activity>> underWay = new HashMap<>();

  /** An operation under way; closing it ends it. */
  final class Activity implements AutoCloseable {
    private final String volume;
    private final String participle;
    private final boolean exclusive;

    private Activity(String volume, String participle, boolean exclusive) {
      this.volume = volume;
      this.participle = participle;
      this.exclusive = exclusive;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        List<Activity> of = underWay.getOrDefault(volume, new ArrayList<>());
        of.remove(this);
        if (of.isEmpty()) {
          underWay.remove(volume);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Begins to read a volume.
   *
   * @param participle what is done to it, as in "is being exported"
   * @throws EngineException CONFLICT while it is being changed
   */
  Activity read(String volume, String participle) {
    return begin(volume, participle, false);
  }

  /**
   * Begins to change or make a volume as a whole.
   *
   * @throws EngineException CONFLICT while anything else is done to it
   */
  Activity change(String volume, String participle) {
    return begin(volume, participle, true);
  }

  private Activity begin(String volume, String participle, boolean exclusive) {
    lock.lock();
    try {
      List<Activity> of = underWay.computeIfAbsent(volume, name -> new ArrayList<>());
      for (Activity other : of) {
        if (exclusive || other.exclusive) {
          throw conflict(other);
        }
      }
      Activity begun = new Activity(volume, participle, exclusive);
      of.add(begun);
      return begun;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses to mount, make or find for use what is being changed. */
  void requireUnchanged(String volume) {
    refuse(volume, true);
  }

  /** Refuses to remove what anything is done to. */
  void requireIdle(String volume) {
    refuse(volume, false);
  }

  private void refuse(String volume, boolean onlyExclusive) {
    lock.lock();
    try {
      for (Activity other : underWay.getOrDefault(volume, List.of())) {
        if (other.exclusive || !onlyExclusive) {
          throw conflict(other);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static EngineException conflict(Activity other) {
    return EngineException.conflict(
        "volume " + other.volume + " is being " + other.participle + "; try again afterwards");
  }
}
