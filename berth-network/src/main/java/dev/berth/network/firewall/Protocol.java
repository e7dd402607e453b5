package dev.berth.network.firewall;

import java.util.Locale;

/** The transport protocols whose ports can be published. */
public enum Protocol {
  /** TCP. */
  TCP(6),
  /** UDP. */
  UDP(17),
  /** SCTP, where the kernel has it. */
  SCTP(132);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /** The protocol's number in an IP header. */
  public int number() {
    return number;
  }

  /** The lower-case name which Docker, iptables and nft share. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads Docker's name in any case.
   *
   * @throws IllegalArgumentException for an unknown protocol
   */
  public static Protocol parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
