package dev.berth.it;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Docker's library for Node. */
@Tag("blackbox")
class DockerodeTest {
  @TestFactory
  @DisplayName("cases")
  Stream<DynamicTest> cases() {
    String modules =
        Command.of(EngineUnderTest.script("dockerode").toString())
            .within(Duration.ofMinutes(15))
            .run()
            .ok()
            .line();
    try (EngineUnderTest engine = EngineUnderTest.start().withBusybox()) {
      List<String> words =
          List.of("env", "NODE_PATH=" + modules, "node", CaseProgram.file("dockerode.cjs"));
      return CaseProgram.run(engine, "dockerode", words).stream().map(CaseOutcome::toTest);
    }
  }
}
