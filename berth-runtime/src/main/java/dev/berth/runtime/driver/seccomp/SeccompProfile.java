package dev.berth.runtime.driver.seccomp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.core.EngineException;
import dev.berth.runtime.driver.seccomp.SeccompRules.Argument;
import dev.berth.runtime.driver.seccomp.SeccompRules.Comparison;
import dev.berth.runtime.driver.seccomp.SeccompRules.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a profile in the format that Docker, Podman and containerd share, and decides its {@code
 * includes} and {@code excludes}.
 */
public final class SeccompProfile {
  private static final String COMPARISON_PREFIX = "SCMP_CMP_";
  private static final int LARGEST_ARGUMENT = 5;

  /**
   * What the conditions of a profile are about.
   *
   * @param capabilities of the container, with {@code CAP_} in front
   * @param goArchitecture {@code amd64}, {@code arm64}
   * @param kernelRelease as uname(2) has it
   */
  public record Target(Set<String> capabilities, String goArchitecture, String kernelRelease) {
    /** Copies the set. */
    public Target {
      capabilities = Set.copyOf(capabilities);
    }

    private String nativeArchitecture() {
      return switch (goArchitecture) {
        case "amd64" -> "SCMP_ARCH_X86_64";
        case "arm64" -> "SCMP_ARCH_AARCH64";
        default -> "SCMP_ARCH_" + goArchitecture.toUpperCase(java.util.Locale.ROOT);
      };
    }
  }

  private SeccompProfile() {}

  /**
   * Reads and decides.
   *
   * @throws EngineException kind INVALID if the text is not a profile
   */
  public static SeccompRules resolve(String json, Target target) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json);
    } catch (JsonProcessingException failure) {
      throw invalid(failure.getOriginalMessage(), failure);
    }
    if (!root.path("defaultAction").isTextual()) {
      throw invalid("defaultAction is missing", null);
    }
    List<Rule> rules = new ArrayList<>();
    for (JsonNode call : root.path("syscalls")) {
      if (applies(call, target)) {
        rules.add(rule(call));
      }
    }
    return new SeccompRules(
        root.path("defaultAction").asText(),
        number(root.path("defaultErrnoRet")),
        architectures(root, target),
        words(root.path("flags")),
        rules);
  }

  private static List<String> architectures(JsonNode root, Target target) {
    List<String> listed = words(root.path("architectures"));
    JsonNode map = root.path("archMap");
    if (!listed.isEmpty() && !map.isEmpty()) {
      throw invalid(
          "both 'architectures' and 'archMap' are specified in the seccomp profile, use either"
              + " 'architectures' or 'archMap'",
          null);
    }
    for (JsonNode entry : map) {
      if (entry.path("architecture").asText().equals(target.nativeArchitecture())) {
        List<String> all = new ArrayList<>();
        all.add(entry.path("architecture").asText());
        all.addAll(words(entry.path("subArchitectures")));
        return all;
      }
    }
    return listed.isEmpty() ? List.of(target.nativeArchitecture()) : listed;
  }

  private static boolean applies(JsonNode call, Target target) {
    JsonNode includes = call.path("includes");
    JsonNode excludes = call.path("excludes");
    List<String> includedArchitectures = words(includes.path("arches"));
    boolean included =
        (includedArchitectures.isEmpty() || includedArchitectures.contains(target.goArchitecture()))
            && target.capabilities().containsAll(words(includes.path("caps")))
            && kernelAtLeast(target.kernelRelease(), includes.path("minKernel"), true);
    boolean excluded =
        words(excludes.path("arches")).contains(target.goArchitecture())
            || words(excludes.path("caps")).stream().anyMatch(target.capabilities()::contains)
            || kernelAtLeast(target.kernelRelease(), excludes.path("minKernel"), false);
    return included && !excluded;
  }

  private static boolean kernelAtLeast(String release, JsonNode minimum, boolean ifAbsent) {
    if (!minimum.isTextual() || minimum.asText().isEmpty()) {
      return ifAbsent;
    }
    int[] have = version(release);
    int[] want = version(minimum.asText());
    return Arrays.compare(have, want) >= 0;
  }

  private static int[] version(String text) {
    String[] parts = text.split("[^0-9]+", 3);
    if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw invalid("kernel version " + text, null);
    }
    return new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
  }

  private static Rule rule(JsonNode call) {
    List<String> names = new ArrayList<>(words(call.path("names")));
    if (call.path("name").isTextual() && !call.path("name").asText().isEmpty()) {
      if (!names.isEmpty()) {
        throw invalid("'name' and 'names' are both specified in the seccomp profile", null);
      }
      names.add(call.path("name").asText());
    }
    if (!call.path("action").isTextual()) {
      throw invalid("action of " + names + " is missing", null);
    }
    List<Argument> arguments = new ArrayList<>();
    for (JsonNode argument : call.path("args")) {
      arguments.add(argument(argument));
    }
    return new Rule(names, call.path("action").asText(), number(call.path("errnoRet")), arguments);
  }

  private static Argument argument(JsonNode argument) {
    int index = argument.path("index").asInt();
    String word = argument.path("op").asText();
    if (index < 0 || index > LARGEST_ARGUMENT || !word.startsWith(COMPARISON_PREFIX)) {
      throw invalid("argument " + argument, null);
    }
    try {
      return new Argument(
          index,
          argument.path("value").bigIntegerValue().longValue(),
          argument.path("valueTwo").bigIntegerValue().longValue(),
          Comparison.valueOf(word.substring(COMPARISON_PREFIX.length())));
    } catch (IllegalArgumentException unknown) {
      throw invalid("operator " + word, unknown);
    }
  }

  private static @Nullable Integer number(JsonNode node) {
    return node.isNumber() ? Integer.valueOf(node.asInt()) : null;
  }

  private static List<String> words(JsonNode array) {
    List<String> words = new ArrayList<>();
    for (JsonNode word : array) {
      words.add(word.asText());
    }
    return words;
  }

  private static EngineException invalid(String detail, @Nullable Throwable cause) {
    return new EngineException(
        dev.berth.core.ErrorKind.INVALID, "Decoding seccomp profile failed: " + detail, cause);
  }
}
