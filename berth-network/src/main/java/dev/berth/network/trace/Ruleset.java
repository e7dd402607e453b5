package dev.berth.network.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All rules of one address family, of whichever tool, and what they do with a packet. Immutable; a
 * pure function of the texts it was read from.
 */
public final class Ruleset {
  /** No rule at all: everything passes. */
  public static final Ruleset EMPTY = new Ruleset(List.of());

  /** Deeper calls than the kernel allows. */
  private static final int MOST_CALLS = 32;

  private final List<Chain> bases;
  private final Map<String, Chain> byName = new HashMap<>();

  Ruleset(List<Chain> chains) {
    this.bases =
        chains.stream()
            .filter(chain -> chain.base() != null)
            .sorted(Comparator.comparingInt(chain -> base(chain).priority()))
            .toList();
    chains.forEach(chain -> byName.put(key(chain.table(), chain.name()), chain));
  }

  /**
   * Reads both tools' listings of one address family.
   *
   * @param iptables what {@code iptables-save} or {@code ip6tables-save} prints; may be empty
   * @param nftables what {@code nft list ruleset} prints; may be empty
   * @param ipv6 which family
   */
  public static Ruleset read(String iptables, String nftables, boolean ipv6) {
    List<Chain> chains = new ArrayList<>(IptablesText.read(iptables));
    chains.addAll(NftablesText.read(nftables, ipv6, tables(chains)));
    return new Ruleset(chains);
  }

  /** The tables that nftables shows again because iptables works through it. */
  private static List<String> tables(List<Chain> chains) {
    return chains.stream().map(Chain::table).distinct().toList();
  }

  private static Chain.Base base(Chain chain) {
    return Objects.requireNonNull(chain.base());
  }

  private static String key(String table, String chain) {
    return table + "\n" + chain;
  }

  /**
   * What the rules at a hook do with a packet.
   *
   * @param isLocal tells of a new destination whether it is an address of the host
   */
  public Ruling at(Hook hook, Packet packet, Predicate<java.net.InetAddress> isLocal) {
    Walk walk = new Walk(packet, isLocal);
    for (Chain chain : bases) {
      if (base(chain).hook() != hook) {
        continue;
      }
      boolean goesOn = walk.through(chain);
      if (!goesOn) {
        return walk.ruling(false);
      }
    }
    return walk.ruling(true);
  }

  /** What became of a packet in a chain. */
  private enum End {
    ACCEPTED,
    DROPPED,
    RETURNED
  }

  private final class Walk {
    private final Predicate<java.net.InetAddress> isLocal;
    private final List<Ruling.Place> doubts = new ArrayList<>();
    private final List<Ruling.Place> path = new ArrayList<>();
    private Packet packet;
    private List<Ruling.Place> deciding = List.of();
    private boolean rejected;

    Walk(Packet packet, Predicate<java.net.InetAddress> isLocal) {
      this.packet = packet;
      this.isLocal = isLocal;
    }

    Ruling ruling(boolean passed) {
      return new Ruling(passed, rejected, packet, deciding, doubts);
    }

    boolean through(Chain chain) {
      End end = run(chain, 0);
      if (end == End.RETURNED && base(chain).dropping()) {
        deciding = List.of(new Ruling.Place(chain.table(), chain.name(), "policy drop"));
        return false;
      }
      return end != End.DROPPED;
    }

    private End run(Chain chain, int depth) {
      if (depth > MOST_CALLS) {
        return End.RETURNED;
      }
      for (Rule rule : chain.rules()) {
        Match.Answer answer = rule.test(packet);
        if (answer == Match.Answer.NO) {
          continue;
        }
        Ruling.Place place = new Ruling.Place(chain.table(), chain.name(), rule.text());
        if (answer == Match.Answer.UNSURE) {
          doubt(rule, place);
          continue;
        }
        End end = act(chain, rule.action(), place, depth);
        if (end != null) {
          return end;
        }
      }
      return End.RETURNED;
    }

    private void doubt(Rule rule, Ruling.Place place) {
      if (!(rule.action() instanceof Action.Nothing)) {
        doubts.add(place);
      }
    }

    /** Null to go on with the next rule. */
    private @Nullable End act(Chain chain, Action action, Ruling.Place place, int depth) {
      return switch (action) {
        case Action.Nothing nothing -> null;
        case Action.Return back -> End.RETURNED;
        case Action.Accept accept -> decide(place, End.ACCEPTED);
        case Action.Drop drop -> {
          rejected = drop.rejected();
          yield decide(place, End.DROPPED);
        }
        case Action.Translate translate -> {
          Packet.Target target = translate.target(packet);
          if (target == null) {
            yield null;
          }
          packet = packet.translatedTo(target, isLocal.test(target.address()));
          yield decide(place, End.ACCEPTED);
        }
        case Action.Choose choose -> {
          Action chosen = choose.choose(packet);
          yield chosen == null ? null : act(chain, chosen, place, depth);
        }
        case Action.Call call -> {
          Chain called = byName.get(key(chain.table(), call.chain()));
          path.add(place);
          End end = called == null ? End.RETURNED : run(called, depth + 1);
          path.removeLast();
          yield end != End.RETURNED ? end : call.back() ? null : End.RETURNED;
        }
      };
    }

    private End decide(Ruling.Place place, End end) {
      List<Ruling.Place> whole = new ArrayList<>(path);
      whole.add(place);
      deciding = whole;
      return end;
    }
  }
}
