package dev.berth.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TemplateTest {
  private static final Record DOCKER =
      new Record("docker.EndpointMeta", List.of("Host", "SkipTLSVerify"), List.of("unix:///s", false));

  /** The data on which the recorded answers were given. */
  private static final Record DATA =
      new Record(
          "context.contextWithTLSListing",
          List.of("Name", "Endpoints"),
          List.of("default", Map.of("docker", DOCKER)));

  /** A structure of plain fields. */
  private record Record(String type, List<String> names, List<Object> values)
      implements Structure {
    @Override
    public boolean has(String name) {
      return names.contains(name);
    }

    @Override
    public @Nullable Object field(String name, List<@Nullable Object> arguments) {
      if (!arguments.isEmpty()) {
        throw new IllegalArgumentException(
            name + " has arguments but cannot be invoked as function");
      }
      return values.get(names.indexOf(name));
    }

    @Override
    public String json() {
      Map<String, Object> map = new TreeMap<>();
      names.forEach(name -> map.put(name, values.get(names.indexOf(name))));
      return GoJson.write(map);
    }
  }

  /** Templates, whether Go accepts them, and what Go's text/template with Docker's functions says. */
  static Stream<Arguments> recorded() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(TemplateTest.class.getResourceAsStream("recorded.tsv")),
                StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(line -> line.split("\t", -1))
          .map(cells ->
              Arguments.of(GoText.unescape(cells[0]), cells[1], GoText.unescape(cells[2])))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void doesAsGoDoes(String template, String outcome, String text) {
    if (outcome.equals("ok")) {
      assertThat(Template.parse(template).execute(DATA)).isEqualTo(text);
    } else {
      assertThatThrownBy(() -> Template.parse(template).execute(DATA)).hasMessage(text);
    }
  }

  @Test
  void missingKeysAreErrorsWhereThatIsAskedFor() {
    Template template = Template.parse("{{.State.Health.Status}}");
    assertThat(template.execute(Map.of("State", Map.of()))).isEqualTo("<no value>");
    assertThatThrownBy(() -> template.executeStrictly(Map.of("State", Map.of())))
        .hasMessage(
            "template: :1:8: executing \"\" at <.State.Health.Status>: map has no entry for key"
                + " \"Health\"");
  }

  @Test
  void pointersToNothingAreFalse() {
    Record state =
        new Record("container.State", List.of("Health"), List.of(new NilPointer("Health")));
    assertThat(Template.parse("{{.Health}} {{if .Health}}a{{else}}b{{end}}").execute(state))
        .isEqualTo("<nil> b");
    assertThatThrownBy(() -> Template.parse("{{.Health.Status}}").execute(state))
        .hasMessage(
            "template: :1:9: executing \"\" at <.Health.Status>: nil pointer evaluating"
                + " *Health.Status");
  }

  @Test
  void headingsKeepTheirWords() {
    Map<String, Object> headings = Map.of("Name", "NAMES", "Labels", "LABELS");
    assertThat(
            Template.parse("{{lower .Name}}\t{{json .Labels}}\t{{truncate .Name 2}}\t{{pad .Name 1 0}}")
                .executeForHeadings(headings))
        .isEqualTo("NAMES\tLABELS\tNAMES\t NAMES");
  }

  @Test
  void recursionEnds() {
    Template template = Template.parse("{{define \"t\"}}{{template \"t\"}}{{end}}{{template \"t\"}}");
    assertThatThrownBy(() -> template.execute(null))
        .hasMessageContaining("exceeded maximum template depth");
  }

  @Test
  void nothingMadeIsNullInJson() {
    assertThat(Template.parse("{{json .}}{{len .}}").execute(NilPointer.SLICE)).isEqualTo("null0");
    assertThat(Template.parse("{{.}}{{json .}}").execute(NilPointer.MAP)).isEqualTo("map[]null");
  }
}
