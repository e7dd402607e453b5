package dev.berth.volume;

import org.jspecify.annotations.Nullable;

/**
 * One mount of a container, as planned at its creation and kept with it. Until the engine has made
 * or found the volume or image behind it, the name of an anonymous volume is empty and so is the
 * source of a volume or image; {@link #withVolume} and {@link #withImage} fill them in.
 *
 * @param type what is mounted
 * @param name the volume's name, or the image as the user named it; empty otherwise
 * @param source a path of the host; empty for tmpfs
 * @param destination the cleaned absolute path in the container
 * @param driver the volume's driver; empty otherwise
 * @param mode the user's mode words as {@code inspect} shows them
 * @param writable whether it is writable
 * @param propagation the user's or the default one; empty for all but binds and images
 * @param copyUp whether an empty volume is filled from the image
 * @param createSource whether a missing source is made as a directory
 * @param anonymous whether the volume goes with the container ({@code rm -v}, {@code --rm})
 * @param request what it came from; null for an image's {@code VOLUME} and for {@code -v /path}
 */
public record MountPoint(
    MountType type,
    String name,
    String source,
    String destination,
    String driver,
    String mode,
    boolean writable,
    String propagation,
    boolean copyUp,
    boolean createSource,
    boolean anonymous,
    @Nullable MountRequest request) {

  /** The volume that the engine has to make or find for it. */
  public VolumeSpec volumeSpec() {
    MountRequest.VolumeOptions options = request == null ? null : request.volume();
    MountRequest.DriverChoice choice = options == null ? null : options.driver();
    return new VolumeSpec(
        name,
        driver,
        choice == null ? null : choice.options(),
        options == null ? null : options.labels());
  }

  /** The same with the volume that is behind it; its mode then says that it may be relabelled. */
  public MountPoint withVolume(Volume volume) {
    boolean shared =
        mode.isEmpty() && request != null && volume.driver().equals(VolumeDrivers.DEFAULT);
    return new MountPoint(
        type,
        volume.name(),
        volume.mountpoint(),
        destination,
        volume.driver(),
        shared ? "z" : mode,
        writable,
        propagation,
        copyUp,
        createSource,
        anonymous,
        request);
  }

  /** The same volume under another name, at another path of the host. */
  public MountPoint renamed(String otherName, String otherSource) {
    return new MountPoint(
        type,
        otherName,
        otherSource,
        destination,
        driver,
        mode,
        writable,
        propagation,
        copyUp,
        createSource,
        false,
        request == null ? null : request.withSource(otherName));
  }

  /** The same with the path at which the engine has made the image's content visible. */
  public MountPoint withImage(String path) {
    return new MountPoint(
        type,
        name,
        path,
        destination,
        driver,
        mode,
        writable,
        propagation,
        copyUp,
        createSource,
        anonymous,
        request);
  }

  /** What of the volume or image is mounted; empty for all of it. */
  public String subpath() {
    if (request == null) {
      return "";
    }
    if (request.volume() != null) {
      return request.volume().subpath();
    }
    return request.image() == null ? "" : request.image().subpath();
  }

  /** The use of its volume by a container. */
  public VolumeUse use(String container) {
    return new VolumeUse(container, destination, writable, propagation);
  }

  /** The bind options; the defaults where the user gave none. */
  public MountRequest.BindOptions bindOptions() {
    MountRequest.BindOptions given = request == null ? null : request.bind();
    return given == null ? MountRequest.BindOptions.ofPropagation("") : given;
  }

  /** The mount options of a tmpfs, as text for the kernel; empty for other types. */
  public String tmpfsOptions() {
    return request == null || type != MountType.TMPFS
        ? ""
        : TmpfsText.of(request.tmpfs(), request.readOnly());
  }

  MountPoint withPropagation(String other) {
    return new MountPoint(
        type,
        name,
        source,
        destination,
        driver,
        mode,
        writable,
        other,
        copyUp,
        createSource,
        anonymous,
        request);
  }

  MountPoint inherited(boolean mayWrite) {
    return new MountPoint(
        type,
        name,
        source,
        destination,
        driver,
        "",
        writable && mayWrite,
        propagation,
        false,
        createSource,
        anonymous,
        request);
  }
}
