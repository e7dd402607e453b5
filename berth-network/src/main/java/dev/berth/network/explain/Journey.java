package dev.berth.network.explain;

import dev.berth.network.trace.Hook;
import dev.berth.network.trace.Packet;
import dev.berth.network.trace.Ruling;
import org.jspecify.annotations.Nullable;

/**
 * How far the first packet gets.
 *
 * @param way which way it takes
 * @param end where it ends
 * @param aim where it was sent to; null where no address is known
 * @param packet how it arrives or where it ends; null where none could be sent
 * @param route the route by which it leaves its namespace, or the last one that was looked for
 * @param ruling what the rules did last; null where it met none
 * @param hook where they did it; null where it met none
 * @param arrival who gets it; null where nobody known does
 */
public record Journey(
    Way way,
    End end,
    @Nullable Aim aim,
    @Nullable Packet packet,
    NamespaceView.@Nullable Route route,
    @Nullable Ruling ruling,
    @Nullable Hook hook,
    @Nullable Party arrival) {

  /** The ways there are. */
  public enum Way {
    /** None, as no address is known. */
    NONE,
    /** Within one namespace. */
    SELF,
    /** Over the bridge of one network. */
    LINK,
    /** On the wire, past the host. */
    BESIDE,
    /** Through the host or into it. */
    HOST
  }

  /** Where it can end. */
  public enum End {
    /** At its destination, as far as this machine decides. */
    ARRIVED,
    /** Nowhere: there is no way to go. */
    NO_WAY,
    /** In the sender's namespace: no route. */
    NO_ROUTE,
    /** On the host, which does not forward. */
    NOT_FORWARDED,
    /** At a rule. */
    DROPPED,
    /** A macvlan cannot reach its host. */
    BESIDE_HOST,
    /** By another way than that of its destination, or where nobody has the address. */
    ASTRAY
  }

  static Journey none() {
    return new Journey(Way.NONE, End.NO_WAY, null, null, null, null, null, null);
  }

  /** Whether it goes to another machine, of which nothing is known here. */
  public boolean leavesTheMachine() {
    return arrived() && arrival == null;
  }

  /** Whether it gets there. */
  public boolean arrived() {
    return end == End.ARRIVED;
  }
}
