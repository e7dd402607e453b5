package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Validates answers against the published description of the Engine API. The description is not
 * part of this repository: it is looked for in {@code BERTH_ENGINE_API} (environment or system
 * property) and beside the checkout; where it is absent, {@link #find} is empty and tests skip.
 *
 * <p>The description is stricter than the API is: lists, maps and objects that it does not call
 * nullable are null in Docker's own answers too, and the empty word stands for an unset choice.
 * Both are allowed here; types, formats of numbers and required fields are not relaxed.
 */
final class OpenApiSchemas {
  private static final String LOCATION = "BERTH_ENGINE_API";
  private static final int MAX_DESCRIPTION_CHARACTERS = 4 * 1024 * 1024;

  /** Pointers in Go, which Docker writes as null although the description does not say so. */
  private static final Set<String> UNDECLARED_NULLS = Set.of("MemorySwappiness", "OomKillDisable");

  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, Object> definitions;
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4);

  private OpenApiSchemas(Map<String, Object> definitions) {
    this.definitions = definitions;
  }

  /** The description of a version, such as {@code v1.50}, where there is one on this machine. */
  static Optional<OpenApiSchemas> find(String version) {
    return locations()
        .map(directory -> directory.resolve(version + ".yaml"))
        .filter(Files::isRegularFile)
        .findFirst()
        .map(OpenApiSchemas::read);
  }

  private static Stream<Path> locations() {
    String named = System.getProperty(LOCATION, System.getenv(LOCATION));
    if (named != null) {
      return Stream.of(Path.of(named));
    }
    Path here = Path.of("").toAbsolutePath();
    return Stream.iterate(here, Objects::nonNull, Path::getParent)
        .limit(5)
        .flatMap(directory ->
            Stream.of(
                directory.resolveSibling("shared").resolve("engine-api"),
                directory.resolve("../../shared/engine-api").normalize()));
  }

  @SuppressWarnings("unchecked")
  private static OpenApiSchemas read(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_DESCRIPTION_CHARACTERS);
    options.setMaxAliasesForCollections(1000);
    try (Reader reader = Files.newBufferedReader(file)) {
      Map<String, Object> document = new Yaml(new SafeConstructor(options)).load(reader);
      return new OpenApiSchemas((Map<String, Object>) relaxed(document.get("definitions"), false));
    } catch (IOException unreadable) {
      throw new IllegalStateException("cannot read " + file, unreadable);
    }
  }

  /** Fails, with every reason, where the text is not what the definition says. */
  void assertValid(String definition, String body) {
    assertThat(schema(definition).validate(body, InputFormat.JSON).stream().map(Error::toString))
        .as("violations of %s in %s", definition, body)
        .isEmpty();
  }

  /** As {@link #assertValid}, for a list of them that is not empty. */
  void assertEachValid(String definition, String body) throws JsonProcessingException {
    List<String> elements = new ArrayList<>();
    json.readTree(body).forEach(element -> elements.add(element.toString()));
    assertThat(elements).isNotEmpty();
    elements.forEach(element -> assertValid(definition, element));
  }

  private Schema schema(String definition) {
    assertThat(definitions).containsKey(definition);
    return schemas.computeIfAbsent(definition, this::compile);
  }

  private Schema compile(String definition) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("definitions", definitions);
    root.put("allOf", List.of(Map.of("$ref", "#/definitions/" + definition)));
    try {
      return registry.getSchema(json.writeValueAsString(root), InputFormat.JSON);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Rewrites one part of the description as the JSON schema that it means. */
  private static Object relaxed(Object part, boolean isSchema) {
    if (part instanceof List<?> list) {
      return list.stream().map(element -> relaxed(element, true)).toList();
    }
    if (!(part instanceof Map<?, ?> map)) {
      return part;
    }
    Map<String, Object> result = new LinkedHashMap<>();
    map.forEach((key, value) -> {
      String name = String.valueOf(key);
      if (isSchema && List.of("example", "examples", "description", "title").contains(name)) {
        return;
      }
      Object rewritten = relaxed(value, !(isSchema && name.equals("properties")));
      boolean undeclared = !isSchema && UNDECLARED_NULLS.contains(name);
      result.put(
          name,
          undeclared ? Map.of("anyOf", List.of(rewritten, Map.of("type", "null"))) : rewritten);
    });
    if (isSchema) {
      allowUnset(result);
    }
    return result;
  }

  private static void allowUnset(Map<String, Object> schema) {
    Object type = schema.get("type");
    boolean nullable =
        Boolean.TRUE.equals(schema.get("x-nullable"))
            || "array".equals(type)
            || "object".equals(type);
    if (type instanceof String word && nullable) {
      schema.put("type", List.of(word, "null"));
    }
    if (schema.get("enum") instanceof List<?> words && "string".equals(type)) {
      List<Object> more = new ArrayList<>(words);
      more.add("");
      schema.put("enum", more.stream().distinct().toList());
    }
    if (schema.containsKey("$ref")) {
      Object reference = schema.remove("$ref");
      schema.keySet().removeIf(key -> !key.startsWith("x-"));
      schema.put("anyOf", List.of(Map.of("$ref", reference), Map.of("type", "null")));
    }
    schema.remove("format");
  }
}
