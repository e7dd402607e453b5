package dev.berth.network.dns;

import dev.berth.network.firewall.Addresses;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A resolver configuration as the host has it; see resolv.conf(5). What containers get is made from
 * it by {@link ContainerResolvConf}.
 *
 * @param source the file it was read from, for the comment in the container's file
 * @param nameservers in order
 * @param invalid what stood in place of an address
 * @param search the search domains; only the last such line of a file counts
 * @param options in order, for instance {@code ndots:3}
 * @param other lines of unknown meaning, kept as they are
 */
public record ResolvConf(
    Path source,
    List<InetAddress> nameservers,
    List<String> invalid,
    List<String> search,
    List<String> options,
    List<String> other) {
  private static final Path USUAL = Path.of("/etc/resolv.conf");
  private static final Path BEHIND_THE_STUB = Path.of("/run/systemd/resolve/resolv.conf");
  private static final String STUB = "127.0.0.53";

  /** Copies the lists. */
  public ResolvConf {
    nameservers = List.copyOf(nameservers);
    invalid = List.copyOf(invalid);
    search = List.copyOf(search);
    options = List.copyOf(options);
    other = List.copyOf(other);
  }

  /** The servers to ask instead, search domains and options that the user gave for a container. */
  public record Overrides(
      @Nullable List<InetAddress> nameservers,
      @Nullable List<String> search,
      @Nullable List<String> options) {

    /** Nothing was given. */
    public static Overrides none() {
      return new Overrides(null, null, null);
    }
  }

  /**
   * The host's configuration. Where only the local stub of systemd-resolved stands in it, the file
   * with the servers behind the stub is read. A missing file is an empty one.
   */
  public static ResolvConf ofHost() {
    return ofHost(USUAL, BEHIND_THE_STUB);
  }

  static ResolvConf ofHost(Path usual, Path behindTheStub) {
    ResolvConf conf = read(usual);
    boolean stubOnly =
        conf.nameservers.size() == 1 && Addresses.text(conf.nameservers.getFirst()).equals(STUB);
    return stubOnly && Files.isReadable(behindTheStub) ? read(behindTheStub) : conf;
  }

  private static ResolvConf read(Path file) {
    try {
      return parse(file, Files.readString(file));
    } catch (IOException e) {
      return parse(file, "");
    }
  }

  /** Reads the text of such a file. */
  public static ResolvConf parse(Path source, String text) {
    List<InetAddress> nameservers = new ArrayList<>();
    List<String> invalid = new ArrayList<>();
    List<String> search = new ArrayList<>();
    List<String> options = new ArrayList<>();
    List<String> other = new ArrayList<>();
    for (String line : text.split("\n")) {
      List<String> words = List.of(line.strip().split("\\s+"));
      String first = words.getFirst();
      if (first.isEmpty() || first.startsWith("#") || first.startsWith(";")) {
        continue;
      }
      List<String> rest = words.subList(1, words.size());
      switch (first) {
        case "nameserver" -> {
          if (!rest.isEmpty()) {
            addNameserver(rest.getFirst(), nameservers, invalid);
          }
        }
        case "search", "domain" -> {
          if (!rest.isEmpty()) {
            search.clear();
            search.addAll(rest);
          }
        }
        case "options" -> options.addAll(rest);
        default -> other.add(line);
      }
    }
    return new ResolvConf(source, nameservers, invalid, search, options, other);
  }

  private static void addNameserver(
      String text, List<InetAddress> nameservers, List<String> invalid) {
    try {
      nameservers.add(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      invalid.add(text);
    }
  }

  /**
   * The servers as the name server of a sandbox asks them: those that only the host can reach are
   * asked from there.
   *
   * @param ipv6 whether the container has IPv6
   */
  public List<Upstream> upstreams(boolean ipv6) {
    return nameservers.stream()
        .map(address ->
            new Upstream(
                address,
                address.isLoopbackAddress()
                    || (address instanceof Inet6Address six && (!ipv6 || six.getScopeId() != 0))))
        .toList();
  }
}
