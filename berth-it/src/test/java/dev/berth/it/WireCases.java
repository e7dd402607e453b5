package dev.berth.it;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Cases on an interface of the host with another machine at its far end, on one engine. */
abstract class WireCases {
  static final String HOST = "10.90.0.1";
  static final String FAR = "10.90.0.200";

  static Scene scene;
  static Wire wire;

  /** The host's links before any network was made. */
  static String before;

  @BeforeAll
  static void layWire() {
    scene = GuestHost.shared().scene();
    wire = GuestHost.shared().wire();
    before = wire.links();
  }

  @AfterEach
  void clear() {
    wire.hairpin(false);
    wire.clear(before);
  }
}
