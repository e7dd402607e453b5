package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.core.Ids;
import dev.berth.core.UndoStack;
import dev.berth.engine.ContainerConfig.Identity;
import dev.berth.engine.ContainerStatus.Endpoint;
import dev.berth.engine.Containers.Created;
import dev.berth.image.Image;
import dev.berth.volume.MountPlan;
import dev.berth.volume.MountPoint;
import dev.berth.volume.MountType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes containers: plans without touching anything, then applies, then commits. */
final class ContainerCreation {
  private final Features features;
  private final ContainerTable table;
  private final ContainerMounts mounts;
  private final ContainerSandboxes sandboxes;
  private final ContainerEvents events;

  ContainerCreation(
      Features features,
      ContainerTable table,
      ContainerMounts mounts,
      ContainerSandboxes sandboxes,
      ContainerEvents events) {
    this.features = features;
    this.table = table;
    this.mounts = mounts;
    this.sandboxes = sandboxes;
    this.events = events;
  }

  /**
   * What is to be made.
   *
   * @param image it is made from
   * @param effective its spec, joined with the image and the defaults
   * @param mounts what is mounted
   * @param endpoints its networks
   * @param warnings for the user
   */
  private record Plan(
      Image image,
      ContainerSpec effective,
      MountPlan mounts,
      Map<String, Endpoint> endpoints,
      List<String> warnings) {}

  /** Makes a container as {@link Containers#create} says. */
  Created create(String name, @Nullable String platform, ContainerSpec asked) {
    return create(name, asked, false);
  }

  /** Makes a container that does not outlive the engine, unless its intent is abandoned. */
  Created createTemporary(ContainerSpec asked) {
    return create("", asked, true);
  }

  private Created create(String name, ContainerSpec asked, boolean temporary) {
    String wanted = name.isEmpty() ? "" : ContainerNames.require(name);
    String id = features.surroundings().ids().next();
    Plan plan = plan(id, asked);
    String reserved = reserve(wanted, id);
    LiveContainer container;
    try (UndoStack undo = new UndoStack("create container " + id)) {
      undo.push("give back the name " + reserved, () -> table.giveBack(reserved, id));
      container = apply(new Named(id, reserved, temporary), asked, plan, undo);
      undo.commit();
    }
    events.tell(container, "create");
    return new Created(id, plan.warnings());
  }

  private String reserve(String wanted, String id) {
    if (!wanted.isEmpty()) {
      table.reserve(wanted, id);
      return wanted;
    }
    while (true) {
      String generated = ContainerNames.generate(features.surroundings().random(), table::isTaken);
      try {
        table.reserve(generated, id);
        return generated;
      } catch (EngineException takenMeanwhile) {
        if (takenMeanwhile.kind() != ErrorKind.CONFLICT) {
          throw takenMeanwhile;
        }
      }
    }
  }

  private Plan plan(String id, ContainerSpec asked) {
    SpecValidation.check(asked);
    int cgroupVersion = features.runtime(asked.host().lifecycle().runtime()).cgroups().version();
    HostOptions host =
        EffectiveOptions.of(asked.host(), features.settings(), cgroupVersion, this::fullId);
    LogRules.check(host.lifecycle().log());
    checkEndpoints(asked);
    Image image = features.images().apply(asked.config().image());
    ContainerConfig config = ImageMerge.merge(asked.config(), image.config());
    Identity identity = config.identity();
    if (identity.hostname().isEmpty()) {
      String hostname = usesHostName(host) ? hostName() : Ids.shortId(id);
      config =
          config.withIdentity(
              new Identity(
                  hostname, identity.domainname(), identity.macAddress(), identity.labels()));
    }
    ContainerSpec effective = new ContainerSpec(config, host, asked.endpoints());
    SpecValidation.check(effective.withConfig(checkable(config, asked)));
    MountPlan mountPlan = mounts.plan(effective);
    requireImages(mountPlan);
    sandboxes.links(effective);
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    SandboxPlan.endpoints(effective)
        .forEach((network, spec) -> endpoints.put(network, Endpoint.wanted(spec, "")));
    List<String> warnings = new ArrayList<>(mountPlan.warnings());
    if (host.network().mode().equals("host") && hasPortBindings(host)) {
      warnings.add("Published ports are discarded when using host network mode");
    }
    return new Plan(image, effective, mountPlan, endpoints, warnings);
  }

  private void requireImages(MountPlan plan) {
    for (MountPoint point : plan.points()) {
      if (point.type() == MountType.IMAGE) {
        var _ = requireImage(point.name());
      }
    }
  }

  private Image requireImage(String reference) {
    return features.images().apply(reference);
  }

  /** What the image adds must not clash with the network mode: only what the user said may. */
  private static ContainerConfig checkable(ContainerConfig merged, ContainerSpec asked) {
    return new ContainerConfig(
        merged.image(),
        asked.config().identity(),
        merged.command(),
        merged.streams(),
        asked.config().exposedPorts(),
        merged.volumes(),
        merged.stop(),
        merged.healthcheck(),
        merged.networkDisabled(),
        merged.onBuild());
  }

  private static boolean hasPortBindings(HostOptions host) {
    return host.network().portBindings() != null && !host.network().portBindings().isEmpty();
  }

  private static boolean usesHostName(HostOptions host) {
    return host.network().mode().equals("host") || host.namespaces().uts().equals("host");
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException failure) {
      throw EngineException.internal("the host's name cannot be read", failure);
    }
  }

  private String fullId(String reference) {
    LiveContainer found = table.find(reference);
    return found == null ? reference : found.id();
  }

  private void checkEndpoints(ContainerSpec asked) {
    SandboxPlan.endpoints(asked)
        .forEach((network, spec) -> {
          try {
            features.sandboxes().validate(SandboxPlan.endpoint(network, spec));
          } catch (EngineException failure) {
            if (failure.kind() != ErrorKind.NOT_FOUND) {
              throw new EngineException(
                  failure.kind(),
                  "invalid config for network " + network + ": " + failure.text(),
                  failure);
            }
          }
        });
  }

  private record Named(String id, String name, boolean temporary) {}

  private LiveContainer apply(Named named, ContainerSpec asked, Plan plan, UndoStack undo) {
    String id = named.id();
    table.begin(id, features.clock().instant());
    undo.push("forget the intent to create " + id, () -> table.abandon(id));
    ContainerDirectory directory = ContainerDirectory.of(features.settings(), id);
    undo.push("delete the directory of " + id, directory::delete);
    directory.create();
    undo.push("remove the root of " + id, () -> features.roots().remove(id));
    long rootSizeBytes = SpecValidation.rootSizeBytes(plan.effective().host().storage());
    features.roots().prepare(id, plan.image().id(), rootSizeBytes);
    List<MountPoint> points = mounts.claim(id, plan.mounts(), undo);
    mounts.fill(id, points);
    features.sandboxes().reserve(id, SandboxPlan.fixedAddresses(plan.endpoints()));
    undo.push("give back addresses of " + id, () -> features.sandboxes().reserve(id, List.of()));
    ContainerRecord definition =
        new ContainerRecord(
            id,
            named.name(),
            features.clock().instant(),
            plan.image().id().toString(),
            asked,
            plan.effective(),
            points,
            "linux",
            features.storageDriver());
    return table.insert(
        definition,
        new ContainerStatus(new ContainerState.Created(null), 0, false, plan.endpoints(), "", ""),
        named.temporary());
  }
}
