package dev.berth.runtime;

import java.util.List;

/**
 * One mount of the container, as the runtime specification has it.
 *
 * @param destination absolute path inside the container
 * @param type file system, or {@code bind}
 * @param source host path, or any word for file systems without one
 * @param options mount(8) options, {@code rbind}, {@code ro}, {@code rprivate} and the like
 */
public record OciMount(String destination, String type, String source, List<String> options) {
  /** Copies the options. */
  public OciMount {
    options = List.copyOf(options);
    if (!destination.startsWith("/")) {
      throw new IllegalArgumentException("mount destination is not absolute: " + destination);
    }
  }

  /** A bind mount with the given options beside {@code rbind}. */
  public static OciMount bind(String source, String destination, List<String> options) {
    List<String> all = new java.util.ArrayList<>(options);
    if (!all.contains("bind") && !all.contains("rbind")) {
      all.addFirst("rbind");
    }
    return new OciMount(destination, "bind", source, all);
  }
}
