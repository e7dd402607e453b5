package dev.berth.linux;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An interface to make.
 *
 * @param name its name, at most 15 bytes
 * @param kind what it is
 * @param mac its hardware address; the kernel's choice when empty
 * @param mtuBytes its MTU; the kernel's choice when empty
 * @param masterIndex the bridge it becomes a port of; none when empty
 * @param up whether it is brought up at once
 * @param namespace where it is made; null for the socket's own. Must be open when the request is
 *     sent
 * @param alias a text kept by the kernel; may be empty
 * @param index its number; the kernel chooses when empty, EBUSY when taken
 */
public record LinkSpec(
    String name,
    LinkKind kind,
    Optional<MacAddress> mac,
    OptionalInt mtuBytes,
    OptionalInt masterIndex,
    boolean up,
    @Nullable Fd namespace,
    String alias,
    OptionalInt index) {

  /** An interface that is down, with everything else left to the kernel. */
  public static LinkSpec of(String name, LinkKind kind) {
    return new LinkSpec(
        name,
        kind,
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        false,
        null,
        "",
        OptionalInt.empty());
  }

  /** The same with a hardware address. */
  public LinkSpec withMac(MacAddress address) {
    return new LinkSpec(
        name, kind, Optional.of(address), mtuBytes, masterIndex, up, namespace, alias, index);
  }

  /** The same with an MTU. */
  public LinkSpec withMtuBytes(int bytes) {
    return new LinkSpec(
        name, kind, mac, OptionalInt.of(bytes), masterIndex, up, namespace, alias, index);
  }

  /** The same as port of a bridge. */
  public LinkSpec withMaster(int bridgeIndex) {
    return new LinkSpec(
        name, kind, mac, mtuBytes, OptionalInt.of(bridgeIndex), up, namespace, alias, index);
  }

  /** The same, brought up at once. */
  public LinkSpec broughtUp() {
    return new LinkSpec(name, kind, mac, mtuBytes, masterIndex, true, namespace, alias, index);
  }

  /** The same in another namespace. */
  public LinkSpec inNamespace(Fd other) {
    return new LinkSpec(name, kind, mac, mtuBytes, masterIndex, up, other, alias, index);
  }

  /** The same with a number. */
  public LinkSpec withIndex(int number) {
    return new LinkSpec(
        name, kind, mac, mtuBytes, masterIndex, up, namespace, alias, OptionalInt.of(number));
  }
}
