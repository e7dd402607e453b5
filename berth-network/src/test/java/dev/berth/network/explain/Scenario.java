package dev.berth.network.explain;

import dev.berth.network.explain.NamespaceView.Interface;
import dev.berth.network.explain.NamespaceView.Listener;
import dev.berth.network.explain.NamespaceView.Route;
import dev.berth.network.explain.Party.Attachment;
import dev.berth.network.explain.Party.Kind;
import dev.berth.network.explain.Party.Life;
import dev.berth.network.explain.Party.Mode;
import dev.berth.network.explain.Party.Published;
import dev.berth.network.firewall.Prefix;
import dev.berth.network.firewall.Protocol;
import dev.berth.network.trace.Ruleset;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A host at 198.51.100.1 with the networks app, other and bridge, the container client at
 * 172.18.0.3 of app, and web at 172.18.0.2 with port 80. Tests change one thing of it.
 */
final class Scenario {
  static final NetworkFacts APP = network("app", 18);
  static final NetworkFacts OTHER = network("other", 19);
  static final NetworkFacts BRIDGE =
      new NetworkFacts(
          "bridge", "bridge", "bridge", "docker0", false, true, true, List.of(block(17)));

  final Map<String, String> settings =
      new HashMap<>(Map.of("ipv4/ip_forward", "1", "bridge/bridge-nf-call-iptables", "1"));
  final List<Route> hostRoutes = new ArrayList<>();
  final List<Published> published = new ArrayList<>();
  List<NetworkFacts> networks = List.of(APP, OTHER, BRIDGE);
  List<Listener> listeners = List.of(listener("0.0.0.0", 80));
  List<Listener> hostListeners = List.of();
  String clientNetwork = "app";
  String webNetwork = "app";
  Mode clientMode = Mode.NETWORKS;
  Mode webMode = Mode.NETWORKS;
  Life clientLife = Life.RUNNING;
  Life webLife = Life.RUNNING;
  String rules = "";
  @Nullable Party from;
  @Nullable Party to;
  @Nullable InetAddress literal;
  @Nullable Names names;
  int port = 80;
  int outMtu = 1500;

  Scenario() {
    hostRoutes.add(route("0.0.0.0/0", "198.51.100.2", "eth0"));
    hostRoutes.add(route("172.17.0.0/16", null, "docker0"));
    hostRoutes.add(route("172.18.0.0/16", null, "br-app"));
    hostRoutes.add(route("172.19.0.0/16", null, "br-other"));
  }

  static NetworkFacts network(String name, int number) {
    return new NetworkFacts(
        name, name, "bridge", "br-" + name, false, true, false, List.of(block(number)));
  }

  private static Prefix block(int number) {
    return Prefix.parse("172." + number + ".0.0/16");
  }

  static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  static Listener listener(String address, int port) {
    return new Listener(Protocol.TCP, ip(address), port);
  }

  static Route route(String destination, @Nullable String gateway, String out) {
    return new Route(Prefix.parse(destination), gateway == null ? null : ip(gateway), out, 0);
  }

  static Names named(@Nullable List<InetAddress> predicted, Names.@Nullable Answer answer) {
    return new Names(
        true,
        predicted,
        "the name server of network app",
        answer,
        List.of("127.0.0.11"),
        List.of());
  }

  NamespaceView host() {
    return new NamespaceView(
        List.of(
            new Interface("lo", 65536, true, List.of(Prefix.parse("127.0.0.1/8"))),
            new Interface("eth0", outMtu, true, List.of(Prefix.parse("198.51.100.1/24"))),
            new Interface("docker0", 1500, true, List.of(Prefix.parse("172.17.0.1/16"))),
            new Interface("br-app", 1500, true, List.of(Prefix.parse("172.18.0.1/16"))),
            new Interface("br-other", 1500, true, List.of(Prefix.parse("172.19.0.1/16")))),
        hostRoutes,
        hostListeners,
        settings);
  }

  private Party container(String name, String network, int last) {
    boolean web = name.equals("web");
    Mode mode = web ? webMode : clientMode;
    int number =
        switch (network) {
          case "bridge" -> 17;
          case "app" -> 18;
          default -> 19;
        };
    boolean inner = !facts(network).internal();
    String prefix = "172." + number + ".0.";
    List<Route> routes = new ArrayList<>();
    routes.add(route(prefix + "0/16", null, "eth0"));
    if (inner) {
      routes.add(route("0.0.0.0/0", prefix + "1", "eth0"));
    }
    return new Party(
        Kind.CONTAINER,
        name,
        web ? webLife : clientLife,
        mode,
        mode == Mode.NETWORKS
            ? List.of(
                new Attachment(
                    network,
                    "eth0",
                    ip(prefix + last),
                    null,
                    facts(network).defaultBridge() ? List.of() : List.of(name),
                    Map.of()))
            : List.of(),
        web ? published : List.of(),
        mode == Mode.HOST
            ? host()
            : new NamespaceView(
                List.of(
                    new Interface(
                        "eth0", 1500, true, List.of(Prefix.parse(prefix + last + "/16")))),
                mode == Mode.NONE ? List.of() : routes,
                web ? listeners : List.of(),
                Map.of()));
  }

  private NetworkFacts facts(String id) {
    return networks.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
  }

  Party client() {
    return container("client", clientNetwork, 3);
  }

  Party web() {
    return container("web", webNetwork, 2);
  }

  Situation situation() {
    Party source = from == null ? client() : from;
    Party target = to == null ? web() : to;
    boolean byName =
        literal == null && source.isContainer() && source.mode() != Mode.HOST && to == null;
    Names usual =
        clientNetwork.equals(webNetwork) && webMode == Mode.NETWORKS && !webNetwork.equals("bridge")
            ? named(List.of(ip("172.18.0.2")), null)
            : named(List.of(), null);
    return new Situation(
        new Question(source.name(), target.name(), port, Protocol.TCP),
        source,
        target,
        names != null ? names : byName ? usual : Names.NOT_NEEDED,
        networks,
        List.of(client(), web()),
        host(),
        Ruleset.read(rules, "", false),
        Ruleset.EMPTY,
        literal);
  }

  Prediction prediction() {
    return Prediction.of(situation());
  }
}
