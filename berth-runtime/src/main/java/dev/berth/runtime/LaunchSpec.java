package dev.berth.runtime;

import java.util.List;
import java.util.Objects;

/**
 * Everything a container is, in the words of the OCI runtime specification: paths and numbers that
 * are already resolved, no image, network or volume. The runtime adds nothing of its own but what
 * {@link SecuritySpec#privileged()} and {@link ProcessSpec#init()} ask for; {@link LaunchDefaults}
 * holds the defaults that Docker users expect.
 *
 * @param id the container's id: 64 hexadecimal digits in the engine; it names the cgroup
 * @param process what runs first
 * @param root its root file system
 * @param mounts in the order in which they are mounted
 * @param isolation name spaces, names and kernel parameters
 * @param resources limits
 * @param security capabilities, seccomp, devices and hidden paths
 * @param io where input comes from and output goes to
 */
public record LaunchSpec(
    String id,
    ProcessSpec process,
    RootSpec root,
    List<OciMount> mounts,
    IsolationSpec isolation,
    Resources resources,
    SecuritySpec security,
    IoSpec io) {

  /** Copies the lists; the id must be usable as a file name. */
  public LaunchSpec {
    Objects.requireNonNull(process);
    if (!id.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}")) {
      throw new IllegalArgumentException("container id: " + id);
    }
    mounts = List.copyOf(mounts);
  }
}
