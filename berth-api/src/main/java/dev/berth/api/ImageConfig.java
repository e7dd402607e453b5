package dev.berth.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an image says about the containers made from it. */
@EngineJson
public record ImageConfig(
    @OmitEmpty String user,
    @OmitEmpty @Nullable Map<String, Empty> exposedPorts,
    @OmitEmpty @Nullable List<String> env,
    @OmitEmpty @Nullable List<String> entrypoint,
    @OmitEmpty @Nullable List<String> cmd,
    @OmitEmpty @Nullable Map<String, Empty> volumes,
    @OmitEmpty String workingDir,
    @OmitEmpty @Nullable Map<String, String> labels,
    @OmitEmpty String stopSignal,
    @OmitEmpty boolean argsEscaped,
    @OmitNull @Nullable HealthConfig healthcheck,
    @OmitEmpty @Nullable List<String> onBuild,
    @OmitEmpty @Nullable List<String> shell) {}
