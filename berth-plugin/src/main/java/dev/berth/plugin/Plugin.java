package dev.berth.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One plugin. It is greeted before its first call and tells then which interfaces it offers; one
 * that was restarted is simply called again, as each call has a connection of its own. Safe for use
 * by any thread.
 *
 * @see <a href="https://docs.docker.com/engine/extend/plugin_api/">plugin protocol</a>
 */
public final class Plugin {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  private final String name;
  private final PluginAddress address;
  private final PluginClient client;
  private final PluginPatience patience;
  private final ReentrantLock greeting = new ReentrantLock();
  private volatile @Nullable Set<String> offered;
  private boolean waited;

  Plugin(String name, PluginAddress address, PluginPatience patience) {
    this.name = name;
    this.address = address;
    this.client = new PluginClient(name, address);
    this.patience = patience;
  }

  /** The name by which users ask for it. */
  public String name() {
    return name;
  }

  /** Where on this host a path is that the plugin tells. */
  public String hostPath(String path) {
    return address.hostPath(path);
  }

  /** Whether it is known to offer an interface; does not wait for it. */
  public boolean offers(String interfaceName) {
    Set<String> known = offered;
    return known != null && known.contains(interfaceName);
  }

  /**
   * Greets it if nobody has yet; a failed greeting is tried again at the next call.
   *
   * @throws EngineException NOT_FOUND where it does not offer the interface, INTERNAL where it does
   *     not answer
   */
  public void require(String interfaceName) {
    if (offered == null) {
      greetOnce();
    }
    if (!offers(interfaceName)) {
      throw EngineException.notFound("plugin \"" + name + "\" does not implement " + interfaceName);
    }
  }

  /** An empty request. */
  public ObjectNode request() {
    return client.request();
  }

  /**
   * Calls a method that changes something.
   *
   * @param method with its interface, for instance {@code VolumeDriver.Create}
   * @return the answer, which is JSON and has no error in it
   * @throws EngineException INTERNAL {@code METHOD: reason}, also where there is no answer in time;
   *     it has a cause only where the plugin did not answer as one does
   */
  public JsonNode change(String method, ObjectNode request) {
    return client.call(method, request, patience.change());
  }

  /** The same for a method that changes nothing, which has less time. */
  public JsonNode ask(String method, ObjectNode request) {
    return client.call(method, request, patience.question());
  }

  /** The same with a patience of the caller's own. */
  public JsonNode ask(String method, ObjectNode request, Duration limit) {
    return client.call(method, request, limit);
  }

  /** The same for a method that a plugin need not know; empty where it does not. */
  public Optional<JsonNode> askIfKnown(String method, ObjectNode request) {
    return client.callIfKnown(method, request, patience.question());
  }

  private void greetOnce() {
    awaitTurn();
    try {
      if (offered == null) {
        offered = interfaces(greet());
      }
    } finally {
      greeting.unlock();
    }
  }

  private void awaitTurn() {
    boolean mine = false;
    try {
      mine = greeting.tryLock(patience.question().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!mine) {
      throw EngineException.internal("plugin " + name + " does not answer", null);
    }
  }

  /**
   * The socket of a plugin that is starting exists before anybody listens: it gets some time to do
   * so, but only once, so that a socket that a dead plugin left costs nobody more than that.
   */
  private JsonNode greet() {
    long deadline = System.nanoTime() + (waited ? 0 : patience.greeting().toNanos());
    Duration pause = FIRST_PAUSE;
    waited = true;
    while (true) {
      try {
        return client.call("Plugin.Activate", request(), patience.question());
      } catch (EngineException e) {
        if (!(e.getCause() instanceof PluginClient.Unreachable)
            || System.nanoTime() + pause.toNanos() >= deadline) {
          throw e;
        }
      }
      pause(pause);
      pause = pause.multipliedBy(2);
    }
  }

  private void pause(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EngineException.internal("plugin " + name + ": interrupted", e);
    }
  }

  private static Set<String> interfaces(JsonNode answer) {
    Set<String> interfaces = new HashSet<>();
    answer.path("Implements").forEach(offered -> interfaces.add(offered.asText()));
    return Set.copyOf(interfaces);
  }
}
