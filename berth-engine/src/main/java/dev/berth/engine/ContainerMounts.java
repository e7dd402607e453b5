package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.core.UndoStack;
import dev.berth.linux.FileCalls;
import dev.berth.linux.KernelFeature;
import dev.berth.linux.LinuxException;
import dev.berth.linux.MountFlags;
import dev.berth.linux.Mounts;
import dev.berth.runtime.OciMount;
import dev.berth.volume.BindSource;
import dev.berth.volume.MountOptions;
import dev.berth.volume.MountPlan;
import dev.berth.volume.MountPoint;
import dev.berth.volume.MountRequest;
import dev.berth.volume.MountType;
import dev.berth.volume.PinnedPath;
import dev.berth.volume.TmpfsMount;
import dev.berth.volume.Volume;
import dev.berth.volume.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Joins containers with volumes, host directories and temporary file systems. */
final class ContainerMounts {
  /** The flags of statfs(2) have the values of those of mount(2). */
  private static final Map<Long, String> RESTRICTIONS =
      Map.of(
          MountFlags.MS_RDONLY, "ro",
          MountFlags.MS_NOSUID, "nosuid",
          MountFlags.MS_NODEV, "nodev",
          MountFlags.MS_NOEXEC, "noexec");

  private final Features features;
  private final ContainerTable table;

  ContainerMounts(Features features, ContainerTable table) {
    this.features = features;
    this.table = table;
  }

  /** What will be mounted. Pure, but for looking whether the sources of binds exist. */
  MountPlan plan(ContainerSpec spec) {
    StorageOptions storage = spec.host().storage();
    return MountPlan.of(
        new MountOptions(
            storage.binds(),
            storage.mounts(),
            storage.tmpfs(),
            storage.volumesFrom(),
            spec.config().volumes(),
            storage.volumeDriver()),
        reference -> table.require(reference).definition().mounts(),
        BindSource::exists,
        features.settings().dataRoot());
  }

  /** Makes or finds the volumes of a new container, which refers to them from now on. */
  List<MountPoint> claim(String id, MountPlan plan, UndoStack undo) {
    List<MountPoint> points = new ArrayList<>();
    for (MountPoint point : plan.points()) {
      points.add(point.type() == MountType.VOLUME ? claim(id, point, undo) : point);
    }
    return points;
  }

  private MountPoint claim(String id, MountPoint point, UndoStack undo) {
    boolean fresh = point.name().isEmpty();
    Volume volume = features.volumes().create(point.volumeSpec(), id);
    undo.push(
        "let go of volume " + volume.name(),
        () -> {
          features.volumes().release(volume.name(), id);
          if (fresh) {
            features.volumes().remove(volume.name(), true);
          }
        });
    return point.withVolume(volume);
  }

  /** Fills new volumes with what the image has at their place. */
  void fill(String id, List<MountPoint> points) {
    List<MountPoint> wanted =
        points.stream()
            .filter(point -> point.type() == MountType.VOLUME && point.copyUp())
            .toList();
    if (wanted.isEmpty()) {
      return;
    }
    Path root = features.roots().mount(id);
    try {
      wanted.forEach(point -> features.volumes().copyUp(point, id, root));
    } finally {
      features.roots().unmount(id);
    }
  }

  /** After a restart of the engine: the container still refers to its volumes. */
  void restore(ContainerRecord definition, boolean running) {
    for (MountPoint point : volumes(definition)) {
      features.volumes().restoreReference(point.name(), definition.id());
      if (running) {
        features.volumes().restore(point.name(), point.use(definition.id()));
      }
    }
  }

  private static List<MountPoint> volumes(ContainerRecord definition) {
    return definition.mounts().stream().filter(point -> point.type() == MountType.VOLUME).toList();
  }

