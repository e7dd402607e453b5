package dev.berth.network.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What should happen, by the state alone.
 *
 * @param journey how far the first packet gets
 * @param findings what each step found, in the order of the packet's way
 */
public record Prediction(Journey journey, List<Finding> findings) {
  /** In the order of a packet's way. A policy or an overlay is one more line here. */
  private static final List<Step> STEPS =
      List.of(
          new RunningStep(),
          new ModeStep(),
          new NetworksStep(),
          new NameStep(),
          new RouteStep(),
          new PublishedStep(),
          new RulesStep(),
          new ListeningStep());

  /** Copies the list. */
  public Prediction {
    findings = List.copyOf(findings);
  }

  /** Looks at everything; the first step that fails decides. Pure. */
  public static Prediction of(Situation situation) {
    Journey journey = Journeys.of(situation);
    List<Finding> findings = new ArrayList<>();
    for (Step step : STEPS) {
      step.look(situation, journey).ifPresent(findings::add);
    }
    return new Prediction(journey, findings);
  }

  /** The finding that decides; nothing where it should be reached. */
  public Optional<Finding> deciding() {
    return findings.stream().filter(Finding::failed).findFirst();
  }

  /** What decides. */
  public Verdict verdict() {
    return deciding().flatMap(f -> Optional.ofNullable(f.verdict())).orElse(Verdict.REACHABLE);
  }
}
