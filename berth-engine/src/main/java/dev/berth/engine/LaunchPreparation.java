package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.core.UndoStack;
import dev.berth.engine.ContainerSandboxes.Link;
import dev.berth.engine.LaunchParts.Shared;
import dev.berth.linux.MountFlags;
import dev.berth.linux.Mounts;
import dev.berth.network.SandboxStatus;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.OciMount;
import dev.berth.runtime.SecuritySpec.Seccomp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Makes everything a launch needs: the network namespace beside the root file system, volumes, and
 * the files that are mounted into the container.
 */
final class LaunchPreparation {
  private final Features features;
  private final ContainerTable table;
  private final ContainerSandboxes sandboxes;
  private final ContainerMounts mounts;

  /**
   * What was prepared.
   *
   * @param spec for the runtime
   * @param sandbox the open network namespace
   */
  record Launch(LaunchSpec spec, SandboxStatus sandbox) {}

  LaunchPreparation(
      Features features,
      ContainerTable table,
      ContainerSandboxes sandboxes,
      ContainerMounts mounts) {
    this.features = features;
    this.table = table;
    this.sandboxes = sandboxes;
    this.mounts = mounts;
  }

  /** Prepares; what was done is on the stack. The container's lock is held. */
  Launch prepare(LiveContainer container, UndoStack undo) {
    ContainerSpec spec = container.spec();
    String id = container.id();
    LiveContainer owner = sandboxes.owner(container);
    List<Link> links = sandboxes.links(spec);
    List<String> linkVariables = sandboxes.linkVariables(container, links);
    CompletableFuture<SandboxStatus> opening =
        inBackground(() -> sandboxes.open(container, owner, links));
    undo.push(
        "close the sandbox of " + id,
        () -> {
          opening.handle((opened, failure) -> opened).join();
          features.sandboxes().close(id);
        });
    Path root = features.roots().mount(id);
    undo.push("unmount the root of " + id, () -> features.roots().unmount(id));
    try (ImageFiles files = new ImageFiles(root)) {
      PasswordFiles.Identity user =
          files
              .passwords()
              .resolve(
                  spec.config().command().user(),
                  SpecValidation.orEmpty(spec.host().security().additionalGroups()));
      List<OciMount> all = new ArrayList<>(mounts.mount(container.definition(), files, undo));
      SandboxStatus sandbox = opened(opening);
      addNetworkFiles(container, owner, sandbox, all);
      LaunchParts parts =
          new LaunchParts(
              container.definition(),
              root,
              user,
              shared(container, owner, sandbox, undo),
              all,
              linkVariables,
              seccomp(spec),
              ContainerDirectory.of(features.settings(), id).log(),
              features.runtime(spec.host().lifecycle().runtime()).cgroups().version());
      return new Launch(LaunchPlan.of(features.settings(), parts), sandbox);
    }
  }

  private static <T> CompletableFuture<T> inBackground(java.util.function.Supplier<T> work) {
    return CompletableFuture.supplyAsync(
        work, task -> Thread.ofVirtual().name("open-sandbox").start(task));
  }

