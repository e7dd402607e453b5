package dev.berth.network.explain;

import dev.berth.network.firewall.Protocol;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One of the two ends.
 *
 * @param kind what it is
 * @param name how it is called in the report
 * @param life whether a container runs
 * @param mode whose network namespace a container uses
 * @param attachments the networks it is on, in the order of connection
 * @param published its ports on the host
 * @param view its network namespace; empty where there is none to look into
 */
public record Party(
    Kind kind,
    String name,
    Life life,
    Mode mode,
    List<Attachment> attachments,
    List<Published> published,
    NamespaceView view) {
  /** Copies the lists. */
  public Party {
    attachments = List.copyOf(attachments);
    published = List.copyOf(published);
  }

  /** An end that is no container. */
  public static Party of(Kind kind, String name, NamespaceView view) {
    return new Party(kind, name, Life.RUNNING, Mode.NETWORKS, List.of(), List.of(), view);
  }

  /** The machine that the engine runs on. */
  public static Party theHost(NamespaceView view) {
    return of(Kind.HOST, "the host", view);
  }

  /** What an end can be. */
  public enum Kind {
    /** A container. */
    CONTAINER,
    /** The machine that the engine runs on. */
    HOST,
    /** Another machine, as one that connects. */
    OUTSIDE,
    /** An address, or a name that is no container's. */
    ADDRESS,
    /** A name that nobody knows. */
    UNKNOWN
  }

  /**
   * Whether a container runs.
   *
   * @param word Docker's word for its state
   * @param running whether it has a process
   * @param paused whether that is frozen
   * @param failure what its last start failed with; empty for nothing
   */
  public record Life(String word, boolean running, boolean paused, String failure) {
    /** It runs. */
    public static final Life RUNNING = new Life("running", true, false, "");
  }

  /** Whose network namespace a container uses. */
  public enum Mode {
    /** Its own, on networks. */
    NETWORKS,
    /** Its own, on none. */
    NONE,
    /** The host's. */
    HOST
  }

  /**
   * A place on a network.
   *
   * @param networkId the network
   * @param interfaceName its interface inside
   * @param ipv4 its address, or null
   * @param ipv6 its address, or null
   * @param names what its neighbours may call it; empty on networks without names
   * @param links names that only it may use: alias to name
   */
  public record Attachment(
      String networkId,
      String interfaceName,
      @Nullable InetAddress ipv4,
      @Nullable InetAddress ipv6,
      List<String> names,
      Map<String, String> links) {
    /** Copies the collections. */
    public Attachment {
      names = List.copyOf(names);
      links = Map.copyOf(links);
    }

    /** Its addresses, IPv4 first. */
    public List<InetAddress> addresses() {
      return java.util.stream.Stream.of(ipv4, ipv6)
          .filter(java.util.Objects::nonNull)
          .map(java.util.Objects::requireNonNull)
          .toList();
    }
  }

  /**
   * A port on the host that leads into the container.
   *
   * @param containerPort the port inside
   * @param protocol by which protocol
   * @param hostAddress where it is bound
   * @param hostPort the port on the host
   */
  public record Published(
      int containerPort, Protocol protocol, InetAddress hostAddress, int hostPort) {
    /** As {@code docker port} shows it. */
    public String text() {
      return dev.berth.network.firewall.Addresses.hostText(hostAddress) + ":" + hostPort;
    }
  }

  /** Whether it is a container. */
  public boolean isContainer() {
    return kind == Kind.CONTAINER;
  }

  /** Whether it uses the host's namespace. */
  public boolean onHost() {
    return kind == Kind.HOST || (isContainer() && mode == Mode.HOST);
  }

  /** Its place on a network. */
  public Optional<Attachment> on(String networkId) {
    return attachments.stream().filter(each -> each.networkId().equals(networkId)).findFirst();
  }

  /** The place that has an address. */
  public Optional<Attachment> holding(InetAddress address) {
    return attachments.stream().filter(each -> each.addresses().contains(address)).findFirst();
  }
}
