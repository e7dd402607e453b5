package dev.berth.runtime.driver.crun;

import dev.berth.linux.Fd;
import dev.berth.linux.FileData;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Pidfd;
import dev.berth.runtime.ConsoleSize;
import dev.berth.runtime.ContainerStreams;
import dev.berth.runtime.ExecProcess;
import dev.berth.runtime.StreamSink;
import dev.berth.runtime.driver.conmon.InputWriter;
import dev.berth.runtime.driver.conmon.OutputReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An exec whose pipes are the client's, below the runtime program that waits for it. */
final class DirectExec implements ExecProcess, ContainerStreams {
  /**
   * How long after its end output of processes it left behind is still delivered; time in which the
   * client takes nothing does not count.
   */
  private static final Duration OUTPUT_GRACE = Duration.ofSeconds(2);

  private static final Duration OUTPUT_STEP = Duration.ofMillis(50);

  private static final int UNKNOWN_EXIT_CODE = 255;

  /** The running pieces. */
  record Parts(Pidfd program, int pid, ExecLauncher.ExecPipes pipes) {}

  private final RuntimeContext context;
  private final ContainerFiles files;
  private final Parts parts;
  private final StreamSink sink;
  private final List<OutputReader> readers = new ArrayList<>();
  private final @Nullable InputWriter writer;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<Boolean> outputEnded = new CompletableFuture<>();
  private volatile boolean held;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  private DirectExec(RuntimeContext context, ContainerFiles files, Parts parts, StreamSink sink) {
    this.context = context;
    this.files = files;
    this.parts = parts;
    this.sink = sink;
    this.writer =
        parts
            .pipes()
            .input()
            .map(
                pipe -> new InputWriter(context.loop(), nonBlocking(pipe.write()), FileData::write))
            .orElse(null);
    parts.pipes().output().ifPresent(pipe -> reader(StreamSink.Stream.STDOUT, pipe));
    parts.pipes().error().ifPresent(pipe -> reader(StreamSink.Stream.STDERR, pipe));
  }

  /** Takes over a started exec. */
  static DirectExec watch(
      RuntimeContext context, ContainerFiles files, Parts parts, StreamSink sink) {
    DirectExec exec = new DirectExec(context, files, parts, sink);
    exec.begin();
    return exec;
  }

  private static Fd nonBlocking(Fd fd) {
    FileData.nonBlocking(fd, true);
    return fd;
  }

  private void reader(StreamSink.Stream stream, FileData.Pipe pipe) {
    open.incrementAndGet();
    readers.add(
        new OutputReader(
            context.loop(),
            nonBlocking(pipe.read()),
            new OutputReader.Receiver() {
              @Override
              public void received(ByteBuffer data) {
                if (!closed.get()) {
                  sink.output(stream, data);
                }
              }

              @Override
              public void ended() {
                if (open.decrementAndGet() == 0) {
                  finishOutput();
                }
              }
            }));
  }

  private void begin() {
    readers.forEach(OutputReader::start);
    if (readers.isEmpty()) {
      finishOutput();
    }
    EndWatch.on(context.loop(), parts.program(), "exec-end", this::ended);
  }

  private void finishOutput() {
    if (closed.compareAndSet(false, true)) {
      sink.closed();
    }
    outputEnded.complete(true);
  }

  private void ended() {
    int code = UNKNOWN_EXIT_CODE;
    try (Pidfd program = parts.program()) {
      code = program.reap().map(status -> status.shellCode()).orElse(UNKNOWN_EXIT_CODE);
    } catch (LinuxException reapedElsewhere) {
      // Its code is lost.
    }
    awaitOutput();
    close();
    files.remove();
    exit.complete(code);
  }

  /** Ends at the latest when a client that takes nothing loses its connection. */
  private void awaitOutput() {
    Duration left = OUTPUT_GRACE;
    while (!outputEnded.isDone() && (held || left.isPositive())) {
      boolean _ =
          outputEnded
              .copy()
              .completeOnTimeout(false, OUTPUT_STEP.toMillis(), TimeUnit.MILLISECONDS)
              .join();
      left = held ? left : left.minus(OUTPUT_STEP);
    }
  }

  @Override
  public int pid() {
    return parts.pid();
  }

  @Override
  public ContainerStreams streams() {
    return this;
  }

  @Override
  public void resize(ConsoleSize size) {
    // It has no terminal.
  }

  @Override
  public CompletableFuture<Integer> exit() {
    return exit;
  }

  @Override
  public void kill(int signal) {
    if (!exit.isDone()) {
      openProcess().ifPresent(process -> sendSignal(process, signal));
    }
  }

  private Optional<Pidfd> openProcess() {
    try {
      return Optional.of(Pidfd.open(parts.pid()));
    } catch (LinuxException gone) {
      return Optional.empty();
    }
  }

  private static void sendSignal(Pidfd process, int signal) {
    try (process) {
      process.sendSignal(signal);
    }
  }

  @Override
  public void write(ByteBuffer input) {
    if (writer != null) {
      writer.write(input);
    }
  }

  @Override
  public void closeInput() {
    if (writer != null) {
      writer.close();
    }
  }

  @Override
  public void flow(boolean enabled) {
    held = !enabled;
    readers.forEach(reader -> reader.flow(enabled));
  }

  /** The process goes on, and finds nobody reading. */
  @Override
  public void close() {
    closeInput();
    readers.forEach(OutputReader::close);
    finishOutput();
  }
}
