package dev.berth.network;

import dev.berth.store.MemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** An engine's networks on a kernel in memory, with a plugin beside them. */
final class PluginStage implements AutoCloseable {
  final Holdings holdings;
  final FakeNetworkPlugin plugin;
  private final FakeLinkKernel kernel;
  private final MemoryStore store = new MemoryStore();
  private TestStack stack;

  private PluginStage(Path folder, FakeLinkKernel kernel) {
    this.kernel = kernel;
    this.holdings = new Holdings(store);
    this.plugin = FakeNetworkPlugin.start(folder, kernel);
    this.stack = started(Set.of());
  }

  static PluginStage open(Path folder, FakeLinkKernel kernel) {
    return new PluginStage(folder, kernel);
  }

  private TestStack started(Set<String> running) {
    return TestStack.onFake(
        NetworkSettings.defaults(Path.of("/exec")), kernel, store, running, plugin.plugins());
  }

  TestStack stack() {
    return stack;
  }

  /** The engine has crashed and is back. */
  TestStack restart(String... running) {
    stack = started(Set.of(running));
    return stack;
  }

  @Override
  public void close() throws IOException {
    stack.close();
    plugin.close();
  }
}
