package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of {@link HostConfig} about the container's life. */
@EngineJson
public record HostLife(
    @JsonProperty("ContainerIDFile") String containerIdFile,
    @Nullable LogConfig logConfig,
    @Nullable RestartPolicy restartPolicy,
    boolean autoRemove,
    @Nullable List<Integer> consoleSize,
    @OmitEmpty @Nullable Map<String, String> annotations,
    @OmitEmpty String runtime,
    String isolation,
    @OmitNull @Nullable Boolean init) {}
