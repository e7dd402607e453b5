package dev.berth.network;

import dev.berth.network.dns.DnsAttachment;
import dev.berth.network.dns.DnsSettings;
import java.util.Map;

/** Options of any network with names, which no driver knows of. */
final class NameOptions {
  /** How many seconds clients may keep the network's names. */
  static final String TTL = "dev.berth.dns.ttl";

  private NameOptions() {}

  /** Refuses what cannot be read. */
  static void check(Map<String, String> options) {
    int seconds = new DriverOptions(options).number(TTL, 0);
    if (seconds < 0 || seconds > DnsSettings.LONGEST_TTL_SECONDS) {
      throw DriverOptions.unreadable(
          TTL,
          Integer.toString(seconds),
          "it must be between 0 and " + DnsSettings.LONGEST_TTL_SECONDS);
    }
  }

  /** How long clients may keep the names; the engine's own setting where nothing is said. */
  static int ttlSeconds(NetworkRecord network) {
    return new DriverOptions(network.options()).number(TTL, DnsAttachment.USUAL_TTL);
  }
}
