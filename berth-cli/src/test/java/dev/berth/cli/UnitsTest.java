package dev.berth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnitsTest {
  @Test
  void writesSizesAsTablesDo() {
    assertThat(Units.decimal(0)).isEqualTo("0B");
    assertThat(Units.decimal(4_426_000)).isEqualTo("4.43MB");
    assertThat(Units.decimal(77_800_000)).isEqualTo("77.8MB");
    assertThat(Units.decimal(999_900)).isEqualTo("1000kB");
    assertThat(Units.binary(2_084_048_896)).isEqualTo("1.941GiB");
  }

  @Test
  void writesSpansAsTablesDo() {
    assertThat(Units.span(Duration.ZERO)).isEqualTo("Less than a second");
    assertThat(Units.span(Duration.ofSeconds(1))).isEqualTo("1 second");
    assertThat(Units.span(Duration.ofSeconds(59))).isEqualTo("59 seconds");
    assertThat(Units.span(Duration.ofSeconds(90))).isEqualTo("About a minute");
    assertThat(Units.span(Duration.ofHours(47))).isEqualTo("47 hours");
    assertThat(Units.span(Duration.ofDays(15))).isEqualTo("2 weeks");
  }

  @Test
  void readsSizesAndTimes() {
    assertThat(Units.bytes("512m")).isEqualTo(512L << 20);
    assertThat(Units.bytes("1.5GiB")).isEqualTo(3L << 29);
    assertThat(Units.bytes("100")).isEqualTo(100);
    assertThat(Units.nanoseconds("1m30s")).isEqualTo(90_000_000_000L);
    assertThat(Units.nanoseconds("500ms")).isEqualTo(500_000_000L);
    assertThatThrownBy(() -> Units.bytes("big")).hasMessage("invalid size: 'big'");
    assertThatThrownBy(() -> Units.nanoseconds("soon")).isInstanceOf(CliException.class);
  }
}
