package dev.berth.network;

import java.nio.file.Path;
import java.util.List;

/**
 * Where CNI is installed.
 *
 * @param configurations folders with {@code .conflist}, {@code .conf} and {@code .json} files
 * @param programs folders with plugins, in the order they are searched
 */
public record CniPaths(List<Path> configurations, List<Path> programs) {
  /** Where installers and distributions put it. */
  public static final CniPaths STANDARD =
      new CniPaths(
          List.of(Path.of("/etc/cni/net.d")),
          List.of(Path.of("/opt/cni/bin"), Path.of("/usr/lib/cni"), Path.of("/usr/libexec/cni")));

  /** Copies the lists. */
  public CniPaths {
    configurations = List.copyOf(configurations);
    programs = List.copyOf(programs);
  }
}
