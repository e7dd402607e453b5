package dev.berth.plugin.managed;

import dev.berth.core.EngineException;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.Runtime;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The processes of enabled plugins. Like containers they outlive the engine, and are taken over by
 * the next one. One that ends by itself is started again, each time after a longer pause.
 */
final class PluginProcesses implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PluginProcesses.class.getName());
  private static final int SIGTERM = 15;
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration STABLE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(20);

  private final PluginFolders folders;
  private final Supplier<Runtime> opener;
  private final ReentrantLock opening = new ReentrantLock();
  private @Nullable Runtime opened;
  private final Map<String, ContainerProcess> running = new ConcurrentHashMap<>();
  private final Set<String> wanted = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param folders where plugins lie
   * @param opener opens the runtime, at the first use, as most engines have no plugin
   */
  PluginProcesses(PluginFolders folders, Supplier<Runtime> opener) {
    this.folders = folders;
    this.opener = opener;
  }

  /**
   * Starts a plugin and waits until it listens.
   *
   * @throws EngineException where it does not; nothing of it runs then
   */
  void start(InstalledPlugin plugin, Duration patience) {
    wanted.add(plugin.id());
    try {
      launch(plugin, FIRST_PAUSE);
      awaitSocket(plugin, patience);
    } catch (RuntimeException e) {
      stop(plugin.id());
      throw e;
    }
  }

  /** Takes over a plugin that an earlier engine started, or starts it. Does not wait for it. */
  void resume(InstalledPlugin plugin) {
    wanted.add(plugin.id());
    Optional<ContainerProcess> found = runtime().recover(plugin.id());
    if (found.isPresent() && !found.get().exit().isDone()) {
      watch(plugin, found.get(), FIRST_PAUSE);
    } else {
      launch(plugin, FIRST_PAUSE);
    }
  }

  private Runtime runtime() {
    opening.lock();
    try {
      Runtime known = opened;
      if (known == null) {
        known = opener.get();
        opened = known;
      }
      return known;
    } finally {
      opening.unlock();
    }
  }

  private void launch(InstalledPlugin plugin, Duration pause) {
    runtime().purge(plugin.id());
    folders.prepareRun(plugin.id(), !plugin.configuration().propagatedMount().isEmpty());
    ContainerProcess process = runtime().create(PluginLaunch.of(plugin, folders));
    try {
      process.start();
    } catch (RuntimeException e) {
      process.delete();
      throw e;
    }
    watch(plugin, process, pause);
  }

  private void watch(InstalledPlugin plugin, ContainerProcess process, Duration pause) {
    running.put(plugin.id(), process);
    long begun = System.nanoTime();
    Thread.ofVirtual()
        .name("plugin-" + plugin.id())
        .start(() -> {
          process.exit().exceptionally(unknown -> null).join();
          ended(plugin, process, begun, pause);
        });
  }

  private void ended(InstalledPlugin plugin, ContainerProcess process, long begun, Duration pause) {
    if (closed || !running.remove(plugin.id(), process)) {
      return;
    }
    process.delete();
    boolean stable = System.nanoTime() - begun > STABLE.toNanos();
    Duration wait = stable ? FIRST_PAUSE : pause;
    LOG.log(
        System.Logger.Level.WARNING,
        "plugin {0} has ended; it is started again in {1} ms",
        plugin.name(),
        wait.toMillis());
    try {
      Thread.sleep(wait);
      if (!closed && wanted.contains(plugin.id())) {
        launch(plugin, longer(wait));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (EngineException e) {
      LOG.log(System.Logger.Level.ERROR, "plugin " + plugin.name() + " does not start", e);
    }
  }

  private static Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }

  private void awaitSocket(InstalledPlugin plugin, Duration patience) {
    Path socket = folders.sockets(plugin.id()).resolve(plugin.configuration().offer().socket());
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.connect(UnixDomainSocketAddress.of(socket));
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw EngineException.internal("dial unix " + socket + ": connect: " + e.getMessage(), e);
        }
      }
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw EngineException.internal("enabling plugin " + plugin.name() + ": interrupted", e);
      }
    }
  }

  /** Ends a plugin; one that does not run is fine. */
  void stop(String id) {
    wanted.remove(id);
    ContainerProcess process = running.remove(id);
    if (process == null) {
      return;
    }
    try {
      process.kill(SIGTERM);
      process.exit().get(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      process.killAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "the end of a plugin is not known", e);
    }
    process.delete();
  }

  /** Stops watching; plugins go on. */
  @Override
  public void close() {
    closed = true;
    opening.lock();
    try {
      if (opened != null) {
        opened.close();
      }
    } finally {
      opening.unlock();
    }
  }
}
