package dev.berth.engine;

import dev.berth.archive.TarWriter;
import dev.berth.archive.TreePacker;
import dev.berth.archive.TreePaths;
import dev.berth.core.EngineException;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import dev.berth.volume.MountPoint;
import dev.berth.volume.OpenVolume;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A path in a container, running or not. Every look goes through one directory descriptor as if it
 * were the root of the machine, so that no link of the container leads out of it, whoever exchanges
 * it when; nothing of the container is executed, and nothing that its process has mounted is looked
 * at. A stopped container is held until this is closed, so that it does not start upon a root that
 * is about to be unmounted.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/openat2.2.html">openat2(2)</a>
 */
final class ContainerTree implements AutoCloseable {
  private static final long IN_ROOT = FileFlags.RESOLVE_IN_ROOT | FileFlags.RESOLVE_NO_MAGICLINKS;
  private static final long GO_DIRECTORY = 1L << 31;
  private static final long GO_SYMLINK = 1L << 27;
  private static final long GO_DEVICE = 1L << 26;
  private static final long GO_NAMED_PIPE = 1L << 25;
  private static final long GO_SOCKET = 1L << 24;
  private static final long GO_SETUID = 1L << 23;
  private static final long GO_SETGID = 1L << 22;
  private static final long GO_CHARACTER_DEVICE = 1L << 21;
  private static final long GO_STICKY = 1L << 20;

  private final Features features;
  private final LiveContainer container;
  private final String asked;
  private final List<Runnable> undo = new ArrayList<>();
  private Fd root = Fd.currentDirectory();
  private final String path;

  private ContainerTree(Features features, LiveContainer container, String asked) {
    this.features = features;
    this.container = container;
    this.asked = asked;
    this.path = TreePaths.clean(asked);
  }

  /** Opens the tree; the path itself is not looked at yet. */
  static ContainerTree open(Features features, LiveContainer container, String path) {
    ContainerTree tree = new ContainerTree(features, container, path);
    try {
      tree.open();
      return tree;
    } catch (RuntimeException failure) {
      tree.close();
      throw failure;
    }
  }

  private void open() {
    LiveContainer.Held held = container.hold();
    if (container.run() == null) {
      undo.add(held::close);
      Path mounted = features.roots().mount(container.id());
      undo.add(() -> features.roots().unmount(container.id()));
      assemble(mounted);
      return;
    }
    try (held) {
      assemble(features.roots().mount(container.id()));
    }
  }

  private void assemble(Path mounted) {
    AssembledTree tree = AssembledTree.open(mounted, parts());
    root = tree.root();
    undo.add(tree::close);
  }

  /** Volumes, binds, images and the files that the engine writes for the container. */
  private List<AssembledTree.Part> parts() {
    List<AssembledTree.Part> parts = new ArrayList<>();
    int index = 0;
    for (MountPoint point : container.definition().mounts()) {
      int place = index++;
      switch (point.type()) {
        case VOLUME -> {
          OpenVolume volume = features.volumes().open(point.name());
          undo.add(volume::close);
          parts.add(part(point, volume.path()));
        }
        case BIND -> parts.add(part(point, point.source()));
        case IMAGE -> parts.add(part(point, image(point, place).toString()));
        default -> {}
      }
    }
    ContainerDirectory own = ContainerDirectory.of(features.settings(), container.id());
    addFile(parts, own.resolvConf(), "/etc/resolv.conf");
    addFile(parts, own.hostname(), "/etc/hostname");
    addFile(parts, own.hosts(), "/etc/hosts");
    return parts;
  }

  /**
   * The root of an image mount; that of a stopped container is made for as long as this is open.
   */
  private Path image(MountPoint point, int index) {
    String id = ContainerMounts.imageMountId(container.definition(), index);
    if (container.run() == null) {
      undo.add(() -> features.roots().remove(id));
      features.roots().prepare(id, features.images().apply(point.name()).id(), 0);
    }
    return features.roots().mount(id);
  }

  private static void addFile(List<AssembledTree.Part> parts, Path file, String destination) {
    boolean taken = parts.stream().anyMatch(part -> part.destination().equals(destination));
    if (!taken && Files.exists(file)) {
      parts.add(new AssembledTree.Part(file.toString(), "", destination, true));
    }
  }

  private static AssembledTree.Part part(MountPoint point, String source) {
    return new AssembledTree.Part(source, point.subpath(), point.destination(), point.writable());
  }

  /** Whether the user named what a link leads to, by a slash at the end. */
  private boolean follows() {
    return asked.endsWith("/") || asked.endsWith("/.");
  }

  private Fd inRoot(String inside, int flags) {
    return FileCalls.openat2(root, inside, flags, 0, IN_ROOT);
  }

