package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writes down which endpoints of the Engine API are served, from the routes themselves. The
 * endpoints there are stand in {@code endpoints.txt}, which is compared with the published
 * descriptions where they lie beside the checkout. With {@code -Dberth.write-documents=true} the
 * document is written instead of compared.
 */
final class EndpointTableTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "api-endpoints.md");
  private static final String LOCATION = "BERTH_ENGINE_API";
  private static final String HEAD =
      """
      <!-- Written by EndpointTableTest; a test fails when it differs from the code. -->

      # The Engine API

      Versions %s to %s are spoken; a path without a version means the newest. Every endpoint of these versions is
      listed, with the version that it came with: clients that ask for it by an older one are served too, as dockerd
      does. What is only there to refuse, says why.
      """;

  private record Endpoint(String area, int since, String method, String path) {
    String key() {
      return key(method, path);
    }

    /** What a place for a name is called, means nothing. */
    static String key(String method, String path) {
      return method + " " + path.replaceAll("\\{[^}]*}", "{}");
    }
  }

  /** Nothing is asked of an engine before a request comes. */
  @SuppressWarnings("NullAway")
  private static List<Route> routes() {
    return EngineApi.router(null, null, null, InstantSource.system()).routes();
  }

  private static List<Endpoint> endpoints() {
    try (InputStream in = EndpointTableTest.class.getResourceAsStream("endpoints.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" "))
          .map(word -> new Endpoint(word[0], Integer.parseInt(word[1]), word[2], word[3]))
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Map<String, Route> routesByKey() {
    Map<String, Route> routes = new LinkedHashMap<>();
    for (Route route : routes()) {
      routes.putIfAbsent(Endpoint.key(route.method(), route.pattern()), route);
    }
    return routes;
  }

  @Test
  void everyEndpointIsAnswered() {
    Map<String, Route> routes = routesByKey();

    assertThat(routes.keySet()).containsAll(endpoints().stream().map(Endpoint::key).toList());
    for (Endpoint endpoint : endpoints()) {
      Route route = Objects.requireNonNull(routes.get(endpoint.key()));
      assertThat(route.since()).as(endpoint.key()).isEqualTo(ApiVersion.of(endpoint.since()));
    }
  }

  @Test
  void theTableTellsOfEveryRoute() throws IOException {
    String document = document();
    if (Boolean.getBoolean("berth.write-documents")) {
      Files.writeString(DOCUMENT, document);
    }
    assertThat(DOCUMENT).as("run once with -Dberth.write-documents=true").hasContent(document);
  }

  private static String document() {
    Map<String, Route> routes = routesByKey();
    StringBuilder text = new StringBuilder();
    text.append(HEAD.formatted(ApiVersion.MINIMUM, ApiVersion.MAXIMUM));
    Map<String, List<Endpoint>> areas =
        endpoints().stream()
            .collect(
                Collectors.groupingBy(Endpoint::area, LinkedHashMap::new, Collectors.toList()));
    areas.forEach((area, endpoints) -> {
      begin(text, area);
      for (Endpoint endpoint : endpoints) {
        Route route = routes.remove(endpoint.key());
        line(text, endpoint.method(), endpoint.path(), endpoint.since(), state(route));
      }
    });
    List<Route> own = new ArrayList<>();
    begin(text, "Of dockerd, but not described");
    for (Route route : routes.values()) {
      if (route.pattern().startsWith("/berth/")) {
        own.add(route);
      } else {
        line(text, route.method(), route.pattern(), route.since().minor(), state(route));
      }
    }
    begin(text, "Berth's own");
    own.forEach(route -> line(text, route.method(), route.pattern(), 24, state(route)));
    return text.toString();
  }

  private static void begin(StringBuilder text, String title) {
    text.append("\n## ").append(title).append("\n\n| endpoint | since | state |\n|---|---|---|\n");
  }

  private static void line(
      StringBuilder text, String method, String path, int since, String state) {
    text.append("| `%s %s` | %s | %s |\n".formatted(method, path, ApiVersion.of(since), state));
  }

  private static String state(@org.jspecify.annotations.Nullable Route route) {
    if (route == null) {
      return "missing";
    }
    return route.refusal().isEmpty() ? "served" : "refused: " + route.refusal();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.44", "v1.50"})
  void theListIsThatOfThePublishedDescription(String version) throws IOException {
    List<Path> found =
        locations().map(place -> place.resolve(version + ".yaml")).filter(Files::exists).toList();
    assumeFalse(found.isEmpty(), "the description of the Engine API is not on this machine");
    int minor = Integer.parseInt(version.substring("v1.".length()));

    assertThat(described(Files.readString(found.getFirst())))
        .containsExactlyInAnyOrderElementsOf(
            endpoints().stream()
                .filter(endpoint -> endpoint.since() <= minor)
                .map(Endpoint::key)
                .toList());
  }

  private static Stream<Path> locations() {
    String named = System.getProperty(LOCATION, System.getenv(LOCATION));
    Path here = Path.of("").toAbsolutePath();
    Stream<Path> beside =
        Stream.iterate(here, Objects::nonNull, Path::getParent)
            .map(directory -> directory.resolve("shared").resolve("engine-api"));
    return named == null ? beside : Stream.concat(Stream.of(Path.of(named)), beside);
  }

  /** The keys under {@code paths}, and of them those that are methods, by their indentation. */
  private static Set<String> described(String yaml) {
    Pattern line = Pattern.compile("^  (?:(/[^:]*)|  (get|head|post|put|delete)):\\s*$");
    Set<String> keys = new TreeSet<>();
    String path = "";
    String paths = yaml.substring(yaml.indexOf("\npaths:\n"));
    for (String text : paths.lines().toList()) {
      Matcher matcher = line.matcher(text);
      if (!matcher.matches()) {
        continue;
      }
      if (matcher.group(1) != null) {
        path = matcher.group(1);
      } else {
        keys.add(Endpoint.key(matcher.group(2).toUpperCase(java.util.Locale.ROOT), path));
      }
    }
    return keys;
  }
}
