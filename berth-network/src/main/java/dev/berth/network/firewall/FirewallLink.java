package dev.berth.network.firewall;

import java.net.InetAddress;

/**
 * A legacy link on a bridge without inter-container communication: one container may reach one port
 * of another, and get its answers.
 *
 * @param networkId the network of both
 * @param source who may connect
 * @param target to whom
 * @param protocol by which protocol
 * @param targetPort to which port
 */
public record FirewallLink(
    String networkId, InetAddress source, InetAddress target, Protocol protocol, int targetPort) {}
