package dev.berth.runtime;

import java.util.List;

/**
 * What the container may do.
 *
 * @param privileged all host devices, nothing masked, {@code /sys} and cgroups writable; the caller
 *     still names the capabilities and the seccomp choice
 * @param capabilities of the bounding, effective and permitted sets, with {@code CAP_} in front;
 *     the inheritable set is always empty (CVE-2022-24769)
 * @param seccomp which system calls
 * @param noNewPrivileges whether set-user-id programs gain nothing
 * @param maskedPaths that read as empty
 * @param readonlyPaths that cannot be written
 * @param devices made in {@code /dev} beside the default ones
 * @param deviceRules of the device cgroup beside the default ones
 */
public record SecuritySpec(
    boolean privileged,
    List<String> capabilities,
    Seccomp seccomp,
    boolean noNewPrivileges,
    List<String> maskedPaths,
    List<String> readonlyPaths,
    List<Device> devices,
    List<DeviceRule> deviceRules) {

  /** Copies the lists. */
  public SecuritySpec {
    capabilities = List.copyOf(capabilities);
    maskedPaths = List.copyOf(maskedPaths);
    readonlyPaths = List.copyOf(readonlyPaths);
    devices = List.copyOf(devices);
    deviceRules = List.copyOf(deviceRules);
  }

  /** Which system calls a container may make. */
  public sealed interface Seccomp {
    /** The distribution's profile. */
    record Default() implements Seccomp {}

    /** All of them. */
    record Unconfined() implements Seccomp {}

    /**
     * A profile in Docker's format.
     *
     * @param json its text
     */
    record Profile(String json) implements Seccomp {}
  }

  /**
   * A device node of the container. Major, minor, type and mode are read from the host's node.
   *
   * @param hostPath node on the host
   * @param containerPath node in the container
   * @param permissions of the device cgroup: some of {@code rwm}
   */
  public record Device(String hostPath, String containerPath, String permissions) {}

  /**
   * A rule of the device cgroup.
   *
   * @param allow or deny
   * @param type {@code a}, {@code b} or {@code c}
   * @param major -1 for all
   * @param minor -1 for all
   * @param permissions some of {@code rwm}
   */
  public record DeviceRule(boolean allow, char type, long major, long minor, String permissions) {
    /**
     * Reads Docker's {@code --device-cgroup-rule}, for instance {@code c 42:* rmw}.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    public static DeviceRule parse(String rule) {
      java.util.regex.Matcher matcher =
          java.util.regex.Pattern.compile("([acb]) ([0-9]+|\\*):([0-9]+|\\*) ([rwm]{1,3})")
              .matcher(rule);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("invalid device cgroup rule format: '" + rule + "'");
      }
      return new DeviceRule(
          true,
          matcher.group(1).charAt(0),
          number(matcher.group(2)),
          number(matcher.group(3)),
          matcher.group(4));
    }

    private static long number(String text) {
      return text.equals("*") ? -1 : Long.parseLong(text);
    }
  }
}