  /**
   * Makes everything reachable and says how to mount it.
   *
   * @param files of the container's root
   */
  List<OciMount> mount(ContainerRecord definition, ImageFiles files, UndoStack undo) {
    List<OciMount> mounts = new ArrayList<>();
    int index = 0;
    for (MountPoint point : definition.mounts()) {
      mounts.add(
          switch (point.type()) {
            case BIND -> bind(point, source(definition, point, index, undo));
            case VOLUME -> volume(definition, point, index, undo);
            case TMPFS ->
                tmpfs(point.destination(), List.of(point.tmpfsOptions().split(",")), files);
            case IMAGE -> image(definition, point, index, undo);
          });
      index++;
    }
    for (TmpfsMount tmpfs : tmpfs(definition)) {
      mounts.add(tmpfs(tmpfs.destination(), words(tmpfs.options()), files));
    }
    return mounts;
  }

  private static List<TmpfsMount> tmpfs(ContainerRecord definition) {
    List<TmpfsMount> mounts = new ArrayList<>();
    if (definition.effective().host().storage().tmpfs() != null) {
      definition
          .effective()
          .host()
          .storage()
          .tmpfs()
          .forEach((destination, options) -> mounts.add(new TmpfsMount(destination, options)));
    }
    return mounts;
  }

  private static List<String> words(String options) {
    Set<String> words = new LinkedHashSet<>(List.of("noexec", "nosuid", "nodev"));
    for (String word : options.isEmpty() ? new String[0] : options.split(",")) {
      words.remove("no" + word);
      if (word.startsWith("no")) {
        words.remove(word.substring(2));
      }
      words.add(word);
    }
    return List.copyOf(words);
  }

  private static OciMount tmpfs(String destination, List<String> options, ImageFiles files) {
    List<String> words = new ArrayList<>(options);
    words.removeIf(String::isEmpty);
    if (words.stream().noneMatch(word -> word.startsWith("mode="))) {
      files
          .directoryPermissions(destination)
          .ifPresent(mode -> words.add(String.format(Locale.ROOT, "mode=%o", mode)));
    }
    return new OciMount(destination, "tmpfs", "tmpfs", words);
  }

  private String source(ContainerRecord definition, MountPoint point, int index, UndoStack undo) {
    String source = source(point);
    if (!alone(point)) {
      return source;
    }
    Path place = freshPlace(definition, index);
    // Runtimes take what is mounted below along, whatever they are told.
    PinnedPath pinned = PinnedPath.pinAlone(source, place);
    undo.push("take away the mount " + place, pinned::close);
    return pinned.path().toString();
  }

  private static boolean alone(MountPoint point) {
    return point.type() == MountType.BIND && point.bindOptions().nonRecursive();
  }

  private static String source(MountPoint point) {
    if (point.createSource()) {
      BindSource.createIfMissing(point.source());
    } else if (!BindSource.exists(point.source())) {
      throw EngineException.invalid(
          "invalid mount config for type \"bind\": bind source path does not exist: "
              + point.source());
    }
    return point.source();
  }

  private static OciMount bind(MountPoint point, String source) {
    MountRequest.BindOptions options = point.bindOptions();
    List<String> words = new ArrayList<>();
    words.add(options.nonRecursive() ? "bind" : "rbind");
    if (!point.writable()) {
      boolean recursive = !options.nonRecursive() && !options.readOnlyNonRecursive();
      words.add(recursive && recursiveReadOnly(options, source) ? "rro" : "ro");
    }
    words.add(point.propagation().isEmpty() ? "rprivate" : point.propagation());
    words.addAll(restrictions(source));
    return new OciMount(point.destination(), "bind", source, words);
  }

  /** Below a file nothing is mounted, and crun 1.8 opens as a directory what is to be "rro". */
  private static boolean recursiveReadOnly(MountRequest.BindOptions options, String source) {
    if (!Files.isDirectory(Path.of(source))) {
      return false;
    }
    boolean available = KernelFeature.MOUNT_SETATTR_CALL.isAvailable();
    if (!available && options.readOnlyForceRecursive()) {
      throw EngineException.invalid(
          "recursively read-only mounts need mount_setattr(2) of "
              + KernelFeature.MOUNT_SETATTR_CALL.requirement());
    }
    return available;
  }

