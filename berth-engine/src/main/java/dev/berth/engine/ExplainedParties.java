package dev.berth.engine;

import dev.berth.network.EndpointStatus;
import dev.berth.network.SandboxStatus;
import dev.berth.network.explain.NamespaceReader;
import dev.berth.network.explain.NamespaceView;
import dev.berth.network.explain.Party;
import dev.berth.network.explain.Party.Attachment;
import dev.berth.network.explain.Party.Life;
import dev.berth.network.explain.Party.Mode;
import dev.berth.network.explain.Party.Published;
import dev.berth.network.explain.Resolver;
import dev.berth.network.firewall.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says in the words of explanations what containers are. */
final class ExplainedParties {
  private final Features features;
  private final ContainerTable table;
  private final NamespaceReader namespaces;

  ExplainedParties(Features features, ContainerTable table, NamespaceReader namespaces) {
    this.features = features;
    this.table = table;
    this.namespaces = namespaces;
  }

  /** The container whose network namespace a container uses: its own or another one's. */
  private LiveContainer owner(LiveContainer container) {
    String mode = mode(container);
    LiveContainer owner =
        NetworkModeRules.isContainer(mode)
            ? table.find(NetworkModeRules.containerReference(mode))
            : null;
    return owner == null ? container : owner;
  }

  /** Whether it lives in another container's network namespace. */
  boolean sharesNamespace(LiveContainer container) {
    return owner(container) != container;
  }

  private static String mode(LiveContainer container) {
    return NetworkModeRules.effective(container.spec().host().network().mode());
  }

  private Optional<SandboxStatus> sandbox(LiveContainer container) {
    return features.sandboxes().find(owner(container).id());
  }

  /** Where its network namespace is pinned; null for the host's. */
  @Nullable Path namespace(LiveContainer container) {
    return sandbox(container).map(SandboxStatus::namespace).orElse(null);
  }

  /**
   * A container as an end.
   *
   * @param seen whether its namespace is looked into
   */
  Party of(LiveContainer container, boolean seen) {
    boolean running = ContainerState.hasProcess(container.state());
    Optional<SandboxStatus> sandbox = running ? sandbox(container) : Optional.empty();
    boolean onHost = mode(owner(container)).equals("host");
    boolean look = seen && sandbox.isPresent();
    return new Party(
        Party.Kind.CONTAINER,
        container.name(),
        life(container.state()),
        onHost ? Mode.HOST : mode(owner(container)).equals("none") ? Mode.NONE : Mode.NETWORKS,
        sandbox.map(ExplainedParties::attachments).orElse(List.of()),
        sandbox.map(ExplainedParties::published).orElse(List.of()),
        look ? namespaces.read(namespace(container)) : NamespaceView.EMPTY);
  }

  private static Life life(ContainerState state) {
    String failure =
        switch (state) {
          case ContainerState.Created created -> message(created.failure());
          case ContainerState.Exited exited -> message(exited.failure());
          default -> "";
        };
    return new Life(
        ContainerState.word(state),
        ContainerState.hasProcess(state),
        state instanceof ContainerState.Paused,
        failure);
  }

  private static String message(ContainerState.@Nullable StartFailure failure) {
    return failure == null ? "" : failure.message();
  }

  private static List<Attachment> attachments(SandboxStatus sandbox) {
    return sandbox.endpoints().stream()
        .filter(endpoint -> !endpoint.interfaceName().isEmpty())
        .map(ExplainedParties::attachment)
        .toList();
  }

  private static Attachment attachment(EndpointStatus endpoint) {
    Map<String, String> links = new HashMap<>();
    for (String link : endpoint.spec().links()) {
      int colon = link.indexOf(':');
      String name = colon < 0 ? link : link.substring(0, colon);
      links.put(link.substring(colon + 1).toLowerCase(Locale.ROOT), name);
    }
    return new Attachment(
        endpoint.networkId(),
        endpoint.interfaceName(),
        address(endpoint.ipv4().address()),
        address(endpoint.ipv6().address()),
        endpoint.dnsNames(),
        links);
  }

  private static @Nullable InetAddress address(String text) {
    return text.isEmpty() ? null : InetAddress.ofLiteral(text);
  }

  private static List<Published> published(SandboxStatus sandbox) {
    return sandbox.ports().stream()
        .filter(port -> port.hostPort() > 0)
        .map(port ->
            new Published(
                port.port().number(),
                Protocol.parse(port.port().protocol()),
                InetAddress.ofLiteral(port.hostIp()),
                port.hostPort()))
        .toList();
  }

  /** The files that a container's resolver goes by, as they are now. */
  Resolver.Files files(LiveContainer container) {
    ContainerDirectory directory =
        ContainerDirectory.of(features.settings(), owner(container).id());
    return new Resolver.Files(text(directory.hosts()), text(directory.resolvConf()));
  }

  /** The files that the host's resolver goes by. */
  static Resolver.Files hostFiles() {
    return new Resolver.Files(text(Path.of("/etc/hosts")), text(Path.of("/etc/resolv.conf")));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException missing) {
      return "";
    }
  }
}
