package dev.berth.volume.driver.local;

import dev.berth.linux.LinuxException;
import dev.berth.linux.MountInfo;
import dev.berth.linux.Mounts;
import java.util.Set;
import java.util.stream.Collectors;

/** The mounts of this process's namespace. */
final class KernelMountTable implements MountTable {
  @Override
  public void mount(MountCall call) {
    MountWords words = call.words();
    Mounts.mount(call.source(), call.target(), call.type(), words.flags(), words.data());
    try {
      if (words.isBind() && words.isReadOnly()) {
        Mounts.remountReadOnly(call.target());
      }
      if (words.propagation() != 0) {
        Mounts.propagation(call.target(), words.propagation());
      }
    } catch (LinuxException e) {
      unmount(call.target());
      throw e;
    }
  }

  @Override
  public void unmount(String target) {
    Mounts.detachIfMounted(target);
  }

  @Override
  public Set<String> below(String folder) {
    return Mounts.list().stream()
        .map(MountInfo::mountPoint)
        .filter(point -> point.equals(folder) || point.startsWith(folder + "/"))
        .collect(Collectors.toSet());
  }
}
