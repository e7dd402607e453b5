package dev.berth.api;

import java.util.List;

/** Berth's own: whether one place of the network reaches another, and why not. */
@EngineJson
public record NetworkExplanation(
    String from,
    String to,
    int port,
    String protocol,
    boolean reachable,
    String verdict,
    String summary,
    List<Finding> steps,
    List<String> advice,
    Probe probe) {

  /** What one step found: {@code ok}, {@code note} or {@code failed}. */
  @EngineJson
  public record Finding(
      String step, String result, String text, @OmitEmpty String verdict, @OmitEmpty String rule) {}

  /** What an attempt from inside showed, and whether that is what the state foretells. */
  @EngineJson
  public record Probe(
      String outcome, @OmitEmpty String target, long milliseconds, boolean agrees) {}
}
