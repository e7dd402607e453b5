package dev.berth.it;

import org.jspecify.annotations.Nullable;

/**
 * The one engine of a suite in a virtual machine, where starting one takes half a minute. Its cases
 * leave it as they found it.
 */
final class GuestHost {
  private static @Nullable GuestHost shared;

  private final Scene scene;
  private final Wire wire;

  private GuestHost() {
    scene = Scene.open("--debug");
    wire = Wire.lay(scene);
  }

  /** Started when first asked for. */
  static synchronized GuestHost shared() {
    GuestHost host = shared;
    if (host == null) {
      host = new GuestHost();
      shared = host;
    }
    return host;
  }

  /** At the end of the suite. */
  static synchronized void close() {
    GuestHost host = shared;
    if (host != null) {
      host.wire.close();
      host.scene.close();
      shared = null;
    }
  }

  Scene scene() {
    return scene;
  }

  Wire wire() {
    return wire;
  }
}
