package dev.berth.network.dns;

import dev.berth.core.Durations;

/** How many questions the name server was asked, and how long answers took. */
public final class DnsFigures {
  private final Durations handled = Durations.ofCalls();
  private final Durations forwarded = Durations.ofCalls();

  DnsFigures() {}

  void handled(int questions, long nanos) {
    handled.add(nanos / questions, questions);
  }

  void forwarded(long nanos) {
    forwarded.add(nanos);
  }

  /** Each question by UDP, and the time until it was answered from here or passed on. */
  public Durations handled() {
    return handled;
  }

  /** Each question that others were asked, and the time until their answer was sent on. */
  public Durations forwarded() {
    return forwarded;
  }
}
