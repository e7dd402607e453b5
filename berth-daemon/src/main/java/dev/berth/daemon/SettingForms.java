package dev.berth.daemon;

import dev.berth.core.EngineException;
import java.util.Set;

/** Checks that a value has the form of its setting; the messages are those of dockerd's flags. */
final class SettingForms {
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

  private SettingForms() {}

  /**
   * Passes if the value can be read.
   *
   * @param origin how the user named the setting, for the message
   */
  static void check(Setting setting, String value, String origin) {
    switch (setting.form()) {
      case FLAG -> {
        if (!TRUE.contains(value) && !FALSE.contains(value)) {
          throw complaint(value, origin, "strconv.ParseBool: parsing \"" + value + "\"");
        }
      }
      case NUMBER -> {
        if (!value.matches("-?[0-9]{1,9}")) {
          throw complaint(value, origin, "strconv.ParseInt: parsing \"" + value + "\"");
        }
      }
      case MAP -> {
        if (!value.contains("=")) {
          throw EngineException.invalid(
              "invalid argument \""
                  + value
                  + "\" for \""
                  + origin
                  + "\" flag: it must be of the form key=value");
        }
      }
      case TEXT, LIST -> {
        // Their meaning is checked where it is used.
      }
    }
  }

  /** Reads a value that {@link #check} has passed. */
  static boolean isTrue(String value) {
    return TRUE.contains(value);
  }

  private static EngineException complaint(String value, String origin, String detail) {
    return EngineException.invalid(
        "invalid argument \""
            + value
            + "\" for \""
            + origin
            + "\" flag: "
            + detail
            + ": invalid syntax");
  }
}
