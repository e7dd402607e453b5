package dev.berth.server;

import java.io.IOException;

/** Serves one kind of request with blocking code. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers the request.
   *
   * @throws dev.berth.core.EngineException for the client
   * @throws IOException when the client cannot be reached any more
   * @throws InterruptedException when the client has left
   */
  void handle(Exchange exchange) throws IOException, InterruptedException;
}
