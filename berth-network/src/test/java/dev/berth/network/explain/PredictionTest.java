package dev.berth.network.explain;

import static dev.berth.network.explain.Scenario.ip;
import static dev.berth.network.explain.Scenario.listener;
import static dev.berth.network.explain.Scenario.named;
import static dev.berth.network.explain.Scenario.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.network.explain.Names.Answer;
import dev.berth.network.explain.Names.Outcome;
import dev.berth.network.explain.Party.Kind;
import dev.berth.network.explain.Party.Life;
import dev.berth.network.explain.Party.Mode;
import dev.berth.network.explain.Party.Published;
import dev.berth.network.firewall.Protocol;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One thing is changed in a scene where all is well: the verdict names that thing. */
class PredictionTest {
  private static final String DROPPING =
      """
      *filter
      :INPUT %s [0:0]
      :FORWARD ACCEPT [0:0]
      :DOCKER-USER - [0:0]
      :DOCKER-FORWARD - [0:0]
      -A FORWARD -j DOCKER-USER
      -A FORWARD -j DOCKER-FORWARD
      %s
      COMMIT
      """;

  private static Arguments when(Verdict verdict, String what, Consumer<Scenario> change) {
    return Arguments.of(verdict, what, change);
  }

  private static String rules(String input, String rule) {
    return DROPPING.formatted(input, rule);
  }

  private static NetworkFacts changed(
      NetworkFacts of, String driver, boolean internal, boolean icc) {
    return new NetworkFacts(
        of.id(), of.name(), driver, of.bridge(), internal, icc, of.defaultBridge(), of.subnets());
  }

  private static Party place(Kind kind, Scenario scene) {
    return kind == Kind.HOST
        ? Party.theHost(scene.host())
        : Party.of(kind, "elsewhere", NamespaceView.EMPTY);
  }

  private static void publish(Scenario scene, String address) {
    scene.published.add(new Published(80, Protocol.TCP, ip(address), 8080));
  }

  static Stream<Arguments> containers() {
    return Stream.of(
        when(Verdict.REACHABLE, "nothing", scene -> {}),
        when(
            Verdict.SOURCE_NOT_RUNNING,
            "client stopped",
            scene -> scene.clientLife = new Life("exited", false, false, "")),
        when(
            Verdict.NOT_RUNNING,
            "web stopped",
            scene -> scene.webLife = new Life("exited", false, false, "")),
        when(
            Verdict.PORT_CONFLICT,
            "web not started",
            scene ->
                scene.webLife =
                    new Life("created", false, false, "Bind failed: port is already allocated")),
        when(
            Verdict.PAUSED,
            "web paused",
            scene -> scene.webLife = new Life("paused", true, true, "")),
        when(Verdict.SOURCE_HAS_NO_NETWORK, "none", scene -> scene.clientMode = Mode.NONE),
        when(Verdict.NO_NETWORK, "none", scene -> scene.webMode = Mode.NONE),
        when(Verdict.ON_HOST_NETWORK, "host mode", scene -> scene.webMode = Mode.HOST),
        when(
            Verdict.NO_NAMES_ON_DEFAULT_BRIDGE,
            "default bridge",
            scene -> {
              scene.clientNetwork = "bridge";
              scene.webNetwork = "bridge";
            }),
        when(
            Verdict.NAME_NOT_RESOLVED,
            "resolver edited",
            scene ->
                scene.names =
                    named(
                        List.of(ip("172.18.0.2")),
                        new Answer(Outcome.NO_SUCH_NAME, List.of(), "9.9.9.9"))),
        when(
            Verdict.NO_COMMON_NETWORK,
            "different networks",
            scene -> {
              scene.webNetwork = "other";
              scene.rules = rules("ACCEPT", "-A DOCKER-FORWARD -i br-app -o br-other -j DROP");
            }),
        when(
            Verdict.ICC_DISABLED,
            "icc",
            scene -> {
              scene.networks = List.of(changed(Scenario.APP, "bridge", false, false));
              scene.rules = rules("ACCEPT", "-A DOCKER-FORWARD -i br-app -o br-app -j DROP");
            }),
        when(
            Verdict.USER_RULE,
            "DOCKER-USER",
            scene -> scene.rules = rules("ACCEPT", "-A DOCKER-USER -d 172.18.0.2/32 -j DROP")),
        when(
            Verdict.HOST_FIREWALL,
            "foreign rule",
            scene -> scene.rules = rules("ACCEPT", "-A FORWARD -d 172.18.0.2/32 -j REJECT")),
        when(Verdict.NOTHING_LISTENS, "no listener", scene -> scene.listeners = List.of()),
        when(
            Verdict.LISTENS_ON_LOOPBACK,
            "loopback",
            scene -> scene.listeners = List.of(listener("127.0.0.1", 80))),
        when(
            Verdict.LISTENS_ELSEWHERE,
            "another address",
            scene -> scene.listeners = List.of(listener("172.30.0.9", 80))));
  }

