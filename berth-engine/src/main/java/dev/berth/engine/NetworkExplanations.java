package dev.berth.engine;

import dev.berth.core.Spelling;
import dev.berth.network.NetworkFilter;
import dev.berth.network.explain.Explanation;
import dev.berth.network.explain.Journey;
import dev.berth.network.explain.Names;
import dev.berth.network.explain.NamespaceReader;
import dev.berth.network.explain.NamespaceView;
import dev.berth.network.explain.NetworkFacts;
import dev.berth.network.explain.Party;
import dev.berth.network.explain.Prediction;
import dev.berth.network.explain.ProbeResult;
import dev.berth.network.explain.Prober;
import dev.berth.network.explain.Question;
import dev.berth.network.explain.Reach;
import dev.berth.network.explain.Resolver;
import dev.berth.network.explain.RulesReader;
import dev.berth.network.explain.Situation;
import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.firewall.Protocol;
import dev.berth.network.trace.Packet;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says who reaches whom, and why not: joins the containers with what the kernel has. */
public final class NetworkExplanations {
  /** A port at which nothing is likely to wait: its refusal shows that packets come through. */
  private static final int DISCARD = 9;

  private final Features features;
  private final ContainerTable table;
  private final NamespaceReader namespaces;
  private final RulesReader rules;
  private final Prober prober;
  private final Resolver resolver;
  private final ExplainedParties parties;

  NetworkExplanations(Features features, ContainerTable table, HostNamespace host) {
    this.features = features;
    this.table = table;
    this.namespaces = new NamespaceReader(host);
    this.rules = new RulesReader(host);
    this.prober = new Prober(namespaces);
    this.resolver = new Resolver(namespaces);
    this.parties = new ExplainedParties(features, table, namespaces);
  }

  /**
   * Answers a question.
   *
   * @param question {@code from} is a container, {@code host} or {@code outside}; {@code to} may be
   *     an address or any name as well
   * @param attempt whether it is tried too, besides being foretold
   * @throws dev.berth.core.EngineException of kind NOT_FOUND where {@code from} is unknown
   */
  public Explanation explain(Question question, boolean attempt) {
    Situation situation = situation(question, attempt);
    Prediction prediction = Prediction.of(situation);
    Party arrival = prediction.journey().arrival();
    if (arrival != null && unseen(arrival)) {
      situation = seeing(situation, arrival);
      prediction = Prediction.of(situation);
    }
    ProbeResult probe = attempt ? probe(situation, prediction) : ProbeResult.NONE;
    return Explanation.of(situation, prediction, probe);
  }

  /**
   * How a container can be reached at all.
   *
   * @throws dev.berth.core.EngineException of kind NOT_FOUND where it is unknown
   */
  public Reach reach(String container) {
    return Reach.of(parties.of(table.require(container), true), networks(), neighbours());
  }

  private List<NetworkFacts> networks() {
    return features.networks().list(NetworkFilter.ALL).stream().map(NetworkFacts::of).toList();
  }

  /** Those with a namespace of their own first: their names go with its addresses. */
  private List<Party> neighbours() {
    return table.all().stream()
        .filter(container -> ContainerState.hasProcess(container.state()))
        .sorted(Comparator.comparing(parties::sharesNamespace))
        .map(container -> parties.of(container, false))
        .toList();
  }

  private static boolean unseen(Party party) {
    return party.isContainer()
        && party.life().running()
        && party.view().equals(NamespaceView.EMPTY);
  }

  /** The same with a look into a container that turned out to be the one at the end of the way. */
  private Situation seeing(Situation situation, Party arrival) {
    List<Party> neighbours = new ArrayList<>(situation.neighbours());
    neighbours.remove(arrival);
    LiveContainer container = table.find(arrival.name());
    neighbours.addFirst(container == null ? arrival : parties.of(container, true));
    return new Situation(
        situation.question(),
        situation.from(),
        situation.to(),
        situation.names(),
        situation.networks(),
        neighbours,
        situation.host(),
        situation.rules4(),
        situation.rules6(),
        situation.literal());
  }

  private Situation situation(Question question, boolean attempt) {
    List<NetworkFacts> networks = networks();
    List<Party> neighbours = neighbours();
    NamespaceView host = namespaces.read(null);
    LiveContainer source = source(question.from());
    Party from = source == null ? place(question.from(), host) : parties.of(source, true);
    NameSearch search =
        new NameSearch(question, from, new NameSearch.Surroundings(networks, neighbours, host));
    Target target = target(search, source, from, attempt);
    return new Situation(
        question,
        from,
        target.party(),
        target.names(),
        networks,
        neighbours,
        host,
        rules.read(false),
        rules.read(true),
        target.literal());
  }

