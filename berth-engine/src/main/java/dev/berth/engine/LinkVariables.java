package dev.berth.engine;

import dev.berth.engine.PortRules.ContainerPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Environment variables by which a container learns of those it is linked to. */
final class LinkVariables {
  private static final Set<String> NOT_PASSED = Set.of("HOME", "PATH");
  private static final Comparator<ContainerPort> TCP_FIRST =
      Comparator.comparing((ContainerPort port) -> !port.protocol().equals("tcp"))
          .thenComparing(ContainerPort::protocol)
          .thenComparingInt(ContainerPort::number);

  private LinkVariables() {}

  /**
   * The variables of one link.
   *
   * @param child name of the container that gets them
   * @param alias by which it knows the other
   * @param address of the other
   * @param exposed the other's ports
   * @param environment of the other's user and image
   */
  static List<String> of(
      String child, String alias, String address, Set<String> exposed, List<String> environment) {
    String prefix = alias.toUpperCase(Locale.ROOT).replace('-', '_');
    List<String> variables = new ArrayList<>();
    variables.add(prefix + "_NAME=/" + child + "/" + alias);
    TreeSet<ContainerPort> ports = new TreeSet<>(TCP_FIRST);
    exposed.forEach(port -> ports.add(PortRules.containerPort(port)));
    if (!ports.isEmpty()) {
      variables.add(prefix + "_PORT=" + url(address, ports.getFirst()));
    }
    for (ContainerPort port : ports) {
      String name = name(prefix, port);
      variables.add(name + "=" + url(address, port));
      variables.add(name + "_ADDR=" + address);
      variables.add(name + "_PORT=" + port.number());
      variables.add(name + "_PROTO=" + port.protocol());
    }
    addRanges(prefix, address, ports, variables);
    for (String entry : environment) {
      int equals = entry.indexOf('=');
      if (equals > 0 && !NOT_PASSED.contains(entry.substring(0, equals))) {
        variables.add(prefix + "_ENV_" + entry);
      }
    }
    return variables;
  }

  /** Ports of one protocol that follow each other are named as a range too, by its first one. */
  private static void addRanges(
      String prefix, String address, SortedSet<ContainerPort> ports, List<String> variables) {
    for (ContainerPort first : ports) {
      ContainerPort last = first;
      boolean begins = !ports.contains(neighbour(first, -1));
      while (begins && ports.contains(neighbour(last, 1))) {
        last = neighbour(last, 1);
      }
      if (!last.equals(first)) {
        String name = name(prefix, first);
        variables.add(name + "_START=" + url(address, first));
        variables.add(name + "_PORT_START=" + first.number());
        variables.add(name + "_END=" + url(address, last));
        variables.add(name + "_PORT_END=" + last.number());
      }
    }
  }

  private static ContainerPort neighbour(ContainerPort port, int distance) {
    return new ContainerPort(port.number() + distance, port.protocol());
  }

  private static String name(String prefix, ContainerPort port) {
    return prefix + "_PORT_" + port.number() + "_" + port.protocol().toUpperCase(Locale.ROOT);
  }

  private static String url(String address, ContainerPort port) {
    return port.protocol() + "://" + address + ":" + port.number();
  }
}
