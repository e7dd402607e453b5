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
    boolean elsewhere = yes && prediction.journey().leavesTheMachine();
    boolean agreed = elsewhere || agrees(question, prediction, probe);
    Verdict verdict =
        elsewhere
            ? elsewhere(question, probe.outcome())
            : agreed ? foretold : yes ? Verdict.UNEXPLAINED : Verdict.REACHABLE;
    boolean reachable = verdict == Verdict.REACHABLE;
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

  /** Of another machine the state foretells nothing; what the attempt showed is all there is. */
  private static Verdict elsewhere(Question question, Outcome outcome) {
    return switch (outcome) {
      case NOT_MADE, SENT, CONNECTED -> Verdict.REACHABLE;
      case REFUSED -> question.hasPort() ? Verdict.NOTHING_LISTENS : Verdict.REACHABLE;
      case SILENT, UNREACHABLE -> Verdict.NO_ANSWER;
    };
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
    boolean itself =
        situation.from().isContainer() && situation.from().name().equals(situation.to().name());
    String goal = itself ? "itself" : situation.to().name();
    String port =
        situation.question().hasPort() ? " on port " + situation.question().portText() : "";
    return switch (verdict) {
      case REACHABLE -> way + "can reach " + goal + port;
      case UNEXPLAINED ->
          way + "cannot reach " + goal + port + ", although everything that is known allows it";
      case NO_ANSWER ->
          way
              + "cannot reach "
              + goal
              + port
              + ": nobody answers, although this machine lets the packets out";
      default ->
          way
              + "cannot reach "
              + goal
              + port
              + ": "
              + prediction.deciding().map(Finding::text).orElse("it refuses");
    };
  }
}
