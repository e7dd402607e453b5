package dev.berth.network.explain;

import dev.berth.network.dns.ResolvConf;
import dev.berth.network.explain.Names.Answer;
import dev.berth.network.explain.Names.Outcome;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.ipam.IpText;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up as a program inside a namespace does: the hosts file, then the name servers of
 * resolv.conf with its search domains.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/resolv.conf.5.html">resolv.conf(5)</a>
 */
public final class Resolver {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int PORT = 53;
  private static final int MOST_SERVERS = 3;
  private static final int LARGEST_ANSWER = 4096;

  private final NamespaceReader namespaces;

  /**
   * @param namespaces enters them
   */
  public Resolver(NamespaceReader namespaces) {
    this.namespaces = namespaces;
  }

  /**
   * The files that a resolver goes by.
   *
   * @param hosts the text of /etc/hosts
   * @param resolvConf the text of /etc/resolv.conf
   */
  public record Files(String hosts, String resolvConf) {
    /** The name servers. */
    public List<String> servers() {
      return conf().nameservers().stream().map(Addresses::text).toList();
    }

    private ResolvConf conf() {
      return ResolvConf.parse(Path.of("/etc/resolv.conf"), resolvConf);
    }
  }

  /**
   * Looks a name up.
   *
   * @param namespace from where; null for the host's
   */
  public Answer find(@Nullable Path namespace, Files files, String name) {
    List<InetAddress> written = fromHosts(files.hosts(), name);
    if (!written.isEmpty()) {
      return new Answer(Outcome.FOUND, written, "/etc/hosts");
    }
    return namespaces.inside(namespace, () -> ask(files.conf(), name));
  }

  /** The addresses that a hosts file has for a name. */
  public static List<InetAddress> fromHosts(String hosts, String name) {
    List<InetAddress> found = new ArrayList<>();
    for (String line : hosts.split("\n")) {
      int mark = line.indexOf('#');
      String[] words = (mark < 0 ? line : line.substring(0, mark)).strip().split("\\s+");
      for (int i = 1; i < words.length; i++) {
        if (words[i].equalsIgnoreCase(name)) {
          IpText.parse(words[0]).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private static Answer ask(ResolvConf conf, String name) {
    Answer last = new Answer(Outcome.SILENT, List.of(), "");
    for (String candidate : candidates(conf, name)) {
      last = askServers(conf.nameservers(), candidate);
      if (last.outcome() != Outcome.NO_SUCH_NAME) {
        return last;
      }
    }
    return last;
  }

  private static Set<String> candidates(ResolvConf conf, String name) {
    int dots = (int) name.chars().filter(character -> character == '.').count();
    int wanted =
        conf.options().stream()
            .filter(option -> option.startsWith("ndots:"))
            .map(option -> option.substring("ndots:".length()))
            .filter(number -> number.matches("[0-9]{1,2}"))
            .mapToInt(Integer::parseInt)
            .findFirst()
            .orElse(1);
    Set<String> candidates = new LinkedHashSet<>();
    if (dots >= wanted) {
      candidates.add(name);
    }
    conf.search().stream()
        .filter(domain -> !domain.equals("."))
        .forEach(domain -> candidates.add(name + "." + domain));
    candidates.add(name);
    return candidates;
  }

  private static Answer askServers(List<InetAddress> servers, String name) {
    Answer last = new Answer(Outcome.SILENT, List.of(), "");
    for (InetAddress server : servers.subList(0, Math.min(servers.size(), MOST_SERVERS))) {
      last = askBoth(server, name);
      if (last.outcome() == Outcome.FOUND || last.outcome() == Outcome.NO_SUCH_NAME) {
        return last;
      }
    }
    return last;
  }

  private static Answer askBoth(InetAddress server, String name) {
    Answer first = askOne(server, DnsMessage.question(name, false));
    return first.outcome() == Outcome.NO_SUCH_NAME
        ? askOne(server, DnsMessage.question(name, true))
        : first;
  }

  private static Answer askOne(InetAddress server, byte[] question) {
    String who = Addresses.text(server);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.connect(new InetSocketAddress(server, PORT));
      socket.send(new DatagramPacket(question, question.length));
      DatagramPacket answer = new DatagramPacket(new byte[LARGEST_ANSWER], LARGEST_ANSWER);
      socket.receive(answer);
      return DnsMessage.answer(answer.getData(), answer.getLength(), who);
    } catch (SocketTimeoutException late) {
      return new Answer(Outcome.SILENT, List.of(), who);
    } catch (IOException | java.io.UncheckedIOException nowhere) {
      return new Answer(Outcome.SILENT, List.of(), who);
    }
  }
}
