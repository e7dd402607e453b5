package dev.berth.runtime.driver.crun;

import dev.berth.runtime.Cgroups;
import dev.berth.runtime.LaunchSpec;

/** Names of cgroups. */
final class CgroupPaths {
  private static final String DEFAULT_PARENT = "/docker";
  private static final String DEFAULT_SLICE = "system.slice";
  private static final String SCOPE_PREFIX = "docker";

  private CgroupPaths() {}

  /** As the runtime program takes it: a path, or for systemd {@code slice:prefix:name}. */
  static String of(LaunchSpec spec, Cgroups.Driver driver) {
    String parent = spec.isolation().cgroupParent();
    if (driver == Cgroups.Driver.SYSTEMD) {
      return (parent == null ? DEFAULT_SLICE : parent) + ":" + SCOPE_PREFIX + ":" + spec.id();
    }
    String path = (parent == null ? DEFAULT_PARENT : parent) + "/" + spec.id();
    return path.startsWith("/") ? path : "/" + path;
  }

  /** Where that is in the hierarchy. */
  static String inTree(String cgroupsPath) {
    String[] parts = cgroupsPath.split(":");
    if (parts.length != 3) {
      return cgroupsPath.replaceAll("/+", "/");
    }
    StringBuilder path = new StringBuilder("/");
    String slice = parts[0].replaceFirst("\\.slice$", "");
    // a-b.slice lies in a.slice
    for (int dash = slice.indexOf('-'); dash > 0; dash = slice.indexOf('-', dash + 1)) {
      path.append(slice, 0, dash).append(".slice/");
    }
    return path.append(parts[0])
        .append('/')
        .append(parts[1])
        .append('-')
        .append(parts[2])
        .append(".scope")
        .toString();
  }
}
