package dev.berth.network;

import java.nio.file.Path;

/** Writes {@code /etc/resolv.conf} as Docker does. */
final class ResolverFile {
  private static final Path HOST_FILE = Path.of("/etc/resolv.conf");
  private final NetworkSettings.DnsSettings defaults;

  ResolverFile(NetworkSettings.DnsSettings defaults) {
    this.defaults = defaults;
  }

  /** The file of a container, by the embedded name server or not. */
  String of(SandboxSpec spec, boolean embedded) {
    String text = SandboxFiles.read(HOST_FILE);
    return embedded ? "nameserver 127.0.0.11\n" + defaults.options() : text;
  }
}
