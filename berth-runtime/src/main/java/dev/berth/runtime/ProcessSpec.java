package dev.berth.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process of a container or of an exec.
 *
 * @param args program and arguments; never empty
 * @param env {@code NAME=value} each
 * @param cwd an absolute path inside the root; made if it is missing
 * @param user numeric identity
 * @param terminal whether it gets a pseudo terminal
 * @param consoleSize first size of the terminal
 * @param init whether a small init process starts it and reaps orphans
 * @param ulimits resource limits
 */
public record ProcessSpec(
    List<String> args,
    List<String> env,
    String cwd,
    ProcessUser user,
    boolean terminal,
    @Nullable ConsoleSize consoleSize,
    boolean init,
    List<Ulimit> ulimits) {

  /** Copies the lists. */
  public ProcessSpec {
    args = List.copyOf(args);
    env = List.copyOf(env);
    ulimits = List.copyOf(ulimits);
    if (args.isEmpty()) {
      throw new IllegalArgumentException("a process needs a program");
    }
    if (!cwd.startsWith("/")) {
      throw new IllegalArgumentException("working directory is not absolute: " + cwd);
    }
  }
}
