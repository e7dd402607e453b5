package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of {@link HostConfig} about what the processes may do. */
@EngineJson
public record HostPrivileges(
    boolean privileged,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Nullable List<String> capAdd,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Nullable List<String> capDrop,
    @Nullable List<String> groupAdd,
    @Nullable List<String> securityOpt,
    int oomScoreAdj,
    @OmitEmpty @Nullable Map<String, String> sysctls,
    @Nullable List<String> maskedPaths,
    @Nullable List<String> readonlyPaths) {}
