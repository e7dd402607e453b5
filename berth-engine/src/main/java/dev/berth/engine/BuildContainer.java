package dev.berth.engine;

import dev.berth.build.BuildOutput;
import dev.berth.build.Workshop;
import dev.berth.build.Workshop.Command;
import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.engine.Builds.BuildParts;
import dev.berth.engine.Containers.Created;
import dev.berth.image.Digest;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The container of a RUN instruction: as any other, but gone after the engine's next start. */
final class BuildContainer implements Workshop.StepContainer {
  private static final ContainerConfig.Healthcheck NO_PROBES =
      new ContainerConfig.Healthcheck(List.of("NONE"), 0, 0, 0, 0, 0);

  private final BuildParts parts;
  private final Created created;

  private BuildContainer(BuildParts parts, Created created) {
    this.parts = parts;
    this.created = created;
  }

  static BuildContainer create(BuildParts parts, HostOptions host, Command command) {
    ContainerSpec spec = new ContainerSpec(config(command), host(host, command), null);
    return new BuildContainer(parts, parts.containers().createTemporary(spec));
  }

  private static ContainerConfig config(Command command) {
    return new ContainerConfig(
        command.image().toString(),
        new ContainerConfig.Identity("", "", "", null),
        new ContainerConfig.Command(
            List.of(""),
            command.arguments(),
            command.environment(),
            command.config().workingDir(),
            command.config().user(),
            command.config().shell(),
            false),
        new ContainerConfig.Streams(false, true, true, false, false, false),
        null,
        null,
        new ContainerConfig.Stop(null, null),
        NO_PROBES,
        false,
        null);
  }

  private static HostOptions host(HostOptions host, Command command) {
    HostOptions chosen = host;
    String network = command.network();
    if (network.equals("none") || network.equals("host")) {
      HostOptions.NetworkOptions asked = host.network();
      chosen =
          chosen.withNetwork(
              new HostOptions.NetworkOptions(
                  network,
                  asked.portBindings(),
                  asked.publishAll(),
                  asked.dns(),
                  asked.dnsOptions(),
                  asked.dnsSearch(),
                  asked.extraHosts(),
                  asked.links()));
    }
    if (command.scripts().isEmpty()) {
      return chosen;
    }
    List<String> binds = new ArrayList<>();
    command.scripts().forEach(script -> binds.add(script.file() + ":" + script.path() + ":ro"));
    StorageOptions storage = host.storage();
    return chosen.withStorage(
        new StorageOptions(
            binds,
            storage.mounts(),
            storage.tmpfs(),
            storage.volumesFrom(),
            storage.volumeDriver(),
            storage.readonlyRootfs(),
            storage.storageOptions(),
            storage.shmSizeBytes()));
  }

  @Override
  public String id() {
    return created.id();
  }

  @Override
  public List<String> warnings() {
    return created.warnings();
  }

  @Override
  public int run(BuildOutput output) throws InterruptedException {
    Attachments.Options options = new Attachments.Options(false, true, true, false, true, null);
    try (Attachments.Session session = parts.attachments().attach(id(), options);
        Containers.Waiting end = parts.containers().await(id(), "next-exit")) {
      Streams streams = new Streams(output);
      Thread copying = Thread.ofVirtual().name("build-output").start(() -> copy(session, streams));
      parts.containers().start(id());
      copying.join();
      Containers.WaitResult result = end.get();
      if (result.error() != null) {
        throw EngineException.invalid(result.error());
      }
      return result.exitCode();
    }
  }

  private static void copy(Attachments.Session session, Streams streams) {
    try {
      session.run(streams);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the process writes, as text. */
  private record Streams(OutputStream stdout, OutputStream stderr) implements ClientStreams {
    Streams(BuildOutput output) {
      this(text(output::text), text(output::error));
    }

    private static OutputStream text(Consumer<String> taker) {
      return new TextStream(taker);
    }

    @Override
    public @Nullable InputStream stdin() {
      return null;
    }

    @Override
    public void finish() {}
  }

  @Override
  public Digest commit(Workshop.Step step) {
    return EngineWorkshop.commit(parts, id(), step);
  }

  @Override
  public void remove() {
    try {
      parts.containers().remove(id(), new Containers.Removal(true, true, false));
    } catch (EngineException failure) {
      if (failure.kind() != ErrorKind.NOT_FOUND) {
        Quietly.note("remove " + id(), failure);
      }
    }
  }

  @Override
  public void keep() {
    parts.table().abandon(id());
  }
}
