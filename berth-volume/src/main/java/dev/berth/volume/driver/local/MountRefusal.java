package dev.berth.volume.driver.local;

import dev.berth.linux.Errno;
import dev.berth.linux.KernelFeature;
import dev.berth.linux.LinuxException;
import java.util.Map;

/** Tells a user what to do about a mount that the kernel refused. */
final class MountRefusal {
  private static final Map<String, String> OPTIONS =
      Map.of(
          "nfs", KernelFeature.NFS.requirement(),
          "nfs4", KernelFeature.NFS4.requirement(),
          "cifs", KernelFeature.CIFS.requirement(),
          "smb3", KernelFeature.CIFS.requirement(),
          "xfs", KernelFeature.XFS.requirement(),
          "btrfs", KernelFeature.BTRFS.requirement(),
          "overlay", KernelFeature.OVERLAYFS.requirement(),
          "ext4", "CONFIG_EXT4_FS");

  private MountRefusal() {}

  /** The kernel's answer, with the option of the kernel or of the volume that is to blame. */
  static String text(MountCall call, LinuxException failure, MountTable mounts) {
    String answer = failure.errno().text();
    if (failure.is(Errno.ENODEV)) {
      String option = OPTIONS.get(call.type());
      return option == null ? answer : answer + " (the kernel lacks " + option + ")";
    }
    if (failure.is(Errno.EINVAL)) {
      String word = mounts.refusedWord(call);
      return word.isEmpty() ? answer : answer + " (option " + LocalOptions.masked(word) + ")";
    }
    return answer;
  }
}
