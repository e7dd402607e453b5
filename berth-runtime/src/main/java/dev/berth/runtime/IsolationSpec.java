package dev.berth.runtime;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the container sees of the machine.
 *
 * @param namespaces its name spaces; always with a mount name space
 * @param hostname null with the host's UTS name space
 * @param domainname NIS domain name; null for none
 * @param sysctls kernel parameters of its name spaces
 * @param cgroupParent cgroup under which the container's is made, {@code /docker} when null; with a
 *     systemd driver the name of a slice
 * @param annotations passed to the runtime as they are
 */
public record IsolationSpec(
    List<Namespace> namespaces,
    @Nullable String hostname,
    @Nullable String domainname,
    Map<String, String> sysctls,
    @Nullable String cgroupParent,
    Map<String, String> annotations) {

  /** Copies the collections. */
  public IsolationSpec {
    namespaces = List.copyOf(namespaces);
    sysctls = Map.copyOf(sysctls);
    annotations = Map.copyOf(annotations);
  }

  /** Whether the container has a name space of this kind apart from the host's. */
  public boolean has(Namespace.Kind kind) {
    return namespaces.stream().anyMatch(namespace -> namespace.kind() == kind);
  }
}
