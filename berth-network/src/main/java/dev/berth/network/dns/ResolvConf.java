package dev.berth.network.dns;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A resolver configuration file, read and written; see resolv.conf(5).
 *
 * @param nameservers in order
 * @param search the search domains; only the last such line of a file counts
 * @param options in order, for instance {@code ndots:3}
 */
public record ResolvConf(List<InetAddress> nameservers, List<String> search, List<String> options) {

  /** Copies the lists. */
  public ResolvConf {
    nameservers = List.copyOf(nameservers);
    search = List.copyOf(search);
    options = List.copyOf(options);
  }

  /**
   * What the user gave with {@code --dns}, {@code --dns-search} and {@code --dns-opt}.
   *
   * @param nameservers null when not given
   * @param search null when not given; a single {@code .} means none at all
   * @param options null when not given
   */
  public record Overrides(
      @Nullable List<InetAddress> nameservers,
      @Nullable List<String> search,
      @Nullable List<String> options) {

    /** Nothing was given. */
    public static Overrides none() {
      return new Overrides(null, null, null);
    }
  }
}
