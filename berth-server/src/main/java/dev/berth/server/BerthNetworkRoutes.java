package dev.berth.server;

import dev.berth.api.NetworkExplanation;
import dev.berth.api.NetworkReach;
import dev.berth.core.EngineException;
import dev.berth.engine.Engine;
import dev.berth.network.explain.Explanation;
import dev.berth.network.explain.Finding;
import dev.berth.network.explain.Question;
import dev.berth.network.explain.Reach;
import dev.berth.network.firewall.Protocol;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What Berth tells of networks beyond Docker's API. */
final class BerthNetworkRoutes {
  private static final int LAST_PORT = 65_535;

  private final Engine engine;

  BerthNetworkRoutes(Engine engine) {
    this.engine = engine;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/berth/v1/network/explain", this::explain),
        Route.get("/berth/v1/network/reach", this::reach));
  }

  private void explain(Exchange exchange) throws IOException {
    Query query = exchange.query();
    String from = query.text("from");
    String to = query.text("to");
    if (from.isEmpty() || to.isEmpty()) {
      throw EngineException.invalid("from and to must be given");
    }
    Question question = new Question(from, to, port(query), protocol(query));
    exchange.reply(200, json(engine.explanations().explain(question, query.flag("probe", true))));
  }

  private void reach(Exchange exchange) throws IOException {
    String container = exchange.query().text("container");
    if (container.isEmpty()) {
      throw EngineException.invalid("container must be given");
    }
    exchange.reply(200, json(engine.explanations().reach(container)));
  }

  private static int port(Query query) {
    Integer port = query.number("port");
    if (port == null) {
      return 0;
    }
    if (port < 1 || port > LAST_PORT) {
      throw EngineException.invalid("invalid port: " + port);
    }
    return port;
  }

  private static Protocol protocol(Query query) {
    String protocol = query.text("protocol");
    try {
      return protocol.isEmpty() ? Protocol.TCP : Protocol.parse(protocol);
    } catch (IllegalArgumentException unknown) {
      throw EngineException.invalid("invalid protocol: " + protocol);
    }
  }

  private static NetworkExplanation json(Explanation explanation) {
    Question question = explanation.question();
    return new NetworkExplanation(
        question.from(),
        question.to(),
        question.port(),
        question.protocol().text(),
        explanation.reachable(),
        explanation.verdict().word(),
        explanation.summary(),
        explanation.findings().stream().map(BerthNetworkRoutes::json).toList(),
        explanation.advice(),
        new NetworkExplanation.Probe(
            explanation.probe().outcome().word(),
            explanation.probe().target(),
            explanation.probe().milliseconds(),
            explanation.agreed()));
  }

  private static NetworkExplanation.Finding json(Finding finding) {
    return new NetworkExplanation.Finding(
        word(finding.step()),
        word(finding.result()),
        finding.text(),
        verdict(finding.verdict()),
        finding.rule());
  }

  private static NetworkReach json(Reach reach) {
    return new NetworkReach(
        reach.party().name(),
        reach.party().life().word(),
        word(reach.party().mode()),
        reach.places().stream()
            .map(place ->
                new NetworkReach.Place(
                    place.network(), place.addresses(), place.names(), place.neighbours()))
            .toList(),
        reach.ports().stream()
            .map(port ->
                new NetworkReach.Port(
                    port.number(),
                    port.protocol().text(),
                    port.listening(),
                    port.published(),
                    port.remark()))
            .toList());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String verdict(dev.berth.network.explain.@Nullable Verdict verdict) {
    return verdict == null ? "" : verdict.word();
  }
}
