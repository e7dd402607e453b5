package dev.berth.network.trace;

import java.util.Locale;

/** The places on a packet's way at which the kernel asks the packet filter. */
public enum Hook {
  /** As it arrives. */
  PREROUTING,
  /** Before it is given to the host itself. */
  INPUT,
  /** Before it is passed on. */
  FORWARD,
  /** As the host sends it. */
  OUTPUT,
  /** As it leaves. */
  POSTROUTING;

  /** The kernel's word. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
