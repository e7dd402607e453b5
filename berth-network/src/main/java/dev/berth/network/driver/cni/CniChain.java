package dev.berth.network.driver.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import dev.berth.linux.Capture;
import dev.berth.linux.Errno;
import dev.berth.linux.LinuxException;
import dev.berth.linux.SpawnRequest;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs the plugins of a configuration one after the other, each with the result of those before it.
 * A plugin gets no descriptor and no variable but those of the specification; one that takes too
 * long is killed with all that it started.
 */
final class CniChain {
  private static final int OUTPUT_BYTES = 1024 * 1024;
  private static final int ERROR_CHARACTERS = 1000;
  private static final String PROGRAMS_OF_THE_SYSTEM =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final CniCatalogue catalogue;
  private final Duration patience;

  /**
   * @param patience for one plugin
   */
  CniChain(CniCatalogue catalogue, Duration patience) {
    this.catalogue = catalogue;
    this.patience = patience;
  }

  /** Attaches a container; what fails half-way is for {@link #delete} to clear. */
  JsonNode add(CniConfiguration configuration, CniAttachment attachment) {
    @Nullable JsonNode result = null;
    for (ObjectNode plugin : configuration.plugins()) {
      JsonNode answer = run("ADD", configuration, plugin, attachment, result);
      result = answer.isEmpty() ? result : answer;
    }
    if (result == null) {
      throw EngineException.internal(
          "the CNI plugins of " + configuration.name() + " gave no result", null);
    }
    return result;
  }

  /** Asks whether a container is attached as it was. */
  void check(CniConfiguration configuration, CniAttachment attachment, JsonNode result) {
    for (ObjectNode plugin : configuration.plugins()) {
      run("CHECK", configuration, plugin, attachment, result);
    }
  }

  /** Detaches a container, last plugin first, each whatever became of the others. Idempotent. */
  void delete(CniConfiguration configuration, CniAttachment attachment, @Nullable JsonNode result) {
    @Nullable EngineException failure = null;
    for (ObjectNode plugin : configuration.plugins().reversed()) {
      try {
        run("DEL", configuration, plugin, attachment, result);
      } catch (EngineException failed) {
        failure = failed;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private JsonNode run(
      String command,
      CniConfiguration configuration,
      ObjectNode plugin,
      CniAttachment attachment,
      @Nullable JsonNode before) {
    String type = plugin.path("type").asText();
    Path program = catalogue.program(type);
    ObjectNode input = plugin.deepCopy();
    input.put("name", configuration.name()).put("cniVersion", configuration.version());
    attachment.fill(input);
    if (before != null) {
      input.set("prevResult", before);
    }
    String programs =
        catalogue.programs().stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    Map<String, String> environment = new HashMap<>(attachment.environment(command, programs));
    environment.put("PATH", PROGRAMS_OF_THE_SYSTEM);
    return outcome(command, type, capture(program, environment, input.toString()));
  }

  private Capture.Result capture(Path program, Map<String, String> environment, String input) {
    SpawnRequest request =
        SpawnRequest.of(List.of(program.toString())).withEnvironment(environment).inNewSession();
    try {
      return Capture.run(
          request,
          input.getBytes(StandardCharsets.UTF_8),
          new Capture.Limits(patience, OUTPUT_BYTES));
    } catch (LinuxException failure) {
      String why =
          failure.is(Errno.ETIMEDOUT)
              ? "no answer within " + patience.toSeconds() + " seconds"
              : String.valueOf(failure.getMessage());
      throw EngineException.internal("CNI plugin " + program + ": " + why, failure);
    }
  }

  private static JsonNode outcome(String command, String type, Capture.Result result) {
    JsonNode answer;
    try {
      answer = CniConfiguration.json(result.output().isBlank() ? "{}" : result.output());
    } catch (EngineException noJson) {
      answer = CniConfiguration.json("{}");
    }
    if (!result.status().isSuccess()) {
      throw EngineException.internal(
          "plugin type=\"%s\" failed (%s): %s"
              .formatted(type, command.toLowerCase(Locale.ROOT), reason(answer, result)),
          null);
    }
    return answer;
  }

  private static String reason(JsonNode answer, Capture.Result result) {
    String message = answer.path("msg").asText("");
    String details = answer.path("details").asText("");
    String text = details.isEmpty() ? message : message + "; " + details;
    if (text.isEmpty()) {
      text = (result.output() + result.errors()).strip();
    }
    return text.length() <= ERROR_CHARACTERS ? text : text.substring(0, ERROR_CHARACTERS);
  }
}
