package dev.berth.linux;

import java.util.Arrays;

/**
 * A change to make, ready to be sent by a {@link RouteSocket} alone or in a batch. Pure data: made
 * by {@link Links}, {@link Addresses}, {@link Routes} and {@link Neighbours}. Descriptors that it
 * names must be open when it is sent.
 */
public final class NetlinkRequest {
  private final String operation;
  private final String arguments;
  private final byte[] message;

  NetlinkRequest(String operation, String arguments, NetlinkWriter message) {
    this.operation = operation;
    this.arguments = arguments;
    this.message = message.toBytes();
  }

  /** The kernel's word, for instance {@code RTM_NEWLINK}. */
  public String operation() {
    return operation;
  }

  /** What it is about, for errors and logs. */
  public String arguments() {
    return arguments;
  }

  byte[] message() {
    return message.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NetlinkRequest request && Arrays.equals(request.message, message);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(message);
  }

  @Override
  public String toString() {
    return operation + " " + arguments;
  }
}