  static Stream<Arguments> beyond() {
    return Stream.of(
        when(
            Verdict.UNKNOWN_NAME,
            "nobody's name",
            scene -> {
              scene.to = Party.of(Kind.UNKNOWN, "wbe", NamespaceView.EMPTY);
              scene.names = named(List.of(), new Answer(Outcome.FAILED, List.of(), "9.9.9.9"));
            }),
        when(
            Verdict.DNS_FAILING,
            "name servers silent",
            scene -> {
              scene.to = Party.of(Kind.ADDRESS, "example.com", NamespaceView.EMPTY);
              scene.names = named(List.of(), new Answer(Outcome.SILENT, List.of(), "9.9.9.9"));
            }),
        when(
            Verdict.INTERNAL_NETWORK,
            "internal, by name",
            scene -> {
              scene.networks = List.of(changed(Scenario.APP, "bridge", true, true));
              scene.to = Party.of(Kind.ADDRESS, "example.com", NamespaceView.EMPTY);
              scene.names = named(List.of(), new Answer(Outcome.SILENT, List.of(), "9.9.9.9"));
            }),
        when(
            Verdict.INTERNAL_NETWORK,
            "internal, by address",
            scene -> {
              scene.networks = List.of(changed(Scenario.APP, "bridge", true, true));
              scene.to = place(Kind.ADDRESS, scene);
              scene.literal = ip("8.8.8.8");
            }),
        when(
            Verdict.FORWARDING_OFF,
            "ip_forward",
            scene -> {
              scene.settings.put("ipv4/ip_forward", "0");
              scene.to = place(Kind.ADDRESS, scene);
              scene.literal = ip("8.8.8.8");
            }),
        when(
            Verdict.NO_ROUTE,
            "no default route",
            scene -> {
              scene.hostRoutes.removeFirst();
              scene.to = place(Kind.ADDRESS, scene);
              scene.literal = ip("8.8.8.8");
            }),
        when(
            Verdict.SUBNET_OVERLAP,
            "nobody has the address",
            scene -> {
              scene.to = place(Kind.ADDRESS, scene);
              scene.literal = ip("172.18.9.9");
            }),
        when(
            Verdict.SUBNET_OVERLAP,
            "a route of the host",
            scene -> {
              scene.hostRoutes.add(route("172.18.0.0/24", "198.51.100.9", "eth0"));
              scene.from = place(Kind.HOST, scene);
            }),
        when(
            Verdict.BESIDE_HOST,
            "macvlan",
            scene -> {
              scene.networks = List.of(changed(Scenario.APP, "macvlan", false, true));
              scene.from = place(Kind.HOST, scene);
            }),
        when(
            Verdict.HOST_FIREWALL,
            "policy of INPUT",
            scene -> {
              scene.rules = rules("DROP", "");
              scene.hostListeners = List.of(listener("0.0.0.0", 80));
              scene.to = place(Kind.HOST, scene);
            }),
        when(
            Verdict.NOT_PUBLISHED, "port of the host", scene -> scene.to = place(Kind.HOST, scene)),
        when(
            Verdict.NOT_PUBLISHED,
            "from outside",
            scene -> scene.from = place(Kind.OUTSIDE, scene)),
        when(
            Verdict.PUBLISHED_TO_LOOPBACK,
            "from outside",
            scene -> {
              publish(scene, "127.0.0.1");
              scene.from = place(Kind.OUTSIDE, scene);
            }),
        when(
            Verdict.PUBLISHED_ELSEWHERE,
            "another address of the host",
            scene -> {
              publish(scene, "198.51.100.7");
              scene.port = 8080;
              scene.to = place(Kind.HOST, scene);
            }));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"containers", "beyond"})
  void theFirstThingInTheWayDecides(Verdict verdict, String what, Consumer<Scenario> change) {
    Scenario scene = new Scenario();
    change.accept(scene);
    Prediction prediction = scene.prediction();
    assertThat(prediction.verdict()).as(prediction.findings().toString()).isEqualTo(verdict);
    if (verdict != Verdict.REACHABLE) {
      assertThat(prediction.deciding().orElseThrow().advice()).isNotEmpty();
    }
  }

  @Test
  void findingsFollowThePacketAndNameTheRule() {
    Scenario scene = new Scenario();
    scene.rules = rules("ACCEPT", "-A DOCKER-USER -d 172.18.0.2/32 -j DROP");
    Prediction prediction = scene.prediction();
    assertThat(prediction.findings().stream().map(Finding::step))
        .containsExactly(
            Finding.Topic.RUNNING,
            Finding.Topic.NETWORKS,
            Finding.Topic.NAME,
            Finding.Topic.ROUTE,
            Finding.Topic.RULES,
            Finding.Topic.LISTENING);
    assertThat(prediction.deciding().orElseThrow().rule())
        .isEqualTo("table filter, chain DOCKER-USER: -A DOCKER-USER -d 172.18.0.2/32 -j DROP");
  }

  @Test
  void bridgesThatAskNoRulesAreNotHeldUp() {
    Scenario scene = new Scenario();
    scene.rules = rules("ACCEPT", "-A DOCKER-USER -d 172.18.0.2/32 -j DROP");
    scene.settings.put("bridge/bridge-nf-call-iptables", "0");
    assertThat(scene.prediction().verdict()).isEqualTo(Verdict.REACHABLE);
  }

  @Test
  void aNarrowWayOutIsNoted() {
    Scenario scene = new Scenario();
    scene.to = place(Kind.ADDRESS, scene);
    scene.literal = ip("8.8.8.8");
    scene.outMtu = 1400;
    Finding route =
        scene.prediction().findings().stream()
            .filter(finding -> finding.step() == Finding.Topic.ROUTE)
            .findFirst()
            .orElseThrow();
    assertThat(route.result()).isEqualTo(Finding.Result.NOTE);
    assertThat(route.text()).endsWith("up to 1500 bytes, eth0 takes 1400");
  }

  @Test
  void thePortOnTheHostIsNotThePortInside() {
    Scenario scene = new Scenario();
    publish(scene, "0.0.0.0");
    scene.port = 8080;
    Finding deciding = scene.prediction().deciding().orElseThrow();
    assertThat(deciding.verdict()).isEqualTo(Verdict.NOTHING_LISTENS);
    assertThat(deciding.advice())
        .isEqualTo("8080 is its port on the host; other containers use its own port 80.");
  }
}
