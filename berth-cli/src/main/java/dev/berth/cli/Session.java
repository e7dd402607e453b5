package dev.berth.cli;

import org.jspecify.annotations.Nullable;

/** What the options in front of the command chose. */
final class Session {
  private @Nullable String host;
  private @Nullable String context;

  void host(String chosen) {
    host = chosen;
  }

  void context(String chosen) {
    context = chosen;
  }

  /** Where the engine is. */
  EngineAddress address() {
    return EngineAddress.choose(host, context, System.getenv());
  }

  EngineClient client() {
    return new EngineClient(address());
  }
}
