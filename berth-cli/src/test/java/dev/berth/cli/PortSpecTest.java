package dev.berth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortSpecTest {
  @Test
  void readsEveryForm() {
    assertThat(PortSpec.parse("80")).containsExactly(new PortSpec("", "", "80/tcp"));
    assertThat(PortSpec.parse("8080:80")).containsExactly(new PortSpec("", "8080", "80/tcp"));
    assertThat(PortSpec.parse("127.0.0.1::53/UDP"))
        .containsExactly(new PortSpec("127.0.0.1", "", "53/udp"));
    assertThat(PortSpec.parse("[::1]:8080:80"))
        .containsExactly(new PortSpec("::1", "8080", "80/tcp"));
    assertThat(PortSpec.parse("8000-8010:80"))
        .containsExactly(new PortSpec("", "8000-8010", "80/tcp"));
    assertThat(PortSpec.parse("9100-9101:80-81"))
        .isEqualTo(List.of(new PortSpec("", "9100", "80/tcp"), new PortSpec("", "9101", "81/tcp")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "80:", "70000", "80/icmp", "90-80", "8000-8002:80-81", "1:2:x"})
  void refusesTheRest(String text) {
    assertThatThrownBy(() -> PortSpec.parse(text)).isInstanceOf(CliException.class);
  }
}
