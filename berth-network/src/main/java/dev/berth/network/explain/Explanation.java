package dev.berth.network.explain;

import dev.berth.network.explain.ProbeResult.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The answer.
 *
 * @param question what was asked
 * @param reachable whether it can be reached
 * @param verdict what decides
 * @param summary that in a sentence
 * @param findings what each step found
 * @param advice what to do about it
 * @param probe what the attempt showed
 * @param agreed whether the attempt showed what the state foretells; true where none was made
 */
public record Explanation(
    Question question,
    boolean reachable,
    Verdict verdict,
    String summary,
    List<Finding> findings,
    List<String> advice,
    ProbeResult probe,
    boolean agreed) {
  /** Copies the lists. */
  public Explanation {
    findings = List.copyOf(findings);
    advice = List.copyOf(advice);
  }

  /** Joins what is foretold with what was tried; of the two, the attempt is believed. Pure. */
  public static Explanation of(Situation situation, Prediction prediction, ProbeResult probe) {
    Question question = situation.question();
    Verdict foretold = prediction.verdict();
    boolean yes = foretold == Verdict.REACHABLE;
    boolean agreed = agrees(question, prediction, probe);
    boolean reachable = yes == agreed;
    Verdict verdict = agreed ? foretold : reachable ? Verdict.REACHABLE : Verdict.UNEXPLAINED;
    Set<String> advice = new LinkedHashSet<>();
    prediction.deciding().map(Finding::advice).ifPresent(advice::add);
    if (yes) {
      prediction.findings().stream().map(Finding::advice).forEach(advice::add);
    }
    advice.remove("");
    return new Explanation(
        question,
        reachable,
        verdict,
        summary(situation, prediction, verdict),
        prediction.findings(),
        new ArrayList<>(advice),
        probe,
        agreed);
  }

  private static boolean agrees(Question question, Prediction prediction, ProbeResult probe) {
    Outcome outcome = probe.outcome();
    if (outcome == Outcome.NOT_MADE || outcome == Outcome.SENT) {
      return true;
    }
    boolean answered =
        outcome == Outcome.CONNECTED || (!question.hasPort() && outcome == Outcome.REFUSED);
    return switch (prediction.verdict()) {
      case REACHABLE -> answered;
      // A frozen process still has its port, and an address may work where a name does not.
      case PAUSED,
          NO_NAMES_ON_DEFAULT_BRIDGE,
          NAME_NOT_RESOLVED,
          UNKNOWN_NAME,
          ON_HOST_NETWORK,
          DNS_FAILING ->
          true;
      default -> !answered;
    };
  }

  private static String summary(Situation situation, Prediction prediction, Verdict verdict) {
    String way = situation.from().name() + " ";
    String goal = situation.to().name();
    String port =
        situation.question().hasPort() ? " on port " + situation.question().portText() : "";
    return switch (verdict) {
      case REACHABLE -> way + "can reach " + goal + port;
      case UNEXPLAINED ->
          way + "cannot reach " + goal + port + ", although everything that is known allows it";
      default ->
          way
              + "cannot reach "
              + goal
              + port
              + ": "
              + prediction.deciding().map(Finding::text).orElse("");
    };
  }
}
