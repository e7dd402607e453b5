package dev.berth.volume;

/** A volume that the engine itself holds mounted until it closes this. */
public final class OpenVolume implements AutoCloseable {
  private final String path;
  private final Runnable unmount;

  OpenVolume(String path, Runnable unmount) {
    this.path = path;
    this.unmount = unmount;
  }

  /** Where the data is on this host. */
  public String path() {
    return path;
  }

  /** Lets the volume go; call it once. */
  @Override
  public void close() {
    unmount.run();
  }
}
