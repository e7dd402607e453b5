package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.SYSINFO;
import static dev.berth.linux.SyscallNumber.UNAME;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;

/** What the kernel tells about the machine. */
public final class SystemFacts {
  private static final int FIELD_BYTES = 65;
  private static final int UNAME_FIELDS = 6;
  private static final int SYSINFO_BYTES = 112;

  private SystemFacts() {}

  /**
   * Names of the system.
   *
   * @param system {@code Linux}
   * @param hostName the host's name
   * @param release the kernel's release, for instance {@code 6.1.0-28-amd64}
   * @param version when and how it was built
   * @param machine the processor, for instance {@code x86_64}
   * @see <a href="https://man7.org/linux/man-pages/man2/uname.2.html">uname(2)</a>
   */
  public record Names(
      String system, String hostName, String release, String version, String machine) {
    /** Whether the release is at least the given one. */
    public boolean isAtLeast(int major, int minor) {
      String[] parts = release.split("[^0-9]+", 3);
      int ownMajor = Integer.parseInt(parts[0]);
      int ownMinor = parts.length > 1 && !parts[1].isEmpty() ? Integer.parseInt(parts[1]) : 0;
      return ownMajor > major || (ownMajor == major && ownMinor >= minor);
    }
  }

  /** Names of the system. */
  public static Names uname() {
    try (Frame frame = new Frame()) {
      MemorySegment names = frame.allocate((long) FIELD_BYTES * UNAME_FIELDS);
      check(frame.syscall(UNAME, names.address()), "uname");
      return new Names(
          names.getString(0),
          names.getString(FIELD_BYTES),
          names.getString(FIELD_BYTES * 2L),
          names.getString(FIELD_BYTES * 3L),
          names.getString(FIELD_BYTES * 4L));
    }
  }

  /**
   * Memory and time.
   *
   * @param uptime since the boot
   * @param memoryBytes total memory
   * @param freeMemoryBytes unused memory
   * @param swapBytes total swap space
   * @param processes how many
   * @see <a href="https://man7.org/linux/man-pages/man2/sysinfo.2.html">sysinfo(2)</a>
   */
  public record Resources(
      Duration uptime, long memoryBytes, long freeMemoryBytes, long swapBytes, int processes) {
    static Resources decode(ByteBuffer sysinfo) {
      long unit = sysinfo.getInt(104) & 0xFFFFFFFFL;
      return new Resources(
          Duration.ofSeconds(sysinfo.getLong(0)),
          sysinfo.getLong(32) * unit,
          sysinfo.getLong(40) * unit,
          sysinfo.getLong(64) * unit,
          sysinfo.getShort(80) & 0xFFFF);
    }
  }

  /** Memory and time. */
  public static Resources sysinfo() {
    try (Frame frame = new Frame()) {
      MemorySegment facts = frame.allocate(SYSINFO_BYTES);
      check(frame.syscall(SYSINFO, facts.address()), "sysinfo");
      return Resources.decode(Frame.buffer(facts));
    }
  }

  /** How control groups are mounted. */
  public enum CgroupVersion {
    /** One hierarchy a controller. */
    V1,
    /** As V1, with a v2 hierarchy beside it. */
    HYBRID,
    /** One hierarchy for all. */
    V2
  }

  /** How control groups are mounted at /sys/fs/cgroup. */
  public static CgroupVersion cgroupVersion() {
    if (isCgroup2("/sys/fs/cgroup")) {
      return CgroupVersion.V2;
    }
    boolean unified =
        Mounts.list().stream()
            .anyMatch(mount ->
                mount.type().equals("cgroup2") && mount.mountPoint().startsWith("/sys/fs/cgroup/"));
    return unified ? CgroupVersion.HYBRID : CgroupVersion.V1;
  }

  private static boolean isCgroup2(String path) {
    try {
      return FileCalls.statfs(path).type() == FileSystemStatus.CGROUP2;
    } catch (LinuxException missing) {
      return false;
    }
  }
}
