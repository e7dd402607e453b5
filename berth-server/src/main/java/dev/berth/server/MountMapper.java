package dev.berth.server;

import dev.berth.api.BindOptions;
import dev.berth.api.ImageOptions;
import dev.berth.api.Mount;
import dev.berth.api.MountDriver;
import dev.berth.api.TmpfsOptions;
import dev.berth.api.VolumeOptions;
import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;
import dev.berth.volume.MountPoint;
import dev.berth.volume.MountRequest;
import org.jspecify.annotations.Nullable;

/** Mounts as they are asked for, both ways, and as a container has them. */
final class MountMapper {
  private MountMapper() {}

  /**
   * A mount as the engine takes it.
   *
   * @throws EngineException of kind INVALID for what this version of the API does not have
   */
  static MountRequest request(Mount mount, ApiVersion version) {
    requireKnown(mount, version);
    requireMatching(mount, version);
    TmpfsOptions tmpfs = isOf(mount, "tmpfs", version) ? mount.tmpfsOptions() : null;
    ImageOptions image = mount.imageOptions();
    return new MountRequest(
        mount.type(),
        mount.source(),
        mount.target(),
        mount.readOnly(),
        mount.consistency(),
        bind(mount, version),
        volume(isOf(mount, "volume", version) ? mount.volumeOptions() : null),
        tmpfs == null
            ? null
            : new MountRequest.TmpfsOptions(tmpfs.sizeBytes(), tmpfs.mode(), tmpfs.options()),
        image == null ? null : new MountRequest.ImageOptions(image.subpath()));
  }

  private static void requireKnown(Mount mount, ApiVersion version) {
    BindOptions bind = mount.bindOptions();
    VolumeOptions volume = mount.volumeOptions();
    if (!version.atLeast(44)
        && mount.type().equals("bind")
        && bind != null
        && bind.readOnlyForceRecursive()) {
      throw EngineException.invalid("BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer");
    }
    if (!version.atLeast(45) && volume != null && !volume.subpath().isEmpty()) {
      throw EngineException.invalid("VolumeOptions.Subpath needs API v1.45 or newer");
    }
    if (!version.atLeast(48) && mount.type().equals("image")) {
      throw EngineException.invalid("Mount type \"Image\" needs API v1.48 or newer");
    }
  }

  /** Since 1.42 options must be of the mount's own type; before, others were passed over. */
  private static void requireMatching(Mount mount, ApiVersion version) {
    if (version.atLeast(42)) {
      requireMatching(mount, "volume", "VolumeOptions", mount.volumeOptions());
      requireMatching(mount, "bind", "BindOptions", mount.bindOptions());
      requireMatching(mount, "tmpfs", "TmpfsOptions", mount.tmpfsOptions());
    }
  }

  private static void requireMatching(
      Mount mount, String type, String field, @Nullable Object options) {
    if (options != null && !mount.type().equals(type)) {
      throw EngineException.invalid(
          field + " must not be specified on mount type " + GoQuote.quote(mount.type()));
    }
  }

  private static boolean isOf(Mount mount, String type, ApiVersion version) {
    return version.atLeast(42) || mount.type().equals(type);
  }

  /** For clients before 1.44, read-only says nothing of the mounts below. */
  private static MountRequest.@Nullable BindOptions bind(Mount mount, ApiVersion version) {
    BindOptions bind = mount.bindOptions();
    boolean alone = !version.atLeast(44) && mount.readOnly() && mount.type().equals("bind");
    if (bind == null) {
      return alone ? new MountRequest.BindOptions("", false, false, true, false) : null;
    }
    return new MountRequest.BindOptions(
        bind.propagation(),
        version.atLeast(40) && bind.nonRecursive(),
        version.atLeast(42) && bind.createMountpoint(),
        alone || bind.readOnlyNonRecursive(),
        bind.readOnlyForceRecursive());
  }

  private static MountRequest.@Nullable VolumeOptions volume(@Nullable VolumeOptions volume) {
    if (volume == null) {
      return null;
    }
    MountDriver driver = volume.driverConfig();
    return new MountRequest.VolumeOptions(
        volume.noCopy(),
        volume.labels(),
        driver == null ? null : new MountRequest.DriverChoice(driver.name(), driver.options()),
        volume.subpath());
  }

  static Mount json(MountRequest mount) {
    MountRequest.BindOptions bind = mount.bind();
    MountRequest.TmpfsOptions tmpfs = mount.tmpfs();
    MountRequest.ImageOptions image = mount.image();
    return new Mount(
        mount.type(),
        mount.source(),
        mount.target(),
        mount.readOnly(),
        mount.consistency(),
        bind == null
            ? null
            : new BindOptions(
                bind.propagation(),
                bind.nonRecursive(),
                bind.createMountpoint(),
                bind.readOnlyNonRecursive(),
                bind.readOnlyForceRecursive()),
        volumeJson(mount.volume()),
        image == null ? null : new ImageOptions(image.subpath()),
        tmpfs == null ? null : new TmpfsOptions(tmpfs.sizeBytes(), tmpfs.mode(), tmpfs.options()));
  }

  private static @Nullable VolumeOptions volumeJson(MountRequest.@Nullable VolumeOptions volume) {
    if (volume == null) {
      return null;
    }
    MountRequest.DriverChoice driver = volume.driver();
    return new VolumeOptions(
        volume.noCopy(),
        volume.labels(),
        volume.subpath(),
        driver == null ? null : new MountDriver(driver.name(), driver.options()));
  }

  static dev.berth.api.MountPoint point(MountPoint mount) {
    return new dev.berth.api.MountPoint(
        mount.type().word(),
        mount.name(),
        mount.source(),
        mount.destination(),
        mount.driver(),
        mount.mode(),
        mount.writable(),
        mount.propagation());
  }
}
