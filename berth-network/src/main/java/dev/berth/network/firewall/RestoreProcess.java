package dev.berth.network.firewall;

import dev.berth.core.EngineException;
import dev.berth.linux.ExitStatus;
import dev.berth.linux.Fd;
import dev.berth.linux.FileData;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Namespaces;
import dev.berth.linux.Pidfd;
import dev.berth.linux.Processes;
import dev.berth.linux.SpawnRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * A running restore command. One that has removed rules spends ten milliseconds and more in closing
 * its sockets, while the kernel waits for readers of what is already out of use; so the caller may
 * leave it alone as soon as the rules are seen to have changed.
 */
final class RestoreProcess {
  private static final int ERROR_BYTES = 64 * 1024;
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final String program;
  private final Pidfd child;
  private final Fd errors;

  private RestoreProcess(String program, Pidfd child, Fd errors) {
    this.program = program;
    this.child = child;
    this.errors = errors;
  }

  /** Starts the command with its whole input. */
  static RestoreProcess start(SpawnRequest request, String input) {
    String program = request.arguments().getFirst();
    FileData.Pipe errors = FileData.pipe2(0);
    try (Fd in = FileData.memfd("rules");
        Fd told = errors.write()) {
      FileData.writeAll(in, input.getBytes(StandardCharsets.UTF_8));
      FileData.lseek(in, 0, FileData.SEEK_SET);
      Pidfd child = Processes.spawn(request.withDescriptors(Map.of(0, in, 2, told)));
      return new RestoreProcess(program, child, errors.read());
    } catch (LinuxException e) {
      errors.read().close();
      throw EngineException.internal("cannot run " + program + ": " + e.getMessage(), e);
    }
  }

  /** Whether it has ended, well or not. */
  boolean hasEnded() {
    return child.hasEnded();
  }

  /**
   * Waits for its end.
   *
   * @throws EngineException with what it said, when it failed
   */
  void await() {
    String failure =
        Thread.currentThread().isVirtual() ? Namespaces.call(this::awaitHere) : awaitHere();
    if (!failure.isEmpty()) {
      throw EngineException.internal(program + " failed: " + failure, null);
    }
  }

  /** Lets it end by itself; a failure is told on another thread. */
  void leave(Runnable onFailure) {
    Thread.ofPlatform()
        .name("berth-reaper")
        .daemon()
        .start(() -> {
          if (!awaitHere().isEmpty()) {
            onFailure.run();
          }
        });
  }

  private String awaitHere() {
    try (child;
        errors) {
      ExitStatus status = Processes.await(child, LONGEST).orElse(null);
      if (status == null) {
        Processes.killAndReap(child);
        return "it did not end in time";
      }
      String said = new String(FileData.readAll(errors, ERROR_BYTES), StandardCharsets.UTF_8);
      return status.isSuccess() ? "" : "code " + status.shellCode() + ": " + said.strip();
    }
  }
}