  /** What the source is mounted with, since a runtime may lift what is not said again. */
  private static List<String> restrictions(String source) {
    List<String> words = new ArrayList<>();
    try {
      long flags = FileCalls.statfs(source).flags();
      RESTRICTIONS.forEach((flag, word) -> {
        if ((flags & flag) != 0) {
          words.add(word);
        }
      });
    } catch (LinuxException failure) {
      // The runtime cannot mount it either, and says so.
      Quietly.note("looking at " + source, failure);
    }
    return words;
  }

  private OciMount volume(ContainerRecord definition, MountPoint point, int index, UndoStack undo) {
    String id = definition.id();
    String path = features.volumes().mount(point.name(), point.use(id));
    undo.push(
        "unmount volume " + point.name(),
        () -> features.volumes().unmount(point.name(), point.use(id)));
    String source = point.subpath().isEmpty() ? path : pin(definition, path, point, index, undo);
    return bind(point, source);
  }

  /** Mounts what a subpath means at a place of the engine's own; the launch takes it away. */
  private String pin(
      ContainerRecord definition, String base, MountPoint point, int index, UndoStack undo) {
    Path place = freshPlace(definition, index);
    PinnedPath pinned = PinnedPath.pin(base, point.subpath(), place);
    undo.push("take away the mount " + place, pinned::close);
    return pinned.path().toString();
  }

  private Path freshPlace(ContainerRecord definition, int index) {
    Path place = ContainerDirectory.of(features.settings(), definition.id()).mount(index);
    try {
      Files.createDirectories(place.getParent());
      Mounts.detachIfMounted(place.toString());
      Files.deleteIfExists(place);
    } catch (IOException failure) {
      throw EngineException.internal("a place for a mount could not be made", failure);
    }
    return place;
  }

  private OciMount image(ContainerRecord definition, MountPoint point, int index, UndoStack undo) {
    String id = imageMountId(definition, index);
    features.roots().prepare(id, features.images().apply(point.name()).id(), 0);
    undo.push("remove image mount " + point.name(), () -> features.roots().remove(id));
    String path = features.roots().mount(id).toString();
    String source = point.subpath().isEmpty() ? path : pin(definition, path, point, index, undo);
    return new OciMount(point.destination(), "bind", source, List.of("rbind", "ro", "rprivate"));
  }

  /** What the root of an image mount is kept under. */
  static String imageMountId(ContainerRecord definition, int index) {
    return definition.id() + "-mount-" + index;
  }

  /** The container has stopped: undoes {@link #mount}. Goes on past errors and logs them. */
  void unmount(ContainerRecord definition) {
    int index = 0;
    ContainerDirectory directory = ContainerDirectory.of(features.settings(), definition.id());
    for (MountPoint point : definition.mounts()) {
      int place = index++;
      if (!point.subpath().isEmpty() || alone(point)) {
        Quietly.run(
            "take away a mount of " + definition.id(),
            () -> Mounts.detachIfMounted(directory.mount(place).toString()));
      }
      if (point.type() == MountType.VOLUME) {
        Quietly.run(
            "unmount volume " + point.name(),
            () -> features.volumes().unmount(point.name(), point.use(definition.id())));
      } else if (point.type() == MountType.IMAGE) {
        Quietly.run(
            "remove image mount of " + definition.id(),
            () -> features.roots().remove(imageMountId(definition, place)));
      }
    }
  }

  /**
   * The container is removed: it no longer refers to its volumes.
   *
   * @param anonymous whether its anonymous volumes go too, unless others refer to them
   */
  void release(ContainerRecord definition, boolean anonymous) {
    for (MountPoint point : volumes(definition)) {
      Quietly.run(
          "let go of volume " + point.name(),
          () -> features.volumes().release(point.name(), definition.id()));
      if (anonymous && point.anonymous()) {
        removeUnlessUsed(point.name());
      }
    }
  }

  private void removeUnlessUsed(String name) {
    try {
      Volume volume = features.volumes().find(name);
      boolean mine =
          volume.record().labels() != null
              && volume.record().labels().containsKey(Volumes.ANONYMOUS_LABEL);
      if (mine && volume.status().users().isEmpty()) {
        features.volumes().remove(name, true);
      }
    } catch (EngineException stillUsed) {
      Quietly.note("remove anonymous volume " + name, stillUsed);
    }
  }
}
