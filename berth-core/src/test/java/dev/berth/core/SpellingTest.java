package dev.berth.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Names that somebody may have meant. */
class SpellingTest {
  @Test
  void nearNamesAreFoundTheNearestFirst() {
    assertThat(Spelling.similar("wbe", List.of("db", "web", "webs", "queue")))
        .containsExactly("web");
    assertThat(Spelling.similar("postgrse", List.of("postgres", "postgres2", "redis")))
        .containsExactly("postgres", "postgres2");
    assertThat(Spelling.similar("DB", List.of("db"))).containsExactly("db");
    assertThat(Spelling.similar("x", List.of("y", "zz"))).containsExactly("y");
    assertThat(Spelling.similar("", List.of("abc"))).isEmpty();
  }

  @Test
  void mistakesAreCounted() {
    assertThat(Spelling.distance("web", "web")).isZero();
    assertThat(Spelling.distance("wbe", "web")).isEqualTo(1);
    assertThat(Spelling.distance("cache", "cash")).isEqualTo(2);
  }
}
