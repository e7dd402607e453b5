package dev.berth.archive;

import java.io.IOException;

/** An archive that is broken, cut short, or tries to reach outside its place. */
public final class TarFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, for the client
   */
  public TarFormatException(String message) {
    super(message);
  }
}
