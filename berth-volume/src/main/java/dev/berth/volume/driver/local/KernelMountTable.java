package dev.berth.volume.driver.local;

import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.FileSystemContext;
import dev.berth.linux.LinuxException;
import dev.berth.linux.LoopDevice;
import dev.berth.linux.MountInfo;
import dev.berth.linux.Mounts;
import java.util.Set;
import java.util.stream.Collectors;

/** The mounts of this process's namespace. */
final class KernelMountTable implements MountTable {
  @Override
  public void mount(MountCall call) {
    if (isImageFile(call)) {
      mountImage(call);
    } else {
      mountFrom(call.source(), call);
    }
    try {
      finish(call);
    } catch (LinuxException e) {
      unmount(call.target());
      throw e;
    }
  }

  /** Whether the source is a file that holds a file system, which the kernel wants as a device. */
  private static boolean isImageFile(MountCall call) {
    if (!call.source().startsWith("/") || call.words().isBind()) {
      return false;
    }
    try {
      FileStatus status = FileCalls.statx(Fd.currentDirectory(), call.source(), 0);
      return status.isRegular();
    } catch (LinuxException e) {
      return false;
    }
  }

  private static void mountImage(MountCall call) {
    boolean readOnly = call.words().isReadOnly();
    int flags = readOnly ? FileFlags.O_RDONLY : FileFlags.O_RDWR;
    try (Fd image = FileCalls.open(call.source(), flags);
        LoopDevice device = LoopDevice.attach(image, call.source(), readOnly)) {
      mountFrom(device.path(), call);
    }
  }

  private static void mountFrom(String source, MountCall call) {
    MountWords words = call.words();
    Mounts.mount(source, call.target(), call.type(), words.flags(), words.data());
  }

  /** What the kernel takes only once the mount is there. */
  private static void finish(MountCall call) {
    MountWords words = call.words();
    if (words.isBind() && words.isReadOnly()) {
      Mounts.remountReadOnly(call.target());
    }
    if (words.propagation() != 0) {
      Mounts.propagation(call.target(), words.propagation());
    }
  }

  @Override
  public String refusedWord(MountCall call) {
    try (FileSystemContext context = Mounts.fsopen(call.type())) {
      for (String word : call.words().data().split(",")) {
        if (!takes(context, word)) {
          return word;
        }
      }
    } catch (LinuxException e) {
      // The kernel knows no such file system, or has no such call: nothing can be told.
    }
    return "";
  }

  private static boolean takes(FileSystemContext context, String word) {
    int equals = word.indexOf('=');
    try {
      if (equals < 0) {
        context.setFlag(word);
      } else {
        context.set(word.substring(0, equals), word.substring(equals + 1));
      }
      return true;
    } catch (LinuxException e) {
      return false;
    }
  }

  @Override
  public void unmount(String target) {
    Mounts.detachIfMounted(target);
  }

  @Override
  public void touch(String target) {
    FileCalls.statx(Fd.currentDirectory(), target, FileFlags.AT_STATX_FORCE_SYNC);
  }

  @Override
  public Set<String> below(String folder) {
    return Mounts.list().stream()
        .map(MountInfo::mountPoint)
        .filter(point -> point.equals(folder) || point.startsWith(folder + "/"))
        .collect(Collectors.toSet());
  }
}
