package dev.berth.network.link;

import dev.berth.linux.Errno;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Sysctl;
import java.util.LinkedHashMap;
import java.util.Map;

/** Kernel parameters of a container's namespace, set by a thread that is inside of it. */
public final class SandboxSysctls {
  /** What new interfaces start from. */
  static final String DEFAULT_DISABLE_IPV6 = "net/ipv6/conf/default/disable_ipv6";

  private SandboxSysctls() {}

  /**
   * What every namespace starts from: an interface tells its neighbours when it appears, as its
   * address may have been another's a moment ago; it takes no routes from anybody; and it has IPv6
   * only where asked.
   */
  public static Map<String, String> defaults(boolean ipv6) {
    Map<String, String> sysctls = new LinkedHashMap<>();
    sysctls.put("net/ipv4/conf/default/arp_notify", "1");
    sysctls.put("net/ipv6/conf/default/ndisc_notify", "1");
    sysctls.put("net/ipv6/conf/default/accept_ra", "0");
    sysctls.put(DEFAULT_DISABLE_IPV6, ipv6 ? "0" : "1");
    return sysctls;
  }

  /** Sets one; those of IPv6 are passed over on a kernel without it. */
  static void write(String name, String value) {
    try {
      Sysctl.write(name, value);
    } catch (LinuxException failure) {
      boolean noIpv6 = failure.is(Errno.ENOENT) && name.startsWith("net/ipv6/");
      if (!noIpv6) {
        throw failure;
      }
    }
  }
}
