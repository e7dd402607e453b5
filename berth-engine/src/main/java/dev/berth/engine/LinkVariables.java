package dev.berth.engine;

import dev.berth.engine.PortRules.ContainerPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Environment variables by which a container learns of those it is linked to. */
final class LinkVariables {
  private static final Set<String> NOT_PASSED = Set.of("HOME", "PATH");

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
    TreeSet<ContainerPort> ports = new TreeSet<>();
    exposed.forEach(port -> ports.add(PortRules.containerPort(port)));
    if (!ports.isEmpty()) {
      variables.add(prefix + "_PORT=" + url(address, ports.getFirst()));
    }
    for (ContainerPort port : ports) {
      String name =
          prefix + "_PORT_" + port.number() + "_" + port.protocol().toUpperCase(Locale.ROOT);
      variables.add(name + "=" + url(address, port));
      variables.add(name + "_ADDR=" + address);
      variables.add(name + "_PORT=" + port.number());
      variables.add(name + "_PROTO=" + port.protocol());
    }
    for (String entry : environment) {
      int equals = entry.indexOf('=');
      if (equals > 0 && !NOT_PASSED.contains(entry.substring(0, equals))) {
        variables.add(prefix + "_ENV_" + entry);
      }
    }
    return variables;
  }

  private static String url(String address, ContainerPort port) {
    return port.protocol() + "://" + address + ":" + port.number();
  }
}
