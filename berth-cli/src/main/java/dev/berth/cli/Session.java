package dev.berth.cli;

import org.jspecify.annotations.Nullable;

/** What the options in front of the command chose. */
final class Session {
  private @Nullable String host;

  void host(String chosen) {
    host = chosen;
  }

  EngineClient client() {
    return new EngineClient(EngineAddress.choose(host, System.getenv()));
  }
}
