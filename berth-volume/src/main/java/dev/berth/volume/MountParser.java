package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.volume.MountRequest.BindOptions;
import dev.berth.volume.MountRequest.DriverChoice;
import dev.berth.volume.MountRequest.VolumeOptions;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The grammar of mounts: {@code -v} strings, the long form, {@code --volumes-from}, {@code
 * --tmpfs}. Nothing here touches the disk except the check that a bind's source exists, which is
 * handed in. All refusals are INVALID with Docker's text.
 *
 * @see <a href="https://docs.docker.com/engine/storage/bind-mounts/">bind mounts</a>
 */
final class MountParser {
  private static final String DEFAULT_PROPAGATION = "rprivate";
  private static final int MOST_PARTS = 4;

  private final Predicate<String> exists;

  /**
   * @param exists whether a path of the host exists
   */
  MountParser(Predicate<String> exists) {
    this.exists = exists;
  }

  /** Parses {@code destination}, {@code source:destination} or {@code source:destination:mode}. */
  MountPoint parseBind(String text, String volumeDriver) {
    String[] parts = text.split(":", MOST_PARTS);
    if (parts[0].isEmpty() || parts.length == MOST_PARTS) {
      throw invalidSpecification(text);
    }
    if (parts.length == 2 && MountMode.parse(parts[1]).isPresent()) {
      throw invalidSpecification(text);
    }
    String source = parts.length == 1 ? "" : parts[0];
    String target = parts.length == 1 ? parts[0] : parts[1];
    String modeText = parts.length == 3 ? parts[2] : "";
    MountMode mode = MountMode.parse(modeText).orElseThrow(() -> invalidMode(modeText));
    boolean bind = CleanPath.isAbsolute(source);
    boolean driverGiven = !volumeDriver.isEmpty() && !bind;
    VolumeOptions volume =
        driverGiven || mode.noCopy()
            ? new VolumeOptions(
                mode.noCopy(), null, driverGiven ? new DriverChoice(volumeDriver, null) : null, "")
            : null;
    MountRequest request =
        new MountRequest(
            bind ? "bind" : "volume",
            source,
            target,
            !mode.writable(),
            "",
            mode.propagation().map(BindOptions::ofPropagation).orElse(null),
            volume,
            null,
            null);
    try {
      check(request, path -> true);
    } catch (EngineException e) {
      throw EngineException.invalid("invalid volume specification: '" + text + "': " + e.text());
    }
    return pointOf(request, modeText, true);
  }

  private static EngineException invalidSpecification(String text) {
    return EngineException.invalid("invalid volume specification: '" + text + "'");
  }

  private static EngineException invalidMode(String mode) {
    return EngineException.invalid("invalid mode: " + mode);
  }

  /** Checks one mount of the long form. */
  void check(MountRequest request) {
    check(request, exists);
  }

  /** Parses one mount of the long form. */
  MountPoint parse(MountRequest request) {
    check(request, exists);
    boolean create = request.bind() != null && request.bind().createMountpoint();
    return pointOf(request, "", create);
  }

  private void check(MountRequest request, Predicate<String> sourceExists) {
    if (request.target().isEmpty()) {
      throw refused(request, "field Target must not be empty");
    }
    refuseRoot(request.target()).ifPresent(reason -> refuse(request, reason));
    refuseRelative(request.target()).ifPresent(reason -> refuse(request, reason));
    MountType type =
        MountType.of(request.type()).orElseThrow(() -> refused(request, "mount type unknown"));
    switch (type) {
      case BIND -> checkBind(request, sourceExists);
      case VOLUME -> checkVolume(request);
      case TMPFS -> checkTmpfs(request);
      case IMAGE -> checkImage(request);
    }
  }

  private static void checkBind(MountRequest request, Predicate<String> sourceExists) {
    require(request, !request.source().isEmpty(), "field Source must not be empty");
    BindOptions bind = request.bind();
    if (bind != null && !bind.propagation().isEmpty()) {
      require(
          request,
          MountMode.isPropagation(bind.propagation()),
          "invalid propagation mode: " + bind.propagation());
    }
    require(request, request.volume() == null, "field VolumeOptions must not be specified");
    require(request, request.image() == null, "field ImageOptions must not be specified");
    refuseRelative(request.source()).ifPresent(reason -> refuse(request, reason));
    if (bind != null) {
      checkReadOnly(request.readOnly(), bind);
    }
    require(
        request,
        (bind != null && bind.createMountpoint()) || sourceExists.test(request.source()),
        "bind source path does not exist: " + request.source());
  }

  /** Docker says so only when the container starts; nothing is gained by waiting. */
  private static void checkReadOnly(boolean readOnly, BindOptions bind) {
    String conflict = "";
    if (!readOnly && bind.readOnlyNonRecursive()) {
      conflict = "!ReadOnly && BindOptions.ReadOnlyNonRecursive";
    } else if (!readOnly && bind.readOnlyForceRecursive()) {
      conflict = "!ReadOnly && BindOptions.ReadOnlyForceRecursive";
    } else if (bind.readOnlyNonRecursive() && bind.readOnlyForceRecursive()) {
      conflict = "ReadOnlyNonRecursive && BindOptions.ReadOnlyForceRecursive";
    }
    if (!conflict.isEmpty()) {
      throw EngineException.invalid("mount options conflict: " + conflict);
    }
  }

