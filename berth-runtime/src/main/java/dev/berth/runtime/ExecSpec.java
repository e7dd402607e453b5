package dev.berth.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A further process of a running container.
 *
 * @param id of the exec, usable as a file name
 * @param process what runs
 * @param capabilities with {@code CAP_} in front; null for those of the container
 * @param noNewPrivileges as for the container
 * @param openStdin whether it has an input
 * @param detached whether nobody reads its output
 */
public record ExecSpec(
    String id,
    ProcessSpec process,
    @Nullable List<String> capabilities,
    boolean noNewPrivileges,
    boolean openStdin,
    boolean detached) {

  /** Copies the capabilities. */
  public ExecSpec {
    capabilities = capabilities == null ? null : List.copyOf(capabilities);
  }
}
