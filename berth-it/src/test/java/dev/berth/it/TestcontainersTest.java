package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Testcontainers for Java. Its users' programs reach published ports on localhost, so they run in a
 * JVM of their own in the engine's namespaces.
 */
@Tag("blackbox")
class TestcontainersTest {
  private static final String SESSION = "label=org.testcontainers=true";

  /** What Testcontainers 2 asks for to clean up after programs. */
  private static final String REAPER = "testcontainers/ryuk:0.14.0";

  private static EngineUnderTest engine;

  @BeforeAll
  static void start() throws IOException {
    engine = EngineUnderTest.start().withBusybox();
    engine.docker("tag", "busybox", "berth/busybox").run().ok();
    makeReaper();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  /**
   * The reaper listens for filters, a line each, acknowledges them, and when the program's
   * connection ends removes what they match through the engine's socket. This one stands in for it
   * with a shell and the Docker client.
   */
  private static void makeReaper() throws IOException {
    Path scripts = Files.createDirectories(engine.folder().resolve("reaper/bin"));
    Files.writeString(
        scripts.resolve("reaper"),
        """
        #!/bin/sh
        nc -ll -p 8080 -e /bin/session &
        echo Started
        while [ ! -e /done ]; do sleep 1; done
        """);
    Files.writeString(
        scripts.resolve("session"),
        """
        #!/bin/sh
        while read -r line; do echo ACK; done
        docker ps -aq --filter label=org.testcontainers.sessionId | xargs docker rm -fv
        docker network prune -f --filter label=org.testcontainers.sessionId
        touch /done
        """);
    Path tree = engine.folder().resolve("busybox");
    String lines =
        """
        chmod 755 %1$s/*; docker=$(readlink -f "$(command -v docker)"); cp "$docker" %1$s/docker
        for library in $(ldd "$docker" 2> /dev/null | grep -o '/[^ ]*'); do
          mkdir -p "%1$s/..$(dirname $library)"; cp -L "$library" "%1$s/..$library"
        done
        cp -a %2$s/. %1$s/..; tar -C %1$s/.. -c .
        """
            .formatted(scripts, tree);
    byte[] image = Command.of("sh", "-c", lines).run().ok().output();
    engine
        .docker("import", "--change", "CMD [\"/bin/reaper\"]", "-", REAPER)
        .input(image)
        .within(Duration.ofMinutes(3))
        .run()
        .ok();
  }

  /** Runs a class of cases in the engine's namespaces and says what became of each. */
  private static List<CaseOutcome> run(Class<?> cases, boolean reaper) throws IOException {
    Path home = Files.createDirectories(engine.folder().resolve("home"));
    List<String> words = new ArrayList<>();
    words.add(System.getProperty("java.home") + "/bin/java");
    words.addAll(List.of("-XX:+UseSerialGC", "-Duser.home=" + home, "-cp", classPath()));
    words.add(GuestSuite.class.getName());
    return CaseProgram.run(
        engine, cases.getSimpleName(), words, List.of(cases.getName()), !reaper);
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(":"))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(":"));
  }

  @TestFactory
  @DisplayName("cases")
  Stream<DynamicTest> cases() throws IOException {
    return run(TestcontainersCases.class, false).stream().map(CaseOutcome::toTest);
  }

  @Test
  @DisplayName("the reaper reaches the engine by its bound socket, and takes away what is left")
  void reaper() throws IOException {
    List<CaseOutcome> outcomes = run(ReaperCases.class, true);
    assertThat(outcomes).extracting(CaseOutcome::details).containsExactly("");
    Eventually.equal(
        "", () -> engine.docker("ps", "--all", "--quiet", "--filter", SESSION).run().line());
    Eventually.equal("", () -> engine.docker("network", "ls", "-q", "-f", SESSION).run().line());
  }
}
