package dev.berth.metrics;

import dev.berth.volume.VolumeReading;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What volumes take, and what was read and written where a volume has a device of its own. */
final class VolumeMetrics {
  private final VolumeSizes sizes;

  VolumeMetrics(VolumeSizes sizes) {
    this.sizes = sizes;
  }

  List<MetricSnapshot> collect() {
    Map<Labels, Double> bytes = new HashMap<>();
    Map<Labels, Double> inodes = new HashMap<>();
    Map<Labels, Double> users = new HashMap<>();
    Map<Labels, Double> read = new HashMap<>();
    Map<Labels, Double> written = new HashMap<>();
    for (VolumeReading reading : sizes.latest()) {
      Labels labels =
          Labels.of("volume", reading.volume().name(), "driver", reading.volume().driver());
      if (reading.sizeBytes() >= 0) {
        bytes.put(labels, (double) reading.sizeBytes());
        inodes.put(labels, (double) reading.inodes());
      }
      users.put(labels, (double) reading.users().size());
      VolumeReading.DeviceActivity device = reading.device();
      if (device != null) {
        read.put(labels, (double) device.readBytes());
        written.put(labels, (double) device.writtenBytes());
      }
    }
    return List.of(
        Families.gauge(
            "berth_volume_size_bytes", "The length of all its files, measured at times", bytes),
        Families.gauge("berth_volume_inodes", "How many files and folders it has", inodes),
        Families.gauge("berth_volume_users", "How many containers refer to it", users),
        Families.counter(
            "berth_volume_device_read_bytes", "Bytes read from the volume's own device", read),
        Families.counter(
            "berth_volume_device_written_bytes",
            "Bytes written to the volume's own device",
            written));
  }
}
