package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an image says about the containers made from it; {@code legacy} is told before 1.50. */
@EngineJson
public record ImageConfig(
    String user,
    @OmitEmpty @Nullable Map<String, Empty> exposedPorts,
    @Nullable List<String> env,
    @Nullable List<String> entrypoint,
    @Nullable List<String> cmd,
    @Nullable Map<String, Empty> volumes,
    String workingDir,
    @Nullable Map<String, String> labels,
    @OmitEmpty String stopSignal,
    @OmitEmpty boolean argsEscaped,
    @OmitNull @Nullable HealthConfig healthcheck,
    @Nullable List<String> onBuild,
    @OmitEmpty @Nullable List<String> shell,
    @JsonUnwrapped @Nullable ImageConfigLegacy legacy) {}
