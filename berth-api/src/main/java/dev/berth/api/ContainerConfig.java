package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The portable part of a container's configuration. {@code stopTimeout} is in seconds. */
@EngineJson
public record ContainerConfig(
    String hostname,
    String domainname,
    String user,
    boolean attachStdin,
    boolean attachStdout,
    boolean attachStderr,
    @OmitEmpty @Nullable Map<String, Empty> exposedPorts,
    boolean tty,
    boolean openStdin,
    boolean stdinOnce,
    @Nullable List<String> env,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable List<String> cmd,
    @OmitNull @Nullable HealthConfig healthcheck,
    @OmitEmpty boolean argsEscaped,
    String image,
    @Nullable Map<String, Empty> volumes,
    String workingDir,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Nullable List<String> entrypoint,
    @OmitEmpty boolean networkDisabled,
    @OmitEmpty String macAddress,
    @Nullable List<String> onBuild,
    @Nullable Map<String, String> labels,
    @OmitEmpty String stopSignal,
    @OmitNull @Nullable Integer stopTimeout,
    @OmitEmpty @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Nullable List<String> shell) {}
