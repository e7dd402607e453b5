package dev.berth.api;

/**
 * One case of a volume's benchmark.
 *
 * @param name of the case
 * @param readRate bytes a second
 * @param writeRate bytes a second
 * @param reads operations a second; of the case on files: removed ones
 * @param writes operations a second; of the case on files: made ones
 * @param meanLatency microseconds
 * @param slowLatency microseconds; 99 of 100 operations are faster
 * @param note what was different from the plan; else empty
 */
@EngineJson
public record VolumeBenchResult(
    String name,
    double readRate,
    double writeRate,
    double reads,
    double writes,
    double meanLatency,
    double slowLatency,
    String note) {}
