package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The validator itself must be able to fail. */
class OpenApiSchemasTest {
  private OpenApiSchemas schemas;

  @BeforeEach
  void find() {
    Optional<OpenApiSchemas> found = OpenApiSchemas.find("v1.50");
    assumeTrue(found.isPresent(), "the description of the Engine API is not on this machine");
    schemas = found.get();
  }

  @Test
  void acceptsWhatDockerAnswers() {
    assertThatCode(() ->
            schemas.assertValid(
                "Network",
                "{\"Name\":\"n\",\"Id\":\"x\",\"IPAM\":{\"Driver\":\"default\",\"Options\":null,"
                    + "\"Config\":null},\"Internal\":false,\"Containers\":{},\"Labels\":{}}"))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesAnotherType() {
    assertThatThrownBy(() -> schemas.assertValid("Network", "{\"Internal\":\"no\"}"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Internal");
    assertThatThrownBy(
            () -> schemas.assertValid("Network", "{\"IPAM\":{\"Config\":[{\"Subnet\":5}]}}"))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void refusesAMissingField() {
    assertThatThrownBy(() -> schemas.assertValid("ContainerWaitResponse", "{}"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("StatusCode");
  }
}
