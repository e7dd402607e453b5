package dev.berth.server;

import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;

/** Numbers and booleans as Go's strconv reads them, refused in its words. */
final class GoValues {
  private GoValues() {}

  /**
   * Reads 1, t, T, TRUE, true, True and their opposites.
   *
   * @throws EngineException of kind INVALID for anything else, with {@code prefix} before the
   *     reason
   */
  static boolean parseBoolean(String prefix, String value) {
    return switch (value) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      case "0", "f", "F", "FALSE", "false", "False" -> false;
      default ->
          throw EngineException.invalid(
              prefix + "strconv.ParseBool: parsing " + GoQuote.quote(value) + ": invalid syntax");
    };
  }

  /** Reads a whole number of 32 bits. */
  static int parseInt(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException notANumber) {
      boolean tooLarge = value.matches("[+-]?[0-9]+");
      throw EngineException.invalid(
          "strconv.Atoi: parsing "
              + GoQuote.quote(value)
              + (tooLarge ? ": value out of range" : ": invalid syntax"));
    }
  }
}