  private static SandboxStatus opened(CompletableFuture<SandboxStatus> opening) {
    try {
      return opening.join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof EngineException told) {
        throw told;
      }
      throw EngineException.internal(
          "failed to set up container networking: " + failure.getCause(), failure);
    }
  }

  private void addNetworkFiles(
      LiveContainer container,
      @Nullable LiveContainer owner,
      SandboxStatus sandbox,
      List<OciMount> all) {
    ContainerDirectory own = ContainerDirectory.of(features.settings(), container.id());
    ContainerDirectory directory = own;
    if (owner == null) {
      own.write(own.hostname(), hostname(container, null) + "\n");
      own.write(own.hosts(), sandbox.files().hosts());
      own.writeResolvConf(sandbox.files().resolvConf());
    } else {
      directory = ContainerDirectory.of(features.settings(), owner.id());
    }
    addUnlessTaken(all, directory.resolvConf(), "/etc/resolv.conf");
    addUnlessTaken(all, directory.hostname(), "/etc/hostname");
    addUnlessTaken(all, directory.hosts(), "/etc/hosts");
  }

  private static void addUnlessTaken(List<OciMount> all, Path file, String destination) {
    if (all.stream().noneMatch(mount -> mount.destination().equals(destination))) {
      all.add(OciMount.bind(file.toString(), destination, List.of("rprivate")));
    }
  }

  private static String hostname(LiveContainer container, @Nullable LiveContainer owner) {
    return (owner == null ? container : owner).spec().config().identity().hostname();
  }

  private Shared shared(
      LiveContainer container,
      @Nullable LiveContainer owner,
      SandboxStatus sandbox,
      UndoStack undo) {
    HostOptions.NamespaceOptions modes = container.spec().host().namespaces();
    LiveContainer ipcOwner = peer(modes.ipc(), "IPC");
    return new Shared(
        sandbox.namespace(),
        hostname(container, owner),
        pid(peer(modes.pid(), "PID")),
        pid(ipcOwner),
        sharedMemory(container, ipcOwner, undo));
  }

  private @Nullable LiveContainer peer(String mode, String what) {
    if (!mode.startsWith("container:")) {
      return null;
    }
    String reference = mode.substring("container:".length());
    LiveContainer peer = table.find(reference);
    if (peer == null) {
      throw EngineException.internal(
          "joining " + what + " namespace of container: No such container: " + reference, null);
    }
    if (!ContainerState.hasProcess(peer.state())) {
      throw EngineException.conflict(
          "cannot join "
              + what
              + " namespace of a non running container: container "
              + peer.name()
              + " is "
              + ContainerState.word(peer.state()));
    }
    if (what.equals("IPC") && peer.spec().host().namespaces().ipc().equals("private")) {
      throw EngineException.internal(
          "cannot join IPC namespace of container "
              + peer.id()
              + ": non-shareable IPC (hint: use IpcMode:shareable for the donor container)",
          null);
    }
    return peer;
  }

  private static int pid(@Nullable LiveContainer peer) {
    LiveContainer.Run run = peer == null ? null : peer.run();
    return run == null ? 0 : run.process().pid();
  }

  private @Nullable Path sharedMemory(
      LiveContainer container, @Nullable LiveContainer ipcOwner, UndoStack undo) {
    if (ipcOwner != null) {
      return ContainerDirectory.of(features.settings(), ipcOwner.id()).shm();
    }
    String mode = container.spec().host().namespaces().ipc();
    if (mode.equals("host")) {
      return Path.of("/dev/shm");
    }
    if (!mode.equals("shareable")) {
      return null;
    }
    Path shm = ContainerDirectory.of(features.settings(), container.id()).shm();
    try {
      Files.createDirectories(shm);
    } catch (IOException failure) {
      throw EngineException.internal("the shared memory could not be made", failure);
    }
    Mounts.mount(
        "shm",
        shm.toString(),
        "tmpfs",
        MountFlags.MS_NOSUID | MountFlags.MS_NODEV | MountFlags.MS_NOEXEC,
        "mode=1777,size=" + container.spec().host().storage().shmSizeBytes());
    undo.push("unmount " + shm, () -> Mounts.detachIfMounted(shm.toString()));
    return shm;
  }

  private Seccomp seccomp(ContainerSpec spec) {
    HostOptions.SecurityOptions security = spec.host().security();
    String choice =
        SecurityChoices.parse(SpecValidation.orEmpty(security.securityOptions())).seccomp();
    if (choice.equals("unconfined") || (choice.isEmpty() && security.privileged())) {
      return new Seccomp.Unconfined();
    }
    if (choice.isEmpty()) {
      choice = features.settings().defaults().seccompProfile();
    }
    if (choice.equals("unconfined")) {
      return new Seccomp.Unconfined();
    }
    if (choice.isEmpty() || choice.equals("builtin")) {
      return new Seccomp.Default();
    }
    return new Seccomp.Profile(choice.startsWith("/") ? read(Path.of(choice)) : choice);
  }

  private static String read(Path profile) {
    try {
      return Files.readString(profile);
    } catch (IOException failure) {
      throw EngineException.internal(
          "opening seccomp profile (" + profile + ") failed: no such file or directory", failure);
    }
  }
}
