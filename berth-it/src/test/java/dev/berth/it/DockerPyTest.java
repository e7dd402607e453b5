package dev.berth.it;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Docker's library for Python, as Debian packages it. */
@Tag("blackbox")
class DockerPyTest {
  @TestFactory
  @DisplayName("cases")
  Stream<DynamicTest> cases() {
    try (EngineUnderTest engine = EngineUnderTest.start().withBusybox()) {
      List<String> words = List.of("/usr/bin/python3", "-B", CaseProgram.file("docker_py.py"));
      return CaseProgram.run(engine, "docker-py", words).stream().map(CaseOutcome::toTest);
    }
  }
}
