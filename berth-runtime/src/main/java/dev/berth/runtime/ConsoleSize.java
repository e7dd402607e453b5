package dev.berth.runtime;

/**
 * Size of a terminal in characters.
 *
 * @param rows its height
 * @param columns its width
 */
public record ConsoleSize(int rows, int columns) {
  private static final int LARGEST = 65_535;

  /** Checks that both fit the kernel's {@code struct winsize}. */
  public ConsoleSize {
    if (rows < 0 || columns < 0 || rows > LARGEST || columns > LARGEST) {
      throw new IllegalArgumentException("terminal size " + rows + "x" + columns);
    }
  }
}
