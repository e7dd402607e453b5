package dev.berth.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.api.Volume;
import dev.berth.api.VolumeCreateRequest;
import dev.berth.volume.VolumeSpec;
import dev.berth.volume.VolumeUsage;
import java.time.temporal.ChronoField;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Volumes as JSON, and the requests that make them. */
final class VolumeMapper {
  private static final System.Logger LOG = System.getLogger(VolumeMapper.class.getName());

  private VolumeMapper() {}

  static VolumeSpec spec(VolumeCreateRequest request) {
    return new VolumeSpec(request.name(), request.driver(), request.driverOpts(), request.labels());
  }

  static Volume json(dev.berth.volume.Volume volume) {
    return json(volume, null);
  }

  static Volume usage(VolumeUsage usage) {
    return json(usage.volume(), new Volume.UsageData(usage.references(), usage.sizeBytes()));
  }

  private static Volume json(dev.berth.volume.Volume volume, Volume.@Nullable UsageData usageData) {
    return new Volume(
        GoTime.format(volume.record().created().with(ChronoField.NANO_OF_SECOND, 0)),
        volume.driver(),
        volume.record().labels(),
        volume.mountpoint(),
        volume.name(),
        volume.record().options(),
        volume.status().scope().word(),
        details(volume),
        usageData);
  }

  private static @Nullable Map<String, Object> details(dev.berth.volume.Volume volume) {
    String details = volume.status().details();
    if (details == null) {
      return null;
    }
    try {
      return Json.MAPPER.readValue(details, new TypeReference<Map<String, Object>>() {});
    } catch (JsonProcessingException malformed) {
      LOG.log(
          System.Logger.Level.WARNING, "the driver of " + volume.name() + " tells no JSON object");
      return null;
    }
  }
}
