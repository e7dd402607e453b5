package dev.berth.image.driver.overlay2;

import dev.berth.archive.TarWriter;
import dev.berth.archive.TreePacker;
import dev.berth.archive.Trees;
import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.image.FilesystemChange;
import dev.berth.image.StorageDriver;
import dev.berth.image.StorageLimits;
import dev.berth.image.driver.home.HomeDirectory;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileSystemContext;
import dev.berth.linux.LinuxException;
import dev.berth.linux.MountFlags;
import dev.berth.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Stacks by overlayfs: {@code diff} is the container's own layer, {@code work} overlayfs's scratch
 * place beside it, {@code merged} the mount.
 *
 * @see <a href="https://docs.kernel.org/filesystems/overlayfs.html">overlayfs</a>
 */
public final class OverlayDriver implements StorageDriver {
  /** mount(2) takes one page of options; the rest is room for the kernel's own additions. */
  private static final int LONGEST_OPTIONS = 4000;

  private static final System.Logger LOG = System.getLogger(OverlayDriver.class.getName());
  private static final String TYPE = "overlay";
  private static final Path PARAMETERS = Path.of("/sys/module/overlay/parameters");
  private static final List<String> SWITCHED_OFF = List.of("index", "metacopy", "redirect_dir");

  private final HomeDirectory directory;
  private final StorageLimits limits;

  /**
   * @param root its directory, made by {@link #check}
   * @param limits for containers that ask for none
   */
  public OverlayDriver(Path root, StorageLimits limits) {
    this.directory = new HomeDirectory(root);
    this.limits = limits;
  }

  @Override
  public String name() {
    return "overlay2";
  }

  @Override
  public void check() {
    Path probe = directory.home("probe");
    Path lower = probe.resolve("lower");
    Stack stack = new Stack(probe, List.of(lower), "");
    try {
      directory.make();
      remove(probe);
      prepare(stack, 0, () -> directory.makeInside(lower, 0755));
      mount(stack);
    } catch (LinuxException e) {
      throw new EngineException(
          ErrorKind.UNAVAILABLE,
          "storage driver overlay2 does not work on " + directory.root() + ": " + e.getMessage(),
          e);
    } finally {
      removeQuietly(probe);
    }
    if (limits.sizeBytes() > 0) {
      directory.requireQuota(
          "Storage option overlay2.size not supported. Filesystem does not support Project Quota");
    }
  }

  private void removeQuietly(Path probe) {
    try {
      remove(probe);
    } catch (LinuxException e) {
      LOG.log(System.Logger.Level.DEBUG, "probe of overlay2", e);
    }
  }

  @Override
  public List<Fact> status() {
    return List.of(
        new Fact("Backing Filesystem", FileCalls.statfs(directory.root().toString()).typeName()),
        new Fact("Supports d_type", "true"),
        new Fact("Using metacopy", "false"),
        new Fact("Native Overlay Diff", "true"),
        new Fact("userxattr", "false"));
  }

  @Override
  public Path home(String name) {
    return directory.home(name);
  }

  @Override
  public void prepare(Stack stack, long sizeBytes) {
    long size = limits.effective(sizeBytes);
    if (size > 0) {
      directory.requireQuota(
          "--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
    }
    prepare(stack, size, () -> {});
  }

  private void prepare(Stack stack, long size, Runnable more) {
    directory.makeHome(stack.home(), size);
    more.run();
    for (String part : List.of("diff", "work", "merged")) {
      directory.makeInside(stack.home().resolve(part), 0755);
    }
  }

  @Override
  public void mount(Stack stack) {
    if (isMounted(stack)) {
      return;
    }
    String options = options(stack);
    String target = merged(stack).toString();
    if (options.length() <= LONGEST_OPTIONS && stack.lowers().stream().noneMatch(this::isOdd)) {
      Mounts.mount(TYPE, target, TYPE, 0, options);
    } else {
      mountByDescriptor(stack, target);
    }
  }

  /** Many layers, or paths with characters that the option string gives a meaning. */
  private void mountByDescriptor(Stack stack, String target) {
    try (FileSystemContext context = Mounts.fsopen(TYPE)) {
      context.set("source", TYPE);
      for (Path lower : stack.lowers()) {
        context.set("lowerdir+", lower.toString());
      }
      context.set("upperdir", ownLayer(stack).toString());
      context.set("workdir", stack.home().resolve("work").toString());
      for (String option : SWITCHED_OFF) {
        if (Files.exists(PARAMETERS.resolve(option))) {
          context.set(option, "off");
        }
      }
      try (Fd mount = context.mount(0);
          Fd directory = FileCalls.open(target, FileFlags.O_PATH | FileFlags.O_DIRECTORY)) {
        Mounts.moveMount(mount, directory, "");
      }
    }
  }

  private boolean isOdd(Path path) {
    String text = path.toString();
    return text.indexOf(':') >= 0 || text.indexOf(',') >= 0 || text.indexOf('\\') >= 0;
  }

  private String options(Stack stack) {
    StringBuilder options = new StringBuilder("lowerdir=");
    options.append(join(stack.lowers()));
    options.append(",upperdir=").append(ownLayer(stack));
    options.append(",workdir=").append(stack.home().resolve("work"));
    for (String option : SWITCHED_OFF) {
      if (Files.exists(PARAMETERS.resolve(option))) {
        options.append(',').append(option).append("=off");
      }
    }
    return options.toString();
  }

  private static String join(List<Path> lowers) {
    return lowers.stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  @Override
  public boolean isMounted(Stack stack) {
    return isMounted(merged(stack));
  }

  private static boolean isMounted(Path merged) {
    try {
      return FileCalls.statx(
              Fd.currentDirectory(), merged.toString(), FileFlags.AT_SYMLINK_NOFOLLOW)
          .mountRoot();
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void unmount(Stack stack) {
    unmount(merged(stack));
  }

  /** A process that kept a file open would refuse a plain unmount; the tree itself goes at once. */
  private static void unmount(Path merged) {
    while (isMounted(merged)) {
      Mounts.umount2(merged.toString(), MountFlags.MNT_DETACH | MountFlags.UMOUNT_NOFOLLOW);
    }
  }

  @Override
  public void remove(Path home) {
    directory.deleteHome(
        home,
        () -> {
          unmount(home.resolve("merged"));
          Trees.delete(home);
        });
  }

  @Override
  public void retain(Set<String> homes, Set<String> bases) {
    directory.others(homes).forEach(this::remove);
  }

  @Override
  public Path merged(Stack stack) {
    return stack.home().resolve("merged");
  }

  private static Path ownLayer(Stack stack) {
    return stack.home().resolve("diff");
  }

  @Override
  public List<FilesystemChange> changes(Stack stack) {
    return new LayerComparison(ownLayer(stack), stack.lowers()).changes();
  }

  @Override
  public void packChanges(Stack stack, TarWriter archive) throws IOException {
    int flags = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;
    try (Fd layer = FileCalls.open(ownLayer(stack).toString(), flags)) {
      new TreePacker(archive, true).pack(layer);
    }
  }

  @Override
  public long ownBytes(Stack stack) {
    return Trees.contentBytes(ownLayer(stack));
  }

  @Override
  public Map<String, String> data(Stack stack) {
    Map<String, String> data = new LinkedHashMap<>();
    if (!stack.lowers().isEmpty()) {
      data.put("LowerDir", join(stack.lowers()));
    }
    data.put("MergedDir", merged(stack).toString());
    data.put("UpperDir", ownLayer(stack).toString());
    data.put("WorkDir", stack.home().resolve("work").toString());
    return data;
  }
}
