package dev.berth.network.trace;

/** One condition of a rule. Pure. */
@FunctionalInterface
interface Match {
  /** What a condition says of a packet. */
  enum Answer {
    YES,
    NO,
    /** It depends on something that is not known here: a limit, a mark, a match of its own. */
    UNSURE;

    static Answer of(boolean holds) {
      return holds ? YES : NO;
    }

    Answer negated(boolean negate) {
      return switch (this) {
        case UNSURE -> UNSURE;
        case YES -> negate ? NO : YES;
        case NO -> negate ? YES : NO;
      };
    }
  }

  /** A condition that is not understood. */
  Match UNKNOWN = packet -> Answer.UNSURE;

  Answer test(Packet packet);
}
