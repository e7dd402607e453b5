package dev.berth.metrics;

import dev.berth.volume.VolumeFilter;
import dev.berth.volume.VolumeReading;
import dev.berth.volume.Volumes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What volumes take, as it was measured last. Measuring walks whole trees and may wait for plugins,
 * so nobody who asks waits for it: asking lets one thread measure again where the last measurement
 * is old, and old is ten times as long as measuring took, at least a minute. Safe for use by any
 * thread.
 */
final class VolumeSizes {
  private static final System.Logger LOG = System.getLogger(VolumeSizes.class.getName());
  private static final Duration LEAST_AGE = Duration.ofMinutes(1);
  private static final int REUSE = 10;

  private final Volumes volumes;
  private final AtomicBoolean measuring = new AtomicBoolean();
  private volatile Measured last = new Measured(List.of(), System.nanoTime());

  private record Measured(List<VolumeReading> readings, long validUntilNanos) {}

  VolumeSizes(Volumes volumes) {
    this.volumes = volumes;
  }

  /** What was measured last; nothing before the first measurement has ended. */
  List<VolumeReading> latest() {
    Measured known = last;
    if (System.nanoTime() - known.validUntilNanos() >= 0 && measuring.compareAndSet(false, true)) {
      Thread.ofVirtual().name("volume-sizes").start(this::measure);
    }
    return known.readings();
  }

  private void measure() {
    long begin = System.nanoTime();
    List<VolumeReading> readings = last.readings();
    try {
      readings = new ArrayList<>(volumes.objects().read(volumes.list(VolumeFilter.none()).volumes()));
    } catch (IOException | RuntimeException failure) {
      LOG.log(System.Logger.Level.WARNING, "the sizes of volumes were not measured", failure);
    } finally {
      long end = System.nanoTime();
      long age = Math.max(LEAST_AGE.toNanos(), REUSE * (end - begin));
      last = new Measured(List.copyOf(readings), end + age);
      measuring.set(false);
    }
  }
}
