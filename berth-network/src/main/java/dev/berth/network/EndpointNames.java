package dev.berth.network;

import dev.berth.core.Ids;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The names of a container on a network. */
final class EndpointNames {
  private EndpointNames() {}

  /** Its name, aliases, short id and host name, each once. */
  static List<String> of(SandboxSpec spec, List<String> aliases) {
    Set<String> names = new LinkedHashSet<>();
    names.add(spec.name());
    names.addAll(aliases);
    names.add(Ids.shortId(spec.containerId()));
    names.add(spec.hostname());
    names.remove("");
    return List.copyOf(names);
  }

  /** Reads {@code name} and {@code name:alias}: alias to name. */
  static Map<String, String> links(List<String> links) {
    Map<String, String> byAlias = new LinkedHashMap<>();
    for (String link : links) {
      int colon = link.indexOf(':');
      String name = colon < 0 ? link : link.substring(0, colon);
      byAlias.put(colon < 0 ? link : link.substring(colon + 1), name);
    }
    return byAlias;
  }
}
