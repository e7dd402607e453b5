package dev.berth.engine;

import dev.berth.engine.Containers.Removal;
import dev.berth.volume.MountRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs containers on the machine's kernel and prints what it sees; started by {@link
 * EngineOnKernelTest} in namespaces of its own, because the engine's threads must all live there.
 */
final class LifeOnKernel {
  private LifeOnKernel() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    String survivor;
    try (KernelEngine kernel = new KernelEngine(directory)) {
      kernel.importBusybox();
      Engine engine = kernel.engine;
      String id = engine.containers().create("first", null, shell("echo hello; exit 7")).id();
      try (Containers.Waiting waiting = engine.containers().await(id, "next-exit")) {
        engine.containers().start(id);
        System.out.println("first ended with " + waiting.get().exitCode());
      }
      System.out.println("first wrote " + logs(engine, id));
      engine.containers().remove(id, new Removal(false, true, false));

      ContainerSpec writer = withVolume(shell("cat /data/seed; echo more > /data/seed"));
      System.out.println("volume held " + runToEnd(engine, "writer", writer));
      System.out.println(
          "volume holds " + runToEnd(engine, "reader", withVolume(shell("cat /data/seed"))));
      System.out.println(
          "address "
              + runToEnd(engine, "addresses", shell("ip -4 addr show eth0"))
                  .contains("172.17.0.2/16"));

      survivor = engine.containers().create("survivor", null, shell("sleep 600")).id();
      engine.containers().start(survivor);
    }
    try (KernelEngine kernel = new KernelEngine(directory)) {
      Engine engine = kernel.engine;
      System.out.println(
          "survivor is "
              + ContainerState.word(engine.containers().inspect(survivor, false).state()));
      engine.containers().stop(survivor, null, 0);
      System.out.println(
          "survivor ended with "
              + ((ContainerState.Exited) engine.containers().inspect(survivor, false).state())
                  .last()
                  .exitCode());
      engine.containers().remove(survivor, new Removal(false, true, false));
      System.out.println(
          "left: "
              + engine.containers().list(new ContainerQuery(true, 0, false, Filters.NONE)).size());
    }
    System.exit(0);
  }

  private static ContainerSpec shell(String line) {
    return Specs.spec("sh", "-c", line);
  }

  private static ContainerSpec withVolume(ContainerSpec spec) {
    MountRequest mount =
        new MountRequest("volume", "store", "/data", false, "", null, null, null, null);
    StorageOptions storage =
        new StorageOptions(null, List.of(mount), null, null, "", false, null, 0);
    HostOptions host = spec.host();
    return spec.withHost(
        new HostOptions(
            storage,
            host.network(),
            host.security(),
            host.namespaces(),
            host.resources(),
            host.lifecycle(),
            null,
            "",
            null));
  }

  private static String runToEnd(Engine engine, String name, ContainerSpec spec)
      throws InterruptedException {
    String id = engine.containers().create(name, null, spec).id();
    try (Containers.Waiting waiting = engine.containers().await(id, "next-exit")) {
      engine.containers().start(id);
      waiting.get();
    }
    String output = logs(engine, id);
    engine.containers().remove(id, new Removal(false, true, false));
    return output;
  }

  private static String logs(Engine engine, String id) throws InterruptedException {
    StringBuilder text = new StringBuilder();
    ContainerLogs.Query all = new ContainerLogs.Query(true, true, null, null, -1, false);
    try (ContainerLogs.Reading reading = engine.logs().open(id, all)) {
      reading.read(line -> text.append(new String(line.bytes(), StandardCharsets.UTF_8)));
    }
    return text.toString().strip();
  }
}
