package dev.berth.network.link;

/**
 * A link as the kernel has it.
 *
 * @param name its name
 * @param index its number
 * @param kind {@code bridge}, {@code veth}, {@code vlan} and so on; empty for hardware
 * @param mtuBytes its MTU
 * @param up whether it is switched on
 */
public record HostLinkFacts(String name, int index, String kind, int mtuBytes, boolean up) {}
