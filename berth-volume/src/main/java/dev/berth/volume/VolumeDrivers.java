package dev.berth.volume;

import dev.berth.core.EngineException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The drivers there are: the local one, and whatever plugins are found. */
public interface VolumeDrivers {
  /** The driver of volumes for which nobody asks otherwise. */
  String DEFAULT = "local";

  /**
   * The driver of a name.
   *
   * @throws EngineException NOT_FOUND when there is none; its text is Docker's
   */
  VolumeDriver driver(String name);

  /** Every driver known at present, without waiting for any. */
  List<VolumeDriver> all();

  /** The names of the drivers that are known to hold volumes, sorted; for {@code info}. */
  default List<String> names() {
    return all().stream().map(VolumeDriver::name).sorted().toList();
  }

  /** A fixed set of drivers. */
  static VolumeDrivers of(VolumeDriver... drivers) {
    Map<String, VolumeDriver> byName = new LinkedHashMap<>();
    for (VolumeDriver driver : drivers) {
      byName.put(driver.name(), driver);
    }
    return new VolumeDrivers() {
      @Override
      public VolumeDriver driver(String name) {
        VolumeDriver driver = byName.get(name);
        if (driver == null) {
          throw notFound(name);
        }
        return driver;
      }

      @Override
      public List<VolumeDriver> all() {
        return List.copyOf(byName.values());
      }
    };
  }

  /** What Docker answers where no driver has a name. */
  static EngineException notFound(String name) {
    return EngineException.notFound(
        "error looking up volume plugin " + name + ": plugin \"" + name + "\" not found");
  }
}
