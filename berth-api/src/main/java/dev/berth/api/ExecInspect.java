package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answer of {@code GET /exec/{id}/json}. */
@EngineJson
public record ExecInspect(
    @JsonProperty("ID") String id,
    boolean running,
    @Nullable Integer exitCode,
    ProcessConfig processConfig,
    boolean openStdin,
    boolean openStderr,
    boolean openStdout,
    boolean canRemove,
    @JsonProperty("ContainerID") String containerId,
    String detachKeys,
    int pid) {
  /** The process of an exec. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ProcessConfig(
      boolean tty,
      String entrypoint,
      List<String> arguments,
      @OmitNull @Nullable Boolean privileged,
      @OmitEmpty String user) {}
}