  private static void checkVolume(MountRequest request) {
    require(request, request.bind() == null, "field BindOptions must not be specified");
    require(request, request.image() == null, "field ImageOptions must not be specified");
    boolean anonymous = request.source().isEmpty();
    VolumeOptions volume = request.volume();
    if (volume != null && !volume.subpath().isEmpty()) {
      require(request, !anonymous, "must not set Subpath when using anonymous volumes");
      requireLocal(request, volume.subpath());
    }
    require(
        request,
        !request.readOnly() || !anonymous,
        "must not set ReadOnly mode when using anonymous volumes");
  }

  private static void checkTmpfs(MountRequest request) {
    require(request, request.bind() == null, "field BindOptions must not be specified");
    require(request, request.image() == null, "field ImageOptions must not be specified");
    require(request, request.source().isEmpty(), "field Source must not be specified");
    try {
      TmpfsText.of(request.tmpfs(), request.readOnly());
    } catch (EngineException e) {
      throw refused(request, e.text());
    }
  }

  private static void checkImage(MountRequest request) {
    require(request, request.bind() == null, "field BindOptions must not be specified");
    require(request, request.volume() == null, "field VolumeOptions must not be specified");
    require(request, !request.source().isEmpty(), "field Source must not be empty");
    if (request.image() != null && !request.image().subpath().isEmpty()) {
      requireLocal(request, request.image().subpath());
    }
  }

  private static void requireLocal(MountRequest request, String subpath) {
    require(
        request, CleanPath.isLocal(subpath), "subpath must be a relative path within the volume");
  }

  private static void require(MountRequest request, boolean holds, String otherwise) {
    if (!holds) {
      throw refused(request, otherwise);
    }
  }

  private static void refuse(MountRequest request, String reason) {
    throw refused(request, reason);
  }

  private static EngineException refused(MountRequest request, String reason) {
    return EngineException.invalid(
        "invalid mount config for type \"" + request.type() + "\": " + reason);
  }

  private static Optional<String> refuseRoot(String path) {
    return CleanPath.of(path.replace('\\', '/')).equals("/")
        ? Optional.of("invalid specification: destination can't be '/'")
        : Optional.empty();
  }

  private static Optional<String> refuseRelative(String path) {
    return CleanPath.isAbsolute(path.replace('\\', '/'))
        ? Optional.empty()
        : Optional.of("invalid mount path: '" + path + "' mount path must be absolute");
  }

  /** Checks a {@code --tmpfs}. */
  static void checkTmpfs(String destination, String options) {
    TmpfsText.check(options);
    refuseRoot(destination)
        .or(() -> refuseRelative(destination))
        .ifPresent(reason -> {
          throw EngineException.invalid(reason);
        });
  }

  /** Checks the destination of an anonymous volume that is given by its path only. */
  static void checkDeclared(String destination) {
    refuseRoot(destination)
        .or(() -> refuseRelative(destination))
        .ifPresent(reason -> {
          throw EngineException.invalid(
              "invalid volume specification: '"
                  + destination
                  + "': invalid mount config for type \"volume\": "
                  + reason);
        });
  }

  private static MountPoint pointOf(MountRequest request, String mode, boolean createSource) {
    MountType type = MountType.of(request.type()).orElseThrow();
    boolean bind = type == MountType.BIND;
    VolumeOptions volume = request.volume();
    DriverChoice driver = volume == null ? null : volume.driver();
    BindOptions options = request.bind();
    String propagation =
        options == null || options.propagation().isEmpty()
            ? DEFAULT_PROPAGATION
            : options.propagation();
    return new MountPoint(
        type,
        bind ? "" : request.source(),
        bind ? CleanPath.of(request.source()) : "",
        CleanPath.of(request.target()),
        type == MountType.VOLUME && driver != null ? driver.name() : "",
        mode,
        !request.readOnly() && type != MountType.IMAGE,
        bind || type == MountType.IMAGE ? propagation : "",
        type == MountType.VOLUME && (volume == null || !volume.noCopy()),
        bind && createSource,
        type == MountType.VOLUME && request.source().isEmpty(),
        request);
  }

  /** The volume of a path that the user or the image declares, without source or mode. */
  static MountPoint anonymous(String destination, String driver) {
    return new MountPoint(
        MountType.VOLUME, "", "", destination, driver, "", true, "", true, false, true, null);
  }

  /** Parses {@code container[:mode]}. */
  static VolumesFrom parseVolumesFrom(String text) {
    if (text.isEmpty()) {
      throw EngineException.invalid("volumes-from specification cannot be an empty string");
    }
    int colon = text.indexOf(':');
    String container = colon < 0 ? text : text.substring(0, colon);
    String modeText = colon < 0 ? "" : text.substring(colon + 1);
    MountMode mode = MountMode.parse(modeText).orElseThrow(() -> invalidMode(modeText));
    if (mode.propagation().isPresent() || mode.noCopy()) {
      throw invalidMode(modeText);
    }
    return new VolumesFrom(container, mode.writable());
  }

  /**
   * Whose mounts are taken over.
   *
   * @param writable whether those that are writable stay so
   */
  record VolumesFrom(String container, boolean writable) {}
}
