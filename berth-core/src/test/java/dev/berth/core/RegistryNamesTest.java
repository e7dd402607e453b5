package dev.berth.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryNamesTest {
  @ParameterizedTest
  @CsvSource({
    "localhost, true",
    "localhost:5000, true",
    "registry.example, true",
    "Upper, true",
    "library, false",
    "'', false"
  })
  void tellsRegistriesFromRepositories(String first, boolean domain) {
    assertThat(RegistryNames.isDomain(first)).isEqualTo(domain);
  }
}
