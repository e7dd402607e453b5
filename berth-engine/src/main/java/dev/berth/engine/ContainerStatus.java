package dev.berth.engine;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the store keeps of a container that changes in its life.
 *
 * @param state where it is in its life
 * @param restartCount restarts by policy since the last start by a user
 * @param stoppedByUser whether the last ending was asked for; unless-stopped honours it
 * @param endpoints the networks it is attached to, by the network's name
 * @param sandboxId of its network namespace; empty when it has none
 * @param sandboxKey the path of its network namespace; empty when it has none
 */
public record ContainerStatus(
    ContainerState state,
    int restartCount,
    boolean stoppedByUser,
    Map<String, Endpoint> endpoints,
    String sandboxId,
    String sandboxKey) {

  /** The same in another state. */
  ContainerStatus withState(ContainerState other) {
    return new ContainerStatus(
        other, restartCount, stoppedByUser, endpoints, sandboxId, sandboxKey);
  }

  /** The same with another count of restarts. */
  ContainerStatus withRestartCount(int count) {
    return new ContainerStatus(state, count, stoppedByUser, endpoints, sandboxId, sandboxKey);
  }

  /** The same, stopped by a user or not. */
  ContainerStatus withStoppedByUser(boolean stopped) {
    return new ContainerStatus(state, restartCount, stopped, endpoints, sandboxId, sandboxKey);
  }

  /** The same on other networks. */
  ContainerStatus withEndpoints(Map<String, Endpoint> others) {
    return new ContainerStatus(state, restartCount, stoppedByUser, others, sandboxId, sandboxKey);
  }

  /** The same with another sandbox. */
  ContainerStatus withSandbox(String id, String key) {
    return new ContainerStatus(state, restartCount, stoppedByUser, endpoints, id, key);
  }

  /**
   * A container's place on one network; the addresses are empty while it does not run.
   *
   * @param spec what was asked
   * @param networkId empty before the first start
   * @param endpointId empty while it does not run
   * @param ipv4 its address
   * @param ipv6 its address
   * @param macAddress its hardware address
   * @param dnsNames what its neighbours may call it; null on networks without names
   */
  public record Endpoint(
      EndpointSpec spec,
      String networkId,
      String endpointId,
      Address ipv4,
      Address ipv6,
      String macAddress,
      @Nullable List<String> dnsNames) {

    /** An endpoint that is only wished for. */
    static Endpoint wanted(EndpointSpec spec, String networkId) {
      return new Endpoint(spec, networkId, "", Address.NONE, Address.NONE, "", null);
    }
  }

  /**
   * An address with its network.
   *
   * @param address empty for none
   * @param prefixLength of the subnet
   * @param gateway empty for none
   */
  public record Address(String address, int prefixLength, String gateway) {
    /** No address. */
    public static final Address NONE = new Address("", 0, "");
  }

  /**
   * Results of health probes; kept in memory, not in the store.
   *
   * @param status {@code starting}, {@code healthy} or {@code unhealthy}
   * @param failingStreak failures in a row
   * @param log the last five results, oldest first
   */
  public record Health(String status, int failingStreak, List<Probe> log) {}

  /**
   * One probe.
   *
   * @param start when it began
   * @param end when it ended
   * @param exitCode zero for healthy; -1 when it ran out of time
   * @param output at most 4096 bytes
   */
  public record Probe(Instant start, Instant end, int exitCode, String output) {}
}
