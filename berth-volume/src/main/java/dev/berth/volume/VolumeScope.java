package dev.berth.volume;

/** Where a driver's volumes are known. */
public enum VolumeScope {
  /** On this host alone. */
  LOCAL("local"),
  /** On every host that runs the driver. */
  GLOBAL("global");

  private final String word;

  VolumeScope(String word) {
    this.word = word;
  }

  /** Docker's word for it. */
  public String word() {
    return word;
  }
}