  /** What the path is. */
  ContainerFiles.PathStat stat() {
    int flags = FileFlags.O_PATH | (follows() ? 0 : FileFlags.O_NOFOLLOW);
    try (Fd file = inRoot(path, flags)) {
      FileStatus status = FileCalls.statx(file);
      String name = TreePaths.last(TreePaths.clean(asked));
      return new ContainerFiles.PathStat(
          name.isEmpty() ? "/" : name,
          status.sizeBytes(),
          goMode(status),
          status.modifyTime(),
          status.isSymbolicLink() ? linkTarget() : "");
    }
  }

  private String linkTarget() {
    try (Fd directory = inRoot(TreePaths.parent(path), FileFlags.O_PATH | FileFlags.O_DIRECTORY)) {
      String target = FileCalls.readlinkat(directory, TreePaths.last(path));
      return target.startsWith("/")
          ? TreePaths.clean(target)
          : TreePaths.clean(TreePaths.parent(TreePaths.clean(asked)) + "/" + target);
    }
  }

  /** Mode bits as Go numbers them. */
  private static long goMode(FileStatus status) {
    long kind =
        switch (status.kind()) {
          case FileFlags.S_IFDIR -> GO_DIRECTORY;
          case FileFlags.S_IFLNK -> GO_SYMLINK;
          case FileFlags.S_IFCHR -> GO_DEVICE | GO_CHARACTER_DEVICE;
          case FileFlags.S_IFBLK -> GO_DEVICE;
          case FileFlags.S_IFIFO -> GO_NAMED_PIPE;
          case FileFlags.S_IFSOCK -> GO_SOCKET;
          default -> 0;
        };
    int bits = status.permissions();
    return kind
        | (bits & 0777)
        | ((bits & 04000) == 0 ? 0 : GO_SETUID)
        | ((bits & 02000) == 0 ? 0 : GO_SETGID)
        | ((bits & 01000) == 0 ? 0 : GO_STICKY);
  }

  /** Writes the path as an archive whose members begin with its last part. */
  void pack(OutputStream out) throws IOException {
    try (TarWriter tar = new TarWriter(out)) {
      TreePacker packer = new TreePacker(tar, false);
      String name = TreePaths.last(TreePaths.clean(asked));
      String shownAs = asked.endsWith("/.") || name.isEmpty() ? "." : name;
      if (path.equals("/") || follows()) {
        try (Fd directory = inRoot(path, FileFlags.O_RDONLY | FileFlags.O_DIRECTORY)) {
          packer.pack(directory, ".", shownAs);
        }
      } else {
        try (Fd directory =
            inRoot(TreePaths.parent(path), FileFlags.O_PATH | FileFlags.O_DIRECTORY)) {
          packer.pack(directory, TreePaths.last(path), shownAs);
        }
      }
    }
  }

  /** Refuses to write where the container itself could not. */
  void requireWritable() {
    String inside = TreePaths.clean(asked);
    Optional<MountPoint> mount =
        container.definition().mounts().stream()
            .filter(point ->
                inside.equals(point.destination()) || inside.startsWith(point.destination() + "/"))
            .max(Comparator.comparingInt(point -> point.destination().length()));
    if (mount.isPresent() && !mount.get().writable()) {
      throw EngineException.invalid("mounted volume is marked read-only");
    }
    if (mount.isEmpty() && container.spec().host().storage().readonlyRootfs()) {
      throw EngineException.invalid("container rootfs is marked read-only");
    }
  }

  /** The user that the container's process runs as. */
  TreeUnpacker.Ownership ownership() {
    String user = container.spec().config().command().user();
    if (user.isEmpty()) {
      return TreeUnpacker.Ownership.OF_THE_ARCHIVE;
    }
    try (ImageFiles files = new ImageFiles(Path.of(root.procPath()))) {
      PasswordFiles.Identity identity = files.passwords().resolve(user, List.of());
      return new TreeUnpacker.Ownership(false, (int) identity.uid(), (int) identity.gid());
    }
  }

  /** Unpacks an archive in the directory that the path names. */
  void unpack(InputStream tar, TreeUnpacker.Choices choices) {
    try (Fd directory = inRoot(path, FileFlags.O_PATH)) {
      if (!FileCalls.statx(directory).isDirectory()) {
        throw EngineException.invalid("extraction point is not a directory");
      }
    }
    try {
      new TreeUnpacker(root, path, choices).unpack(tar);
    } catch (IOException broken) {
      throw EngineException.invalid("the archive cannot be read: " + broken.getMessage());
    }
  }

  @Override
  public void close() {
    for (Runnable step : undo.reversed()) {
      try {
        step.run();
      } catch (LinuxException | EngineException failure) {
        Quietly.note("closing the tree of " + container.id(), failure);
      }
    }
    undo.clear();
  }
}
