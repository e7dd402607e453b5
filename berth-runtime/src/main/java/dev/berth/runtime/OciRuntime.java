package dev.berth.runtime;

import dev.berth.runtime.driver.crun.ProgramRuntime;
import java.time.InstantSource;

/** Opens the engine's {@link Runtime}. */
public final class OciRuntime {
  private OciRuntime() {}

  /**
   * Checks the programs and the machine's cgroups.
   *
   * @throws dev.berth.core.EngineException if a program is missing or the cgroup driver cannot work
   */
  public static Runtime open(RuntimeConfiguration configuration, InstantSource clock) {
    return ProgramRuntime.open(configuration, clock);
  }
}
