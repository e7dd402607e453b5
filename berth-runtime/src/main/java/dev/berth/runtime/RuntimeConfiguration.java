package dev.berth.runtime;

import java.nio.file.Path;

/**
 * What the runtime needs to know.
 *
 * @param name {@code crun} or {@code runc}
 * @param runtimeProgram path of the OCI runtime
 * @param monitorProgram path of conmon
 * @param stateDirectory for files that need not survive a reboot: below {@code --exec-root}
 * @param cacheDirectory for files that may: below {@code --data-root}
 * @param cgroupDriver who makes groups
 */
public record RuntimeConfiguration(
    String name,
    Path runtimeProgram,
    Path monitorProgram,
    Path stateDirectory,
    Path cacheDirectory,
    Cgroups.Driver cgroupDriver) {}
