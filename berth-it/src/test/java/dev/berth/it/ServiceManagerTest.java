package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine under a service manager: sockets it is given, and what it says about its state. */
@Tag("blackbox")
class ServiceManagerTest {
  private static final String LISTEN =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      name = sys.argv[1]
      s.bind("\\0" + name[1:] if name.startswith("@") else name)
      while True:
        print(s.recv(4096).decode().replace("\\n", " "), flush=True)
      """;

  @Test
  void servesTheSocketThatItIsGiven() {
    try (EngineUnderTest engine = EngineUnderTest.prepare()) {
      engine
          .launchedBy("fd://", "systemd-socket-activate", "-l", engine.socket().toString())
          .startEngine();
      assertThat(engine.docker("version", "--format", "{{.Server.Os}}").run().ok().line())
          .isEqualTo("linux");
      engine.withBusybox();
      assertThat(
              engine
                  .docker("run", "--rm", "-i", "--network", "none", "busybox", "cat")
                  .input("through")
                  .run()
                  .ok()
                  .line())
          .isEqualTo("through");
      engine.stopEngine();
      assertThat(engine.socket()).as("it is the service manager's").exists();
    }
  }

  @Test
  void refusesSocketsThatItWasNotGiven() {
    try (EngineUnderTest engine = EngineUnderTest.prepare()) {
      engine.launchedBy("fd://");
      Command.Result result = Command.of(engine.engineCommand()).run();
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.errors())
          .contains("no sockets found via socket activation: make sure the service was started by");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"notify.sock", "@berth-notify"})
  void tellsItsState(String name) throws IOException {
    try (EngineUnderTest engine = EngineUnderTest.prepare()) {
      String address =
          name.startsWith("@") ? name : engine.folder().resolve(name).toString();
      Path told = engine.folder().resolve("told");
      Process listener =
          new ProcessBuilder(engine.hostCommand("python3", "-c", LISTEN, address))
              .redirectOutput(told.toFile())
              .start();
      try {
        Eventually.holds("somebody listens", () -> name.startsWith("@") || Files.exists(Path.of(address)));
        engine
            .launchedBy(engine.host(), "env", "NOTIFY_SOCKET=" + address)
            .startEngine();
        String ready = "READY=1 MAINPID=" + engine.enginePid();
        Eventually.holds("ready", () -> lines(told).contains(ready));
        Command.of("kill", "-HUP", Long.toString(engine.enginePid())).run().ok();
        Eventually.holds("reloaded", () -> lines(told).size() >= 3);
        assertThat(lines(told).get(1)).matches("RELOADING=1 MONOTONIC_USEC=[0-9]+");
        assertThat(lines(told).get(2)).isEqualTo(ready);
        engine.stopEngine();
        Eventually.holds("stopping", () -> lines(told).getLast().equals("STOPPING=1"));
      } finally {
        listener.destroyForcibly();
      }
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void givesItsSocketToAGroup() throws IOException {
    try (EngineUnderTest engine = EngineUnderTest.start("--group", "daemon")) {
      PosixFileAttributes socket =
          Files.readAttributes(engine.socket(), PosixFileAttributes.class);
      assertThat(socket.group().getName()).isEqualTo("daemon");
      assertThat(PosixFilePermissions.toString(socket.permissions())).isEqualTo("rw-rw----");
      engine.stopEngine();
      engine.useFlags("--group", "nosuchgroup");
      Command.Result refused = Command.of(engine.engineCommand()).run();
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.errors())
          .contains(
              "can't create unix socket " + engine.socket() + ": group nosuchgroup not found");
      assertThat(engine.socket()).doesNotExist();
    }
  }
}
