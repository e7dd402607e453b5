package dev.berth.server;

import java.io.IOException;

/** The client closed its connection: nobody is left to answer. */
final class ClientGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  ClientGoneException() {
    super("the client closed the connection");
  }
}
