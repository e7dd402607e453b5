package dev.berth.network;

import dev.berth.store.Table;

/** Where networking keeps its records. */
final class NetworkTables {
  /** Networks by id. */
  static final Table<NetworkRecord> NETWORKS = new Table<>("networks", NetworkRecord.class);

  /** Open sandboxes by the container's id. */
  static final Table<SandboxRecord> SANDBOXES = new Table<>("sandboxes", SandboxRecord.class);

  /** What was chosen once for this engine. */
  static final Table<HostRecord> HOST = new Table<>("network-host", HostRecord.class);

  private NetworkTables() {}

  /**
   * What was chosen once for this engine.
   *
   * @param ipv6Base the block that automatic IPv6 subnets are cut from
   */
  record HostRecord(String ipv6Base) {}
}
