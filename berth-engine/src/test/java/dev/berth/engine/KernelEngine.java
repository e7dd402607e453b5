package dev.berth.engine;

import dev.berth.archive.TarEntry;
import dev.berth.archive.TarWriter;
import dev.berth.core.Ids;
import dev.berth.image.ImageStorage;
import dev.berth.image.ImageStorageSettings;
import dev.berth.image.ImportRequest;
import dev.berth.image.ProgressSink;
import dev.berth.image.Reference;
import dev.berth.image.RegistrySettings;
import dev.berth.network.NetworkServices;
import dev.berth.network.NetworkSettings;
import dev.berth.network.NetworkStack;
import dev.berth.network.dns.DnsServer;
import dev.berth.network.dns.DnsSettings;
import dev.berth.network.firewall.FirewallBackend;
import dev.berth.network.firewall.FirewallSettings;
import dev.berth.network.firewall.Firewalls;
import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.ports.HostPortPublisher;
import dev.berth.runtime.Cgroups;
import dev.berth.runtime.OciRuntime;
import dev.berth.runtime.Runtime;
import dev.berth.runtime.RuntimeConfiguration;
import dev.berth.store.SqliteStore;
import dev.berth.store.Store;
import dev.berth.volume.LocalVolumes;
import dev.berth.volume.VolumeDrivers;
import dev.berth.volume.Volumes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The engine with its real features, in the namespaces of this process. */
final class KernelEngine implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  final Engine engine;

  KernelEngine(Path directory) throws IOException {
    InstantSource clock = InstantSource.system();
    RandomGenerator random = new SecureRandom();
    EventJournal journal = new EventJournal(clock);
    EngineSettings settings = settings(directory);
    Files.createDirectories(settings.dataRoot());
    Files.createDirectories(settings.execRoot());
    Store store = keep(SqliteStore.open(settings.dataRoot().resolve("berth.db")));
    ImageStorage images =
        keep(
            new ImageStorage(
                new ImageStorageSettings(settings.dataRoot(), "overlay2", List.of()),
                store,
                random));
    images.start();
    LocalVolumes local = keep(LocalVolumes.open(settings.dataRoot()));
    Volumes volumes =
        new Volumes(store, VolumeDrivers.of(local.driver()), journal, new Ids(random), clock);
    volumes.start();
    HostNamespace host = HostNamespace.own();
    FirewallBackend firewall = keep(Firewalls.open("iptables", FirewallSettings.defaults(), host));
    DnsServer names = keep(new DnsServer(DnsSettings.defaults(), host));
    names.start();
    NetworkStack network =
        keep(
            NetworkStack.create(
                NetworkSettings.defaults(settings.execRoot()),
                new NetworkServices(
                    store,
                    journal,
                    keep(LinkKernel.of(host)),
                    firewall,
                    keep(new HostPortPublisher(firewall, host, false)),
                    names,
                    clock,
                    random)));
    network.start();
    this.engine =
        keep(
            new Engine(
                settings,
                new EngineFeatures(
                    store,
                    images,
                    RegistrySettings.DEFAULT,
                    Map.of("crun", runtime(settings, clock)),
                    network,
                    volumes,
                    journal,
                    clock,
                    random)));
    engine.start();
  }

  private static EngineSettings settings(Path directory) {
    return new EngineSettings(
        directory.resolve("data"),
        directory.resolve("exec"),
        List.of(),
        EngineSettings.ContainerDefaults.standard(),
        "json-file",
        Map.of(),
        Duration.ofSeconds(15),
        false,
        Set.of(),
        List.of());
  }

  private Runtime runtime(EngineSettings settings, InstantSource clock) {
    return keep(
        OciRuntime.open(
            new RuntimeConfiguration(
                "crun",
                Path.of("/usr/bin/crun"),
                Path.of("/usr/bin/conmon"),
                settings.execRoot().resolve("runtime"),
                settings.dataRoot().resolve("runtime"),
                Cgroups.Driver.CGROUPFS),
            clock));
  }

  /** Makes the image {@code busybox} of the machine's static busybox. */
  void importBusybox() throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    byte[] program = Files.readAllBytes(Path.of("/bin/busybox"));
    Instant now = Instant.now();
    try (TarWriter tar = new TarWriter(archive)) {
      tar.directory("bin/", now);
      tar.begin(TarWriter.simple(TarEntry.Kind.FILE, "bin/busybox", 0755, program.length, now));
      tar.write(program, 0, program.length);
      for (String applet : List.of("sh", "cat", "sleep", "ip")) {
        tar.begin(link("bin/" + applet, now));
      }
      tar.directory("data/", now);
      tar.file("data/seed", "from the image".getBytes(StandardCharsets.UTF_8), now);
    }
    engine
        .images()
        .importTree(
            new ImportRequest(Reference.parseTagged("busybox"), List.of(), "", "-", null),
            new ByteArrayInputStream(archive.toByteArray()),
            ProgressSink.ignoring());
  }

  private static TarEntry link(String name, Instant now) {
    return new TarEntry(
        TarEntry.Kind.SYMBOLIC_LINK,
        name,
        "busybox",
        0777,
        0,
        0,
        0,
        now,
        0,
        0,
        Map.of(),
        List.of());
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception failure) {
        throw new AssertionError("closing failed", failure);
      }
    }
  }
}
