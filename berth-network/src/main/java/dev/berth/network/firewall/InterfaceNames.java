package dev.berth.network.firewall;

/** Guards the rule texts against names which the kernel would not accept either. */
final class InterfaceNames {
  private static final int MAXIMUM_LENGTH = 15;

  private InterfaceNames() {}

  /**
   * Accepts what {@code dev_valid_name} in the kernel accepts, minus what has a meaning in rule
   * text.
   *
   * @throws IllegalArgumentException for any other name
   */
  static void check(String name) {
    boolean valid =
        !name.isEmpty()
            && name.length() <= MAXIMUM_LENGTH
            && name.chars().allMatch(c -> c > ' ' && c < 0x7f && "/:\"'\\;*+!".indexOf(c) < 0);
    if (!valid) {
      throw new IllegalArgumentException("interface name \"" + name + "\"");
    }
  }
}
