package dev.berth.engine;

import dev.berth.runtime.OciMount;
import dev.berth.runtime.SecuritySpec.Seccomp;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a launch is put together from, all of it resolved.
 *
 * @param definition the container
 * @param root its mounted root file system
 * @param user who its process runs as
 * @param shared what it shares with the host or others
 * @param mounts of the user, the engine's files included
 * @param linkVariables of linked containers
 * @param seccomp which system calls
 * @param log its log file
 * @param cgroupVersion of this machine
 */
record LaunchParts(
    ContainerRecord definition,
    Path root,
    PasswordFiles.Identity user,
    Shared shared,
    List<OciMount> mounts,
    List<String> linkVariables,
    Seccomp seccomp,
    Path log,
    int cgroupVersion) {

  /**
   * What a container shares.
   *
   * @param network the namespace to join; null for the host's
   * @param hostname in its UTS namespace
   * @param pid of the container whose process ids it sees; zero for none
   * @param ipc pid of the container whose shared memory it uses; zero for none
   * @param shm on the host; null for one of its own or none
   */
  record Shared(@Nullable Path network, String hostname, int pid, int ipc, @Nullable Path shm) {}
}
