package dev.berth.linux;

import static dev.berth.linux.SyscallNumber.MOUNT_SETATTR;
import static dev.berth.linux.SyscallNumber.OPENAT2;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this kernel can do, found by trying; each is tried once, at the first question. Trying loads
 * the kernel module where there is one. The texts are for warnings and for skipped tests.
 */
@SuppressWarnings("ImmutableEnumChecker") // holds what was found out, which does not change
public enum KernelFeature {
  /** overlayfs. */
  OVERLAYFS("overlayfs", "CONFIG_OVERLAY_FS", () -> fileSystem("overlay")),
  /** openat2(2). */
  OPENAT2_CALL("openat2", "Linux 5.6", () -> hasCall(OPENAT2)),
  /** mount_setattr(2). */
  MOUNT_SETATTR_CALL("mount_setattr", "Linux 5.12", () -> hasCall(MOUNT_SETATTR)),
  /** pidfd_open(2). */
  PIDFD("pidfd_open", "Linux 5.3", KernelFeature::pidfd),
  /** ipvlan interfaces. */
  IPVLAN(
      "ipvlan",
      "CONFIG_IPVLAN",
      () -> linkKind(new LinkKind.Ipvlan(0, LinkKind.IpvlanMode.L2, LinkKind.IpvlanFlag.BRIDGE))),
  /** macvlan interfaces. */
  MACVLAN(
      "macvlan",
      "CONFIG_MACVLAN",
      () -> linkKind(new LinkKind.Macvlan(0, LinkKind.MacvlanMode.BRIDGE))),
  /** 802.1Q interfaces. */
  VLAN("802.1Q VLAN", "CONFIG_VLAN_8021Q", () -> linkKind(new LinkKind.Vlan(0, 1))),
  /** Dummy interfaces. */
  DUMMY("dummy interface", "CONFIG_DUMMY", () -> linkKind(new LinkKind.Dummy())),
  /** VXLAN tunnels. */
  VXLAN("vxlan", "CONFIG_VXLAN", () -> linkKind(new LinkKind.Vxlan(1, 4789, null, null, 0, false))),
  /** Bridges. */
  BRIDGE("bridge", "CONFIG_BRIDGE", () -> linkKind(new LinkKind.Bridge(BridgeOptions.DEFAULT))),
  /** nftables. */
  NFTABLES("nftables", "CONFIG_NF_TABLES, Linux 3.13", KernelFeature::nftables),
  /** Programs that lead packets to other sockets, see {@link SocketRedirection}. */
  SOCKET_REDIRECTION(
      "sk_lookup programs", "CONFIG_BPF_SYSCALL, Linux 5.9", KernelFeature::redirection),
  /** The SCTP protocol. */
  SCTP("SCTP", "CONFIG_IP_SCTP", KernelFeature::sctp),
  /** FUSE. */
  FUSE("FUSE", "CONFIG_FUSE_FS", () -> fileSystem("fuse")),
  /** The client of NFS. */
  NFS("NFS", "CONFIG_NFS_FS", () -> fileSystem("nfs")),
  /** The client of NFS version 4. */
  NFS4("NFSv4", "CONFIG_NFS_V4", () -> fileSystem("nfs4")),
  /** The client of SMB. */
  CIFS("CIFS", "CONFIG_CIFS", () -> fileSystem("cifs")),
  /** Btrfs. */
  BTRFS("btrfs", "CONFIG_BTRFS_FS", () -> fileSystem("btrfs")),
  /** XFS. */
  XFS("xfs", "CONFIG_XFS_FS", () -> fileSystem("xfs"));

  private final String humanName;
  private final String requirement;
  private final BooleanSupplier probe;
  private volatile @Nullable Boolean available;

  KernelFeature(String humanName, String requirement, BooleanSupplier probe) {
    this.humanName = humanName;
    this.requirement = requirement;
    this.probe = probe;
  }

  /** How people call it. */
  public String humanName() {
    return humanName;
  }

  /** The kernel version or option that brings it. */
  public String requirement() {
    return requirement;
  }

  /** Whether this kernel has it. Needs the privileges of root. */
  public boolean isAvailable() {
    Boolean known = available;
    if (known == null) {
      known = probe.getAsBoolean();
      available = known;
    }
    return known;
  }

  private static boolean fileSystem(String type) {
    try (FileSystemContext _ = Mounts.fsopen(type)) {
      return true;
    } catch (LinuxException failure) {
      if (failure.is(Errno.ENODEV)) {
        return false;
      }
      throw failure;
    }
  }

  /** A call without valid arguments fails in another way than a missing one. */
  private static boolean hasCall(int number) {
    try (Frame frame = new Frame()) {
      return frame.syscall(number, -1) != -Errno.ENOSYS.number();
    }
  }

  private static boolean pidfd() {
    try (Pidfd self = Pidfd.open((int) ProcessHandle.current().pid())) {
      return self.fd().isOpen();
    } catch (LinuxException failure) {
      return false;
    }
  }

  /** An unknown kind is refused with EOPNOTSUPP, a known one without its parent with others. */
  private static boolean linkKind(LinkKind kind) {
    return Namespaces.call(() -> {
      Namespaces.unshare(NamespaceKind.NETWORK);
      try (RouteSocket socket = RouteSocket.open()) {
        NetlinkRequest request = Links.create(LinkSpec.of("probe", kind));
        LinuxException failure = socket.outcomes(List.of(request)).getFirst();
        return failure == null || !failure.is(Errno.EOPNOTSUPP);
      }
    });
  }

  private static boolean nftables() {
    try (NetfilterSocket socket = NetfilterSocket.open()) {
      socket.generation();
      return true;
    } catch (LinuxException failure) {
      return false;
    }
  }

  private static boolean redirection() {
    return Namespaces.call(() -> {
      Namespaces.unshare(NamespaceKind.NETWORK);
      var anywhere = new InetSocketAddress(Inet4Address.ofLiteral("0.0.0.0"), 0);
      try (Fd udp = InternetSockets.bind(InternetSockets.Protocol.UDP, anywhere);
          Fd tcp = InternetSockets.bind(InternetSockets.Protocol.TCP, anywhere);
          Fd raw = InternetSockets.openRawSender();
          SocketRedirection _ =
              SocketRedirection.attach(Inet4Address.ofLiteral("127.0.0.11"), 53, udp, tcp)) {
        return raw.isOpen();
      } catch (LinuxException failure) {
        return false;
      }
    });
  }

  private static boolean sctp() {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Fd socket = InternetSockets.bind(InternetSockets.Protocol.SCTP, address)) {
      return socket.isOpen();
    } catch (LinuxException failure) {
      return !failure.is(Errno.EPROTONOSUPPORT);
    }
  }
}
