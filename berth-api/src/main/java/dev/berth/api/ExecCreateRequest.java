package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /containers/{id}/exec}. */
@EngineJson
public record ExecCreateRequest(
    String user,
    boolean privileged,
    boolean tty,
    @OmitNull @Nullable List<Integer> consoleSize,
    boolean attachStdin,
    boolean attachStderr,
    boolean attachStdout,
    String detachKeys,
    @Nullable List<String> env,
    String workingDir,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Nullable List<String> cmd) {}
