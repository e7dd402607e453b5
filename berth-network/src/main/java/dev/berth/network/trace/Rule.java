package dev.berth.network.trace;

import java.util.List;

/**
 * A rule.
 *
 * @param text as the kernel's tool prints it
 * @param matches all of which must hold
 * @param action what follows then
 */
record Rule(String text, List<Match> matches, Action action) {
  Rule {
    matches = List.copyOf(matches);
  }

  /** NO as soon as one condition says so, else UNSURE if one is. */
  Match.Answer test(Packet packet) {
    Match.Answer answer = Match.Answer.YES;
    for (Match match : matches) {
      Match.Answer one = match.test(packet);
      if (one == Match.Answer.NO) {
        return one;
      }
      answer = one == Match.Answer.UNSURE ? one : answer;
    }
    return answer;
  }
}
