package dev.berth.runtime.driver.crun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.runtime.LaunchException;
import dev.berth.runtime.LaunchException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchErrorsTest {
  private static final String PREFIX =
      "failed to create task for container: failed to create shim task: OCI runtime create failed:"
          + " crun create failed: ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x | executable file `x` not found in $PATH: No such file or directory | NOT_FOUND | executable file not found in $PATH
          /x/y | executable file `/x/y` not found in $PATH: No such file | NOT_FOUND | stat /x/y: no such file or directory
          /etc | open executable: Operation not permitted | NOT_EXECUTABLE | is a directory
          /a | open executable: Permission denied | NOT_EXECUTABLE | permission denied
          /a | exec: Exec format error | NOT_EXECUTABLE | exec format error
          """)
  void speaksOfProgramsAsDockerDoes(String program, String stderr, Kind kind, String reason) {
    LaunchException failure = LaunchErrors.create("crun", program, stderr);

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure)
        .hasMessage(
            PREFIX
                + "unable to start container process: exec: \""
                + program
                + "\": "
                + reason
                + ": unknown");
  }

  @Test
  void readsWhatRuncWrites() {
    LaunchException failure =
        LaunchErrors.create(
            "runc",
            "nosuch",
            "time=\"2026-01-01T00:00:00Z\" level=warning msg=\"odd\"\n"
                + "time=\"2026-01-01T00:00:00Z\" level=error msg=\"runc create failed: unable to"
                + " start container process: exec: \\\"nosuch\\\": executable file not found in"
                + " $PATH\"");

    assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failure)
        .hasMessageEndingWith("exec: \"nosuch\": executable file not found in $PATH: unknown");
  }

  @Test
  void passesOtherReasonsOn() {
    LaunchException failure =
        LaunchErrors.create("crun", "sh", "2026-01-01T00:00:00.1Z: mount `x` to `y`: Invalid\n");

    assertThat(failure.kind()).isEqualTo(Kind.RUNTIME);
    assertThat(failure).hasMessage(PREFIX + "mount `x` to `y`: Invalid: unknown");
    assertThat(LaunchErrors.exec("sh", "").getMessage())
        .isEqualTo("OCI runtime exec failed: exec failed: unknown failure: unknown");
  }
}
