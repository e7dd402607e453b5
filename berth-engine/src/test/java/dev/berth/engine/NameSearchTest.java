package dev.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.network.explain.NamespaceView;
import dev.berth.network.explain.NetworkFacts;
import dev.berth.network.explain.Party;
import dev.berth.network.explain.Party.Attachment;
import dev.berth.network.explain.Party.Kind;
import dev.berth.network.explain.Party.Life;
import dev.berth.network.explain.Party.Mode;
import dev.berth.network.explain.Question;
import dev.berth.network.explain.Resolver;
import dev.berth.network.firewall.Protocol;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a word means to a container on the networks front and back, in this order. */
class NameSearchTest {
  private static final List<NetworkFacts> NETWORKS =
      List.of(network("front", false), network("back", false), network("bridge", true));

  private static NetworkFacts network(String name, boolean nameless) {
    return new NetworkFacts(name, name, "bridge", name, false, true, nameless, List.of());
  }

  private static Attachment on(
      String network, String address, List<String> names, Map<String, String> links) {
    return new Attachment(network, "eth0", InetAddress.ofLiteral(address), null, names, links);
  }

  private static Party container(String name, Attachment... places) {
    return new Party(
        Kind.CONTAINER,
        name,
        Life.RUNNING,
        Mode.NETWORKS,
        List.of(places),
        List.of(),
        NamespaceView.EMPTY);
  }

  private static final Party CLIENT =
      container(
          "client",
          on("front", "10.1.0.9", List.of("client"), Map.of("store", "db")),
          on("back", "10.2.0.9", List.of("client"), Map.of()),
          on("bridge", "10.3.0.9", List.of(), Map.of()));

  private static final List<Party> NEIGHBOURS =
      List.of(
          CLIENT,
          container("db", on("front", "10.1.0.2", List.of("db", "data"), Map.of())),
          container("db2", on("front", "10.1.0.3", List.of("db2", "data"), Map.of())),
          container("other", on("back", "10.2.0.2", List.of("other", "db"), Map.of())),
          container("base", on("bridge", "10.3.0.2", List.of(), Map.of())));

  private static NameSearch.Known known(String word, String hosts) {
    NameSearch search =
        new NameSearch(
            new Question("client", word, 0, Protocol.TCP),
            CLIENT,
            new NameSearch.Surroundings(NETWORKS, NEIGHBOURS, NamespaceView.EMPTY));
    return search.known(new Resolver.Files(hosts, ""));
  }

  private static List<String> addresses(String word) {
    return known(word, "").addresses().stream().map(InetAddress::getHostAddress).toList();
  }

  @Test
  void namesAliasesAndLinksAreFoundOnTheFirstNetworkThatKnowsThem() {
    assertThat(addresses("db")).containsExactly("10.1.0.2");
    assertThat(addresses("DB")).containsExactly("10.1.0.2");
    assertThat(addresses("data")).containsExactly("10.1.0.2", "10.1.0.3");
    assertThat(addresses("store")).containsExactly("10.1.0.2");
    assertThat(addresses("db.back")).containsExactly("10.2.0.2");
    assertThat(addresses("other")).containsExactly("10.2.0.2");
    assertThat(known("db", "").source()).isEqualTo("the name server of network front");
  }

  @Test
  void theDefaultBridgeHasNoNames() {
    assertThat(addresses("base")).isEmpty();
    assertThat(addresses("nobody")).isEmpty();
  }

  @Test
  void theHostsFileComesFirst() {
    NameSearch.Known known = known("db", "# db\n10.9.9.9 wide db # extra\nnonsense db\n");
    assertThat(known.addresses()).containsExactly(InetAddress.ofLiteral("10.9.9.9"));
    assertThat(known.source()).isEqualTo("/etc/hosts");
  }

  @Test
  void allThatCouldHaveBeenMeantIsKnown() {
    assertThat(known("x", "").visible()).contains("db", "db2", "data", "store", "other");
  }
}
