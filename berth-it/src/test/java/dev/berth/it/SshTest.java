package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real client over ssh, with a real sshd in the engine's namespaces. */
@Tag("blackbox")
class SshTest {
  private static final int PORT = 22_022;

  private static EngineUnderTest engine;
  private static Path folder;

  @BeforeAll
  static void start() throws IOException {
    engine = EngineUnderTest.start().withBusybox();
    folder = Files.createDirectories(engine.folder().resolve("ssh"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(folder.resolve("near"));
    Files.createDirectories(folder.resolve("far"));
    for (String key : List.of("host", "user")) {
      Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.resolve(key).toString())
          .run()
          .ok();
    }
    Files.copy(folder.resolve("user.pub"), folder.resolve("authorized"));
    Files.writeString(
        folder.resolve("sshd_config"),
        """
        Port %d
        ListenAddress 127.0.0.1
        HostKey %s/host
        AuthorizedKeysFile %s/authorized
        PidFile %s/sshd.pid
        PermitRootLogin yes
        StrictModes no
        UsePAM no
        SetEnv DOCKER_HOST=%s BERTH_HOST=%s PATH=%s/far:/usr/local/bin:/usr/bin:/bin
        """
            .formatted(
                PORT, folder, folder, folder, engine.host(), engine.host(), folder));
    Files.writeString(
        folder.resolve("ssh_config"),
        """
        Host *
          IdentityFile %s/user
          IdentitiesOnly yes
          UserKnownHostsFile %s/known
          StrictHostKeyChecking no
          LogLevel ERROR
        """
            .formatted(folder, folder));
    program("near/ssh", "exec /usr/bin/ssh -F " + folder + "/ssh_config \"$@\"");
    engine
        .onHost(
            "sh",
            "-c",
            "mount -t tmpfs tmpfs /run && mkdir -p /run/sshd && /usr/sbin/sshd -E "
                + folder
                + "/log -f "
                + folder
                + "/sshd_config")
        .run()
        .ok();
  }

  @AfterAll
  static void stop() throws IOException {
    Path pid = folder.resolve("sshd.pid");
    if (Files.exists(pid)) {
      Command.of("kill", Files.readString(pid).strip()).run();
    }
    engine.close();
  }

  private static void program(String name, String line) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static Command overSsh(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "PATH=" + folder + "/near:/usr/local/bin:/usr/bin:/bin",
                "DOCKER_CONFIG=" + engine.folder().resolve("docker-config"),
                "DOCKER_HOST=ssh://root@127.0.0.1:" + PORT,
                "docker"));
    command.addAll(List.of(words));
    return engine.onHost(command.toArray(String[]::new));
  }

  private static void everythingWorks() {
    assertThat(overSsh("version", "--format", "{{.Server.Os}}").run().ok().line())
        .isEqualTo("linux");
    Command.Result run =
        overSsh(
                "run", "--rm", "-i", "--network", "none", "busybox", "sh", "-c",
                "wc -c; echo after >&2; exit 4")
            .input(new byte[500_000])
            .run();
    assertThat(run.exitCode()).as(run.errors()).isEqualTo(4);
    assertThat(run.line()).isEqualTo("500000");
    assertThat(run.errors()).contains("after");
  }

  @Test
  void servesTheClientThroughDockersOwnFarEnd() throws IOException {
    Files.deleteIfExists(folder.resolve("far/docker"));
    everythingWorks();
  }

  /** The far side has no client of Docker's: Berth's own stands in for it. */
  @Test
  void servesTheClientThroughBerthsFarEnd() throws IOException {
    program(
        "far/docker",
        "echo \"$*\" >> " + folder + "/asked\nexec " + EngineUnderTest.berth() + " \"$@\"");
    try {
      everythingWorks();
      assertThat(folder.resolve("asked")).content().contains("system dial-stdio");
    } finally {
      Files.delete(folder.resolve("far/docker"));
    }
  }
}
