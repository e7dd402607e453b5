package dev.berth.network.explain;

import java.util.Locale;

/** What decides, in one word. The words are part of the interface: programs compare them. */
public enum Verdict {
  /** It can be reached. */
  REACHABLE,
  /** The one who connects does not run. */
  SOURCE_NOT_RUNNING,
  /** The target does not run. */
  NOT_RUNNING,
  /** The target did not start as a port of the host is taken. */
  PORT_CONFLICT,
  /** The target is frozen. */
  PAUSED,
  /** The one who connects has no network at all. */
  SOURCE_HAS_NO_NETWORK,
  /** The target has no network at all. */
  NO_NETWORK,
  /** The target uses the network of the host, so it has no name and address of its own. */
  ON_HOST_NETWORK,
  /** Nobody has this name. */
  UNKNOWN_NAME,
  /** The default bridge has no names. */
  NO_NAMES_ON_DEFAULT_BRIDGE,
  /** The resolver does not know a name that it should know. */
  NAME_NOT_RESOLVED,
  /** The name servers that are asked for other names do not answer. */
  DNS_FAILING,
  /** The two are on different networks. */
  NO_COMMON_NETWORK,
  /** An internal network has no way out, nor in. */
  INTERNAL_NETWORK,
  /** No route leads there. */
  NO_ROUTE,
  /** The host sends it elsewhere: a route and a subnet overlap. */
  SUBNET_OVERLAP,
  /** A macvlan or ipvlan container and its host cannot reach each other. */
  BESIDE_HOST,
  /** The host does not forward packets. */
  FORWARDING_OFF,
  /** Containers of this network may not reach each other. */
  ICC_DISABLED,
  /** A rule in DOCKER-USER. */
  USER_RULE,
  /** A rule of the host that is not the engine's. */
  HOST_FIREWALL,
  /** The port is not published. */
  NOT_PUBLISHED,
  /** The port is published for the host alone. */
  PUBLISHED_TO_LOOPBACK,
  /** The port is published on another address of the host. */
  PUBLISHED_ELSEWHERE,
  /** Nothing waits at that port. */
  NOTHING_LISTENS,
  /** What waits there takes connections of its own container only. */
  LISTENS_ON_LOOPBACK,
  /** What waits there waits on another address. */
  LISTENS_ELSEWHERE,
  /** The packets leave this machine, and nobody answers. */
  NO_ANSWER,
  /** The state says yes, and the attempt no. */
  UNEXPLAINED;

  /** The word. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
