package dev.berth.image;

import java.util.List;

/** Tells which containers use images; the engine knows. Called outside locks. */
@FunctionalInterface
public interface ImageUsers {

  /** All containers, running or not, that were made from an image or mount it. */
  List<User> usersOf(Digest imageId);

  /**
   * A container that uses an image.
   *
   * @param containerId its full id
   * @param running whether it runs (a paused one does)
   */
  record User(String containerId, boolean running) {}
}
