package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.runtime.ConsoleSize;
import dev.berth.runtime.ContainerExit;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.ContainerStreams;
import dev.berth.runtime.ExecProcess;
import dev.berth.runtime.ExecSpec;
import dev.berth.runtime.ProcessTable;
import dev.berth.runtime.ResourceUsage;
import dev.berth.runtime.Resources;
import dev.berth.runtime.StreamSink;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Stands for a process of which the machine knows nothing any more.
 *
 * @param id of the container
 */
record LostProcess(String id) implements ContainerProcess {
  private EngineException gone() {
    return EngineException.conflict("container " + id + " is not running");
  }

  @Override
  public int pid() {
    return 0;
  }

  @Override
  public void start() {
    throw gone();
  }

  @Override
  public CompletableFuture<ContainerExit> exit() {
    return new CompletableFuture<>();
  }

  @Override
  public void kill(int signal) {}

  @Override
  public void killAll() {}

  @Override
  public void pause() {
    throw gone();
  }

  @Override
  public void resume() {
    throw gone();
  }

  @Override
  public boolean paused() {
    return false;
  }

  @Override
  public void update(Resources resources) {
    throw gone();
  }

  @Override
  public ContainerStreams attach(StreamSink sink) {
    throw gone();
  }

  @Override
  public void resize(ConsoleSize size) {}

  @Override
  public ExecProcess exec(ExecSpec spec, StreamSink sink) {
    throw gone();
  }

  @Override
  public ResourceUsage usage() {
    throw gone();
  }

  @Override
  public List<Integer> pids() {
    return List.of();
  }

  @Override
  public ProcessTable top(List<String> psArguments) {
    throw gone();
  }

  @Override
  public void rotateLog() {}

  @Override
  public void delete() {}
}
