package dev.berth.volume;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which containers refer to which volumes; the engine tells it anew after each start. */
final class VolumeUsers {
  private final Map<String, Set<String>> users = new HashMap<>();

  synchronized void add(String volume, String user) {
    users.computeIfAbsent(volume, name -> new TreeSet<>()).add(user);
  }

  synchronized void remove(String volume, String user) {
    Set<String> of = users.get(volume);
    if (of != null && of.remove(user) && of.isEmpty()) {
      users.remove(volume);
    }
  }

  synchronized void forget(String volume) {
    users.remove(volume);
  }

  synchronized void rename(String from, String to) {
    Set<String> of = users.remove(from);
    if (of != null) {
      users.put(to, of);
    }
  }

  synchronized Set<String> of(String volume) {
    return new TreeSet<>(users.getOrDefault(volume, Set.of()));
  }
}
