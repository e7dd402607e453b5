package dev.berth.network.trace;

import dev.berth.network.firewall.Protocol;
import java.util.function.Predicate;

/** A property of a packet as nftables names it, compared with one written value. Pure. */
@FunctionalInterface
interface Field {
  Match.Answer test(Packet packet, String value);

  /** The property of a name; one that is not known is unsure. */
  static Field of(String name) {
    return switch (name) {
      case "iifname", "iif", "meta iifname", "meta iif" ->
          (packet, value) -> Match.Answer.of(Values.named(value, packet.in()));
      case "oifname", "oif", "meta oifname", "meta oif" ->
          (packet, value) -> Match.Answer.of(Values.named(value, packet.out()));
      case "ip saddr", "ip6 saddr" ->
          (packet, value) -> Match.Answer.of(Values.within(value, packet.source()));
      case "ip daddr", "ip6 daddr" ->
          (packet, value) -> Match.Answer.of(Values.within(value, packet.destination()));
      case "meta l4proto", "ip protocol", "ip6 nexthdr" ->
          (packet, value) -> Match.Answer.of(protocol(packet.protocol(), value));
      case "meta nfproto" ->
          (packet, value) -> Match.Answer.of(value.equals(packet.ipv6() ? "ipv6" : "ipv4"));
      case "th dport" -> port(packet -> true);
      case "tcp dport", "udp dport", "sctp dport" ->
          port(packet -> name.startsWith(packet.protocol().text() + " "));
      case "th sport", "tcp sport", "udp sport", "sctp sport" ->
          (packet, value) -> Match.Answer.of(Values.within(value, Values.SOURCE_PORT));
      case "ct original proto-dst" ->
          (packet, value) -> Match.Answer.of(Values.within(value, packet.asked().port()));
      case "ct original ip daddr", "ct original ip6 daddr" ->
          (packet, value) -> Match.Answer.of(Values.within(value, packet.asked().address()));
      case "ct state" -> (packet, value) -> Match.Answer.of(value.equals("new"));
      case "ct status" ->
          (packet, value) -> Match.Answer.of(value.equals("dnat") && packet.translated());
      case "fib daddr type" ->
          (packet, value) ->
              value.equals("local") || packet.local()
                  ? Match.Answer.of(value.equals("local") && packet.local())
                  : Match.Answer.UNSURE;
      case "icmp type", "icmpv6 type" -> (packet, value) -> Match.Answer.NO;
      default -> (packet, value) -> Match.Answer.UNSURE;
    };
  }

  private static Field port(Predicate<Packet> applies) {
    return (packet, value) ->
        Match.Answer.of(applies.test(packet) && Values.within(value, packet.port()));
  }

  private static boolean protocol(Protocol protocol, String value) {
    return value.equals(protocol.text()) || value.equals(Integer.toString(protocol.number()));
  }
}
