package dev.berth.linux;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A short command run to its end with its output taken: iptables-restore, crun and the like. Input
 * is a file in memory, so that no thread has to feed it. Called on a virtual thread the waiting is
 * done by a platform thread of its own.
 */
public final class Capture {
  private static final int CHUNK_BYTES = 64 * 1024;

  private Capture() {}

  /**
   * What a command left behind.
   *
   * @param status how it ended
   * @param output what it wrote to standard output
   * @param errors what it wrote to standard error
   */
  public record Result(ExitStatus status, String output, String errors) {}

  /**
   * The limits of a run.
   *
   * @param timeout after this it is killed, as leader of a session with all that it started, and
   *     ETIMEDOUT thrown
   * @param outputLimitBytes beyond this the rest of each stream is read and thrown away
   */
  public record Limits(Duration timeout, int outputLimitBytes) {
    /** Thirty seconds and sixteen megabytes. */
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(30), 16 * 1024 * 1024);
  }

  /** Runs a command without input under the default limits. */
  public static Result run(SpawnRequest request) {
    return run(request, new byte[0], Limits.DEFAULT);
  }

  /**
   * Runs a command.
   *
   * @param request descriptors 0, 1 and 2 are set by this call
   * @param input what it reads from standard input
   * @throws LinuxException ETIMEDOUT, or why it could not be started
   */
  public static Result run(SpawnRequest request, byte[] input, Limits limits) {
    if (Thread.currentThread().isVirtual()) {
      return Namespaces.call(() -> runHere(request, input, limits));
    }
    return runHere(request, input, limits);
  }

  private static Result runHere(SpawnRequest request, byte[] input, Limits limits) {
    try (Fd in = input(input);
        FileData.Pipe out = FileData.pipe2(0);
        FileData.Pipe err = FileData.pipe2(0)) {
      Map<Integer, Fd> descriptors = new HashMap<>(request.descriptors());
      descriptors.put(0, in);
      descriptors.put(1, out.write());
      descriptors.put(2, err.write());
      try (Pidfd child = Processes.spawn(request.withDescriptors(descriptors))) {
        out.write().close();
        err.write().close();
        return collect(child, request, out.read(), err.read(), limits);
      }
    }
  }

  private static Fd input(byte[] input) {
    if (input.length == 0) {
      return FileCalls.open("/dev/null", FileFlags.O_RDONLY);
    }
    Fd memory = FileData.memfd("input");
    FileData.writeAll(memory, input);
    FileData.lseek(memory, 0, FileData.SEEK_SET);
    return memory;
  }

  private static Result collect(Pidfd child, SpawnRequest request, Fd out, Fd err, Limits limits) {
    long deadline = System.nanoTime() + limits.timeout().toNanos();
    Stream output = new Stream(out, limits.outputLimitBytes());
    Stream errors = new Stream(err, limits.outputLimitBytes());
    // Ends with the process, even when a grandchild keeps the pipes open.
    boolean ended = false;
    while (!ended) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      int[] numbers = {output.pollNumber(), errors.pollNumber(), child.fd().number()};
      int[] ready =
          left.isNegative()
              ? new int[3]
              : Polling.await(numbers, new int[] {Polling.IN, Polling.IN, Polling.IN}, left);
      if (ready[0] == 0 && ready[1] == 0 && ready[2] == 0) {
        if (request.newSession()) {
          // Its own group: what it started goes with it.
          Processes.kill(-child.pid(), Signals.KILL);
        }
        Processes.killAndReap(child);
        String program = request.arguments().getFirst();
        throw new LinuxException(Errno.ETIMEDOUT, "wait", program, errors.text());
      }
      output.drainIf(ready[0]);
      errors.drainIf(ready[1]);
      ended = ready[2] != 0;
    }
    output.drainRest();
    errors.drainRest();
    Optional<ExitStatus> status = child.reap();
    return new Result(status.orElseThrow(), output.text(), errors.text());
  }

  private static final class Stream {
    private final Fd pipe;
    private final int limitBytes;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean open = true;

    Stream(Fd pipe, int limitBytes) {
      this.pipe = pipe;
      this.limitBytes = limitBytes;
    }

    int pollNumber() {
      return open ? pipe.number() : -1;
    }

    void drainIf(int ready) {
      if (ready != 0) {
        byte[] chunk = new byte[CHUNK_BYTES];
        int count = FileData.read(pipe, chunk, 0, chunk.length);
        open = count > 0;
        bytes.write(chunk, 0, Math.min(count, limitBytes - bytes.size()));
      }
    }

    void drainRest() {
      while (open && Polling.await(pipe, Polling.IN, Duration.ZERO)) {
        drainIf(Polling.IN);
      }
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
