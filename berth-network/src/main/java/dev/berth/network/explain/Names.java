package dev.berth.network.explain;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the one who connects makes of the other's name.
 *
 * @param needed whether a name has to be resolved at all; not for an address or for the host
 * @param predicted what its resolver should answer, as far as the engine knows; null where only
 *     others know
 * @param source where that answer comes from, such as {@code network app}
 * @param answer what its resolver did answer; null where it was not asked
 * @param servers the name servers that its resolver asks, as {@code resolv.conf} has them
 * @param similar names of containers that are spelled nearly so
 */
public record Names(
    boolean needed,
    @Nullable List<InetAddress> predicted,
    String source,
    @Nullable Answer answer,
    List<String> servers,
    List<String> similar) {
  /** No name is needed. */
  public static final Names NOT_NEEDED = new Names(false, null, "", null, List.of(), List.of());

  /** Copies the lists. */
  public Names {
    predicted = predicted == null ? null : List.copyOf(predicted);
    servers = List.copyOf(servers);
    similar = List.copyOf(similar);
  }

  /** How a resolver answered. */
  public enum Outcome {
    /** With addresses. */
    FOUND,
    /** That there is no such name. */
    NO_SUCH_NAME,
    /** That it cannot tell. */
    FAILED,
    /** Not at all. */
    SILENT
  }

  /**
   * What a resolver answered.
   *
   * @param outcome how
   * @param addresses what it found
   * @param server who answered, or was silent
   */
  public record Answer(Outcome outcome, List<InetAddress> addresses, String server) {
    /** Copies the list. */
    public Answer {
      addresses = List.copyOf(addresses);
    }
  }

  /** The addresses to go by: what was answered, else what should be. */
  public List<InetAddress> addresses() {
    if (answer != null && answer.outcome() == Outcome.FOUND) {
      return answer.addresses();
    }
    return predicted == null ? List.of() : predicted;
  }
}