  private @Nullable LiveContainer source(String from) {
    return from.equals(Question.HOST) || from.equals(Question.OUTSIDE) ? null : table.require(from);
  }

  private static Party place(String word, NamespaceView host) {
    return word.equals(Question.HOST)
        ? Party.theHost(host)
        : Party.of(Party.Kind.OUTSIDE, "another machine", NamespaceView.EMPTY);
  }

  /**
   * Whom a word means.
   *
   * @param party that end
   * @param names what becomes of its name
   * @param literal the address that was written, or null
   */
  private record Target(Party party, Names names, @Nullable InetAddress literal) {}

  private Target target(
      NameSearch search, @Nullable LiveContainer source, Party from, boolean attempt) {
    String word = search.word();
    NamespaceView host = search.host();
    if (word.equals(Question.HOST)) {
      return new Target(Party.theHost(host), Names.NOT_NEEDED, null);
    }
    InetAddress literal = search.literal();
    if (literal != null) {
      return new Target(named(search.holder(literal, from), search), Names.NOT_NEEDED, literal);
    }
    Resolver.Files files = source == null ? ExplainedParties.hostFiles() : parties.files(source);
    NameSearch.Known known = search.known(files);
    LiveContainer container = container(word, known, search);
    boolean asks = from.life().running() && from.kind() != Party.Kind.OUTSIDE && attempt;
    Path namespace = source == null ? null : parties.namespace(source);
    if (container != null) {
      boolean byName = source != null && !from.onHost();
      boolean needed = byName && search.isNameOf(container.name(), word, known);
      Names.Answer answer = needed && asks ? resolver.find(namespace, files, word) : null;
      return new Target(
          parties.of(container, true),
          needed ? known.names(answer, files, List.of()) : Names.NOT_NEEDED,
          null);
    }
    Names.Answer answer = asks ? resolver.find(namespace, files, word) : null;
    Names names = known.names(answer, files, similar(word, known));
    Party.Kind kind =
        names.addresses().isEmpty() && word.indexOf('.') < 0
            ? Party.Kind.UNKNOWN
            : Party.Kind.ADDRESS;
    return new Target(Party.of(kind, word, NamespaceView.EMPTY), names, null);
  }

  /** A container by its name or id, or by an alias that leads to it. */
  private @Nullable LiveContainer container(
      String word, NameSearch.Known known, NameSearch search) {
    LiveContainer direct = table.find(word);
    if (direct != null) {
      return direct;
    }
    return known.addresses().stream()
        .findFirst()
        .flatMap(search::neighbour)
        .map(party -> table.find(party.name()))
        .orElse(null);
  }

  private Party named(Party party, NameSearch search) {
    LiveContainer container = party.isContainer() ? table.find(party.name()) : null;
    return container == null
        ? party
        : search.from().name().equals(party.name()) ? search.from() : parties.of(container, true);
  }

  private List<String> similar(String word, NameSearch.Known known) {
    List<String> candidates = new ArrayList<>(known.visible());
    table.all().forEach(container -> candidates.add(container.name()));
    return Spelling.similar(word, candidates);
  }

  private ProbeResult probe(Situation situation, Prediction prediction) {
    Party from = situation.from();
    Journey journey = prediction.journey();
    if (from.kind() == Party.Kind.OUTSIDE || !from.life().running() || journey.aim() == null) {
      return ProbeResult.NONE;
    }
    LiveContainer source = from.isContainer() ? table.find(from.name()) : null;
    Path namespace = source == null ? null : parties.namespace(source);
    Question question = situation.question();
    return prober.probe(
        namespace,
        journey.aim().address(),
        question.hasPort() ? journey.aim().port() : anyPort(journey),
        question.hasPort() ? question.protocol() : Protocol.TCP);
  }

  /** One that should answer: where something waits, else one that is refused. */
  private static int anyPort(Journey journey) {
    Packet packet = journey.packet();
    Party arrival = journey.arrival();
    return Optional.ofNullable(arrival).stream()
        .flatMap(party -> party.view().listeners().stream())
        .filter(socket -> socket.protocol() == Protocol.TCP)
        .filter(socket -> packet != null && socket.takes(packet.destination()))
        .mapToInt(NamespaceView.Listener::port)
        .findFirst()
        .orElse(DISCARD);
  }
}
