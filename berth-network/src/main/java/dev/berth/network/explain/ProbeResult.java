package dev.berth.network.explain;

import java.util.Locale;

/**
 * What an attempt showed.
 *
 * @param outcome what happened
 * @param target what was tried, such as {@code 172.18.0.3:80}
 * @param milliseconds how long it took
 */
public record ProbeResult(Outcome outcome, String target, long milliseconds) {
  /** What can happen. */
  public enum Outcome {
    /** It was not tried. */
    NOT_MADE,
    /** A connection was made. */
    CONNECTED,
    /** Somebody said that nothing waits there. */
    REFUSED,
    /** Nobody said anything in time. */
    SILENT,
    /** There was no way, or nobody had the address. */
    UNREACHABLE,
    /** A datagram was sent, and nobody said that nothing waits there. */
    SENT;

    /** The word. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** It was not tried. */
  public static final ProbeResult NONE = new ProbeResult(Outcome.NOT_MADE, "", 0);
}
