package dev.berth.image.driver.overlay2;

import dev.berth.archive.Trees;
import dev.berth.core.EngineException;
import dev.berth.image.FilesystemChange;
import dev.berth.image.StorageDriver;
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

  private static final String TYPE = "overlay";
  private static final Path PARAMETERS = Path.of("/sys/module/overlay/parameters");
  private static final List<String> SWITCHED_OFF = List.of("index", "metacopy", "redirect_dir");

  @Override
  public String name() {
    return "overlay2";
  }

  @Override
  public void check(Path root) {
    Path probe = root.resolve("probe");
    Stack stack = new Stack(probe, List.of(probe.resolve("lower")));
    try {
      Trees.delete(probe);
      Files.createDirectories(probe.resolve("lower"));
      prepare(stack);
      mount(stack);
      unmount(stack);
    } catch (LinuxException | IOException e) {
      throw new EngineException(
          dev.berth.core.ErrorKind.UNAVAILABLE,
          "storage driver overlay2 does not work on " + root + ": " + e.getMessage(),
          e);
    } finally {
      Trees.delete(probe);
    }
  }

  @Override
  public void prepare(Stack stack) {
    try {
      Files.createDirectories(stack.home());
      for (String part : List.of("diff", "work", "merged")) {
        Path directory = stack.home().resolve(part);
        if (!Files.isDirectory(directory)) {
          Files.createDirectory(directory);
          try (Fd fd = FileCalls.open(directory.toString(), FileFlags.O_DIRECTORY)) {
            FileCalls.fchmod(fd, 0755);
          }
        }
      }
    } catch (IOException e) {
      throw EngineException.internal("cannot make " + stack.home() + ": " + e.getMessage(), e);
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

  private boolean isMounted(Stack stack) {
    try {
      return FileCalls.statx(
              Fd.currentDirectory(), merged(stack).toString(), FileFlags.AT_SYMLINK_NOFOLLOW)
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
    // A process that kept a file open would refuse a plain unmount; the tree itself goes at once.
    while (isMounted(stack)) {
      Mounts.umount2(merged(stack).toString(), MountFlags.MNT_DETACH | MountFlags.UMOUNT_NOFOLLOW);
    }
  }

  @Override
  public Path merged(Stack stack) {
    return stack.home().resolve("merged");
  }

  @Override
  public Path ownLayer(Stack stack) {
    return stack.home().resolve("diff");
  }

  @Override
  public List<FilesystemChange> changes(Stack stack) {
    return new LayerComparison(ownLayer(stack), stack.lowers()).changes();
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
