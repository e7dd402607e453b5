package dev.berth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
  private final RecordCodec codec = new RecordCodec();

  @Test
  void jsonIsComponentsOnlyAndNamesTheCase() {
    Sample sample =
        new Sample(
            "x",
            0,
            null,
            null,
            null,
            null,
            List.of(new Sample.Shape.Circle(2)),
            java.util.Map.of(),
            java.util.Set.of(),
            null);
    assertThat(codec.encode("samples/x", sample))
        .contains("{\"@type\":\"Circle\",\"radius\":2.0}")
        .doesNotContain("idle")
        .doesNotContain("title");
  }

  @Test
  void olderAndNewerJsonIsRead() {
    Sample sample =
        codec.decode("samples/x", "{\"name\":\"x\",\"gone\":{\"deep\":[1]}}", Sample.class);
    assertThat(sample.count()).isZero();
    assertThat(sample.shapes()).isEmpty();
    assertThat(sample.sizes()).isEmpty();
    assertThat(sample.colours()).isEmpty();
    assertThat(sample.since()).isNull();
  }

  @Test
  void nullAndEmptyMapsAreApart() {
    String json = codec.encode("samples/x", Sample.of("x", 1));
    assertThat(codec.decode("samples/x", json, Sample.class).labels()).isNull();
  }

  @Test
  void whatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> codec.decode("samples/x", "{\"count\":\"many\"}", Sample.class))
        .isInstanceOf(EngineException.class)
        .hasMessage("state store: samples/x cannot be read");
  }
}
