package dev.berth.image;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A real registry (Debian's docker-registry) on a free loopback port, in a temporary directory. */
final class LocalRegistry implements AutoCloseable {
  static final String USER = "tester";

  /** From the test vectors of bcrypt's reference implementation. */
  static final String PASSWORD = "U*U";

  private static final String PASSWORD_HASH =
      "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);

  private final Process process;
  private final int port;

  private LocalRegistry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  static LocalRegistry start(Path directory, boolean withPassword) throws Exception {
    int port = freePort();
    Path configuration = directory.resolve("registry.yml");
    String auth = "";
    if (withPassword) {
      Path passwords = directory.resolve("htpasswd");
      Files.writeString(passwords, USER + ":" + PASSWORD_HASH + "\n");
      auth = "auth:\n  htpasswd:\n    realm: tests\n    path: " + passwords + "\n";
    }
    Files.writeString(
        configuration,
        "version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: "
            + directory.resolve("data")
            + "\nhttp:\n  addr: 127.0.0.1:"
            + port
            + "\n"
            + auth);
    Process process =
        new ProcessBuilder(PROGRAM.toString(), "serve", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("registry.log").toFile())
            .start();
    LocalRegistry registry = new LocalRegistry(process, port);
    registry.awaitStart();
    return registry;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitStart() throws Exception {
    long end = System.nanoTime() + START_TIMEOUT.toNanos();
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        if (!process.isAlive() || System.nanoTime() > end) {
          close();
          throw new IOException("the registry did not start", notYet);
        }
        Thread.sleep(20);
      }
    }
  }

  /** Its name in references. */
  String host() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroy();
    if (process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join().isAlive()) {
      process.destroyForcibly();
    }
  }
}
