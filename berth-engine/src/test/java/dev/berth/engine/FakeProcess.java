package dev.berth.engine;

import dev.berth.runtime.ConsoleSize;
import dev.berth.runtime.ContainerExit;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.ContainerStreams;
import dev.berth.runtime.ExecProcess;
import dev.berth.runtime.ExecSpec;
import dev.berth.runtime.LaunchException;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.ProcessTable;
import dev.berth.runtime.ResourceUsage;
import dev.berth.runtime.StreamSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A process that ends when a test, or a signal, says so. */
final class FakeProcess implements ContainerProcess {
  final LaunchSpec spec;
  final List<Integer> signals = new CopyOnWriteArrayList<>();
  final List<String> typed = new CopyOnWriteArrayList<>();
  final List<Boolean> flows = new CopyOnWriteArrayList<>();
  final List<StreamSink> clients = new CopyOnWriteArrayList<>();
  private final FakeRuntime runtime;
  private final int pid;
  private final Runnable fault;
  private final @Nullable LaunchException refusal;
  private final CompletableFuture<ContainerExit> exit = new CompletableFuture<>();
  private volatile boolean ignoresTerm;
  private volatile boolean paused;

  FakeProcess(
      FakeRuntime runtime,
      LaunchSpec spec,
      int pid,
      Runnable fault,
      @Nullable LaunchException refusal) {
    this.runtime = runtime;
    this.spec = spec;
    this.pid = pid;
    this.fault = fault;
    this.refusal = refusal;
  }

  void ignoreTerm() {
    ignoresTerm = true;
  }

  void end(int exitCode, Instant at) {
    for (StreamSink client : clients) {
      client.closed();
    }
    exit.complete(new ContainerExit(exitCode, false, at));
  }

  void write(String text) {
    for (StreamSink client : clients) {
      client.output(
          StreamSink.Stream.STDOUT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Override
  public String id() {
    return spec.id();
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public void start() {
    fault.run();
    if (refusal != null) {
      throw refusal;
    }
  }

  @Override
  public CompletableFuture<ContainerExit> exit() {
    return exit;
  }

  @Override
  public void kill(int signal) {
    signals.add(signal);
    if (signal == 9 || (signal == 15 && !ignoresTerm)) {
      end(128 + signal, Instant.parse("2026-01-02T03:05:00Z"));
    }
  }

  @Override
  public void killAll() {
    kill(9);
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
  }

  @Override
  public boolean paused() {
    return paused;
  }

  @Override
  public void update(dev.berth.runtime.Resources resources) {}

  @Override
  public ContainerStreams attach(StreamSink sink) {
    fault.run();
    clients.add(sink);
    return new ContainerStreams() {
      @Override
      public void write(ByteBuffer input) {
        typed.add(StandardCharsets.UTF_8.decode(input).toString());
      }

      @Override
      public void closeInput() {
        typed.add("<end>");
      }

      @Override
      public void flow(boolean enabled) {
        flows.add(enabled);
      }

      @Override
      public void close() {
        clients.remove(sink);
        sink.closed();
      }
    };
  }

  @Override
  public void resize(ConsoleSize size) {}

  @Override
  public ExecProcess exec(ExecSpec execSpec, StreamSink sink) {
    throw new UnsupportedOperationException("no fake execs");
  }

  @Override
  public ResourceUsage usage() {
    throw new UnsupportedOperationException("no fake usage");
  }

  @Override
  public List<Integer> pids() {
    return List.of(pid);
  }

  @Override
  public ProcessTable top(List<String> psArguments) {
    return new ProcessTable(List.of("PID"), List.of(List.of(Integer.toString(pid))));
  }

  @Override
  public void rotateLog() {}

  @Override
  public void delete() {
    clients.forEach(StreamSink::closed);
    runtime.forget(spec.id());
  }
}
