package dev.berth.engine;

import dev.berth.core.EngineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --security-opt} says.
 *
 * @param noNewPrivileges null when not said
 * @param seccomp {@code unconfined}, {@code builtin}, or a profile's JSON; empty when not said
 * @param unmasked whether nothing of /proc and /sys is hidden
 */
record SecurityChoices(@Nullable Boolean noNewPrivileges, String seccomp, boolean unmasked) {

  /**
   * Reads the options.
   *
   * @throws EngineException INVALID with Docker's words
   */
  static SecurityChoices parse(List<String> options) {
    Boolean noNewPrivileges = null;
    String seccomp = "";
    boolean unmasked = false;
    for (String option : options) {
      if (option.equals("no-new-privileges")) {
        noNewPrivileges = true;
        continue;
      }
      if (option.equals("disable")) {
        continue;
      }
      int split = separator(option);
      if (split < 0) {
        throw EngineException.invalid("invalid --security-opt: \"" + option + "\"");
      }
      String value = option.substring(split + 1);
      switch (option.substring(0, split)) {
        case "no-new-privileges" -> noNewPrivileges = flag(value);
        case "seccomp" -> seccomp = value;
        case "systempaths" -> unmasked = value.equals("unconfined");
        case "apparmor", "label", "writable-cgroups" -> {
          // Without AppArmor and SELinux in the kernel these confine nothing, as in Docker.
        }
        default -> throw EngineException.invalid("invalid --security-opt 2: \"" + option + "\"");
      }
    }
    return new SecurityChoices(noNewPrivileges, seccomp, unmasked);
  }

  private static int separator(String option) {
    int equals = option.indexOf('=');
    return equals >= 0 ? equals : option.indexOf(':');
  }

  private static boolean flag(String value) {
    return switch (value) {
      case "true", "1", "t", "T", "TRUE", "True" -> true;
      case "false", "0", "f", "F", "FALSE", "False" -> false;
      default ->
          throw EngineException.invalid(
              "invalid --security-opt 2: \"no-new-privileges=" + value + "\"");
    };
  }
}
