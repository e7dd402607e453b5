package dev.berth.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * What Docker gives a container that asks for nothing in particular. The engine puts a {@link
 * LaunchSpec} together from these and from what the user asked for.
 */
public final class LaunchDefaults {
  /** Size of {@code /dev/shm} in bytes. */
  public static final long SHM_SIZE_BYTES = 64L << 20;

  private static final List<String> MASKED_PATHS =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");

  private static final List<String> READONLY_PATHS =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private LaunchDefaults() {}

  /** Paths of an unprivileged container that read as empty. */
  public static List<String> maskedPaths() {
    return MASKED_PATHS;
  }

  /** Paths of an unprivileged container that cannot be written. */
  public static List<String> readonlyPaths() {
    return READONLY_PATHS;
  }

  /**
   * The kernel's file systems, in mount order, without {@code /dev/shm}: see {@link #shm}.
   *
   * @param privileged whether {@code /sys} and the cgroups are writable
   */
  public static List<OciMount> mounts(boolean privileged) {
    String access = privileged ? "rw" : "ro";
    List<OciMount> mounts = new ArrayList<>();
    mounts.add(new OciMount("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")));
    mounts.add(
        new OciMount(
            "/dev", "tmpfs", "tmpfs", List.of("nosuid", "strictatime", "mode=755", "size=65536k")));
    mounts.add(
        new OciMount(
            "/dev/pts",
            "devpts",
            "devpts",
            List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")));
    mounts.add(
        new OciMount("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", access)));
    mounts.add(
        new OciMount(
            "/sys/fs/cgroup", "cgroup", "cgroup", List.of(access, "nosuid", "noexec", "nodev")));
    mounts.add(
        new OciMount("/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev")));
    return List.copyOf(mounts);
  }

  /** Shared memory of its own, of that size. */
  public static OciMount shm(long sizeBytes) {
    return new OciMount(
        "/dev/shm",
        "tmpfs",
        "shm",
        List.of("nosuid", "noexec", "nodev", "mode=1777", "size=" + sizeBytes));
  }

  /** All name spaces new; the cgroup one only where the hierarchy is version 2, as in Docker. */
  public static List<Namespace> namespaces(int cgroupVersion) {
    List<Namespace> namespaces = new ArrayList<>();
    namespaces.add(Namespace.fresh(Namespace.Kind.MOUNT));
    namespaces.add(Namespace.fresh(Namespace.Kind.NETWORK));
    namespaces.add(Namespace.fresh(Namespace.Kind.UTS));
    namespaces.add(Namespace.fresh(Namespace.Kind.PID));
    namespaces.add(Namespace.fresh(Namespace.Kind.IPC));
    if (cgroupVersion == 2) {
      namespaces.add(Namespace.fresh(Namespace.Kind.CGROUP));
    }
    return List.copyOf(namespaces);
  }
}
