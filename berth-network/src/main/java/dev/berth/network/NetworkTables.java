package dev.berth.network;

import dev.berth.network.firewall.IpFamily;
import dev.berth.store.Table;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where networking keeps its records. */
final class NetworkTables {
  /** Networks by id. */
  static final Table<NetworkRecord> NETWORKS = new Table<>("networks", NetworkRecord.class);

  /** Open sandboxes by the container's id. */
  static final Table<SandboxRecord> SANDBOXES = new Table<>("sandboxes", SandboxRecord.class);

  /** What was chosen once for this engine. */
  static final Table<HostRecord> HOST = new Table<>("network-host", HostRecord.class);

  /** The key of the one record there. */
  static final String HOST_KEY = "host";

  private NetworkTables() {}

  /**
   * What was chosen once for this engine.
   *
   * @param ipv6Base the block that automatic IPv6 subnets are cut from
   * @param forwarding what the engine has made the host forward; null when nothing
   */
  record HostRecord(String ipv6Base, @Nullable Forwarding forwarding) {}

  /**
   * What the engine has made the host forward, which lasts until the next boot.
   *
   * @param boot the kernel's id of that boot
   * @param families the address families
   */
  record Forwarding(String boot, Set<IpFamily> families) {}
}
