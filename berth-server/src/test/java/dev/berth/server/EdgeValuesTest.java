package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from queries and written into answers outside of JSON. */
class EdgeValuesTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void readsBothFormsOfFilters() {
    assertThat(FilterJson.parse("").values()).isEmpty();
    assertThat(FilterJson.parse("{\"name\":[\"a\",\"b\"],\"label\":[]}").values())
        .isEqualTo(Map.of("name", List.of("a", "b"), "label", List.of()));
    assertThat(FilterJson.parse("{\"name\":{\"f\":true}}").values())
        .isEqualTo(Map.of("name", List.of("f")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "[]", "{\"name\":\"f\"}", "{\"name\":[1]}", "{\"name\":{\"f\":1}}", "{"})
  void refusesOtherFilters(String text) {
    assertThatThrownBy(() -> FilterJson.parse(text))
        .isInstanceOf(EngineException.class)
        .hasMessage("invalid filter");
  }

  @ParameterizedTest
  @CsvSource({
    "1700000000,2023-11-14T22:13:20Z",
    "1700000000.5,2023-11-14T22:13:20.500Z",
    "1700000000.000000001,2023-11-14T22:13:20.000000001Z",
    "10m,2026-01-02T02:54:05Z",
    "1h30m,2026-01-02T01:34:05Z",
    "1.5s,2026-01-02T03:04:03.500Z",
    "2026-01-01,2026-01-01T00:00:00Z",
    "2026-01-01T10:00:00,2026-01-01T10:00:00Z",
    "2026-01-01T10:00:00Z,2026-01-01T10:00:00Z",
    "2026-01-01T10:00:00.25+02:00,2026-01-01T08:00:00.250Z"
  })
  void readsTimes(String text, Instant expected) {
    assertThat(GoTime.parse(text, NOW)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "1x", "10m5", "-", "2026-13-01", "1e5"})
  void refusesOtherTimes(String text) {
    assertThatThrownBy(() -> GoTime.parse(text, NOW)).isInstanceOf(EngineException.class);
  }

  @Test
  void writesTimesAsGoDoes() {
    assertThat(GoTime.format(null)).isEqualTo("0001-01-01T00:00:00Z");
    assertThat(GoTime.format(NOW)).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(GoTime.format(NOW.plusNanos(120_000_000))).isEqualTo("2026-01-02T03:04:05.12Z");
    assertThat(GoTime.formatFixed(NOW.plusNanos(1))).isEqualTo("2026-01-02T03:04:05.000000001Z");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.5S,Less than a second",
    "PT1S,1 second",
    "PT59S,59 seconds",
    "PT60S,About a minute",
    "PT119S,About a minute",
    "PT120S,2 minutes",
    "PT60M,About an hour",
    "PT89M,About an hour",
    "PT90M,2 hours",
    "PT47H,47 hours",
    "PT48H,2 days",
    "P14D,2 weeks",
    "P60D,2 months",
    "P729D,24 months",
    "P731D,2 years"
  })
  void tellsAgesInWords(Duration age, String words) {
    assertThat(GoTime.inWords(age)).isEqualTo(words);
  }

  @Test
  void readsQueriesAsDockerdDoes() {
    Query query = new Query("a=1&b=0&c&d=None&e=x+y%2Fz&f=no&g=maybe&t=5&n=&a=2");
    assertThat(query.flag("a")).isTrue();
    assertThat(query.flag("b")).isFalse();
    assertThat(query.flag("c")).isFalse();
    assertThat(query.flag("c", true)).isFalse();
    assertThat(query.flag("absent", true)).isTrue();
    assertThat(query.flag("d")).isFalse();
    assertThat(query.text("e")).isEqualTo("x y/z");
    assertThat(query.flag("f")).isFalse();
    assertThat(query.flag("g")).isTrue();
    assertThat(query.all("a")).containsExactly("1", "2");
    assertThat(query.number("t")).isEqualTo(5);
    assertThat(query.number("n")).isNull();
    assertThatThrownBy(() -> query.number("g"))
        .hasMessage("strconv.Atoi: parsing \"maybe\": invalid syntax");
    assertThatThrownBy(() -> new Query("a=%zz").text("a")).isInstanceOf(EngineException.class);
  }

  @Test
  void framesTwoOutputsOnOneStream() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    FramedStream framed = new FramedStream(bytes, true);
    framed.standardOutput().write(new byte[] {'a', 'b'});
    framed.standardError().write('c');
    framed.standardOutput().write(new byte[0]);

    assertThat(HexFormat.of().formatHex(bytes.toByteArray()))
        .isEqualTo("0100000000000002" + "6162" + "0200000000000001" + "63");
  }

  @Test
  void splitsWhatIsTooLongForOneFrame() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new FramedStream(bytes, false).standardOutput().write(new byte[40_000]);

    assertThat(bytes.size()).isEqualTo(40_000 + 2 * 8);
  }

  @Test
  void findsRoutesInTheirOrder() {
    Handler handler = exchange -> {};
    Router router =
        new Router(
            List.of(
                Route.get("/images/json", handler),
                Route.get("/images/{name}/json", handler),
                Route.delete("/images/{name}", handler),
                Route.get("/networks/", handler),
                Route.get("/networks/{name}", handler)));

    assertThat(router.find("GET", "/images/json").orElseThrow().route().pattern())
        .isEqualTo("/images/json");
    assertThat(router.find("GET", "/images/a/b:c/json").orElseThrow().name()).isEqualTo("a/b:c");
    assertThat(router.find("DELETE", "/images/a/b").orElseThrow().name()).isEqualTo("a/b");
    assertThat(router.find("GET", "/networks/").orElseThrow().name()).isEmpty();
    assertThat(router.find("GET", "/images//json")).isEmpty();
    assertThat(router.find("GET", "/images/a")).isEmpty();
    assertThat(router.find("POST", "/images/json")).isEmpty();
    assertThatThrownBy(() -> Route.get("/a/{b}/{c}/d", handler))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takesAWordBehindAName() {
    Router router =
        new Router(
            List.of(
                Route.delete("/things/{name}/marks/{mark}", exchange -> {}),
                Route.delete("/things/{name}", exchange -> {})));

    Router.Match match = router.find("DELETE", "/things/a/b/marks/m").orElseThrow();
    assertThat(match.name()).isEqualTo("a/b");
    assertThat(match.route().pattern()).endsWith("{mark}");
    assertThat(router.find("DELETE", "/things/a/marks/").orElseThrow().route().pattern())
        .isEqualTo("/things/{name}");
  }

  @Test
  void readsVersions() {
    assertThat(ApiVersion.parse("1.51")).isEqualTo(ApiVersion.MAXIMUM);
    assertThat(ApiVersion.parse("1.9")).isLessThan(ApiVersion.MINIMUM);
    assertThat(ApiVersion.parse("2")).isGreaterThan(ApiVersion.MAXIMUM);
    assertThat(ApiVersion.of(44).atLeast(44)).isTrue();
    assertThat(ApiVersion.of(43).atLeast(44)).isFalse();
    for (String zero : List.of(".", "", "0", ".0", "99999999999")) {
      assertThat(ApiVersion.parse(zero)).isEqualTo(new ApiVersion(0, 0));
    }
  }
}
