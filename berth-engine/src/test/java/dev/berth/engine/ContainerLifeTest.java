package dev.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.engine.ContainerState.Created;
import dev.berth.engine.ContainerState.Exited;
import dev.berth.engine.ContainerState.Paused;
import dev.berth.engine.ContainerState.Restarting;
import dev.berth.engine.ContainerState.Running;
import dev.berth.engine.Containers.Removal;
import dev.berth.runtime.LaunchException;
import dev.berth.testing.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerLifeTest {
  private static final Removal PLAIN = new Removal(false, false, false);

  @TempDir Path directory;
  private TestEngine engine;

  @BeforeEach
  void compose() {
    engine = new TestEngine(directory);
  }

  private ContainerSpec with(HostOptions.Lifecycle lifecycle) {
    return Specs.spec("sleep", "9").withHost(Specs.host().withLifecycle(lifecycle));
  }

  @Test
  void aLifeFromCreationToRemoval() throws Exception {
    String id = engine.create("web", Specs.spec("sleep", "9"));
    assertThat(engine.containers.inspect("web", false).state()).isInstanceOf(Created.class);
    try (Containers.Waiting waiting = engine.containers.await("web", "next-exit")) {
      engine.containers.start("web");
      assertThat(engine.live(id).state()).isInstanceOf(Running.class);
      assertThat(engine.runtime.process(id).spec.process().args()).containsExactly("sleep", "9");
      assertThat(engine.roots.mounted()).containsExactly(id);
      engine.end(id, 3);
      assertThat(waiting.get().exitCode()).isEqualTo(3);
    }
    assertThat(engine.live(id).state()).isInstanceOf(Exited.class);
    assertThat(engine.roots.mounted()).isEmpty();
    assertThat(engine.sandboxes.isEmpty()).isTrue();
    engine.containers.remove("web", PLAIN);
    assertThat(engine.roots.made()).isEmpty();
    assertThat(engine.runtime.isEmpty()).isTrue();
    assertThat(Files.exists(directory.resolve("containers").resolve(id))).isFalse();
    assertThat(engine.actions()).containsExactly("create", "start", "die", "destroy");
    assertThatThrownBy(() -> engine.containers.inspect("web", false))
        .hasMessage("No such container: web");
  }

  @Test
  void theImageFillsInWhatTheUserLeftOpen() {
    String id = engine.create("web", Specs.spec());
    engine.containers.start(id);
    FakeProcess process = engine.runtime.process(id);
    assertThat(process.spec.process().args()).containsExactly("sh");
    assertThat(process.spec.process().env())
        .containsExactly(
            "PATH=/bin", "HOSTNAME=" + id.substring(0, 12), "FROM=image", "HOME=/root");
    assertThat(process.spec.process().cwd()).isEqualTo("/");
    HostOptions host = engine.live(id).spec().host();
    assertThat(host.network().mode()).isEqualTo("bridge");
    assertThat(host.namespaces().ipc()).isEqualTo("private");
    assertThat(engine.live(id).definition().asked()).isEqualTo(Specs.spec());
  }

  @Test
  void aNameIsTakenOnce() {
    String id = engine.create("web", Specs.spec());
    assertThatThrownBy(() -> engine.create("web", Specs.spec()))
        .hasMessage(
            "Conflict. The container name \"/web\" is already in use by container \""
                + id
                + "\". You have to remove (or rename) that container to be able to reuse that"
                + " name.");
    assertThat(engine.roots.made()).containsExactly(id);
    engine.containers.rename("web", "other");
    engine.create("web", Specs.spec());
    assertThatThrownBy(() -> engine.containers.rename("web", "other"))
        .isInstanceOf(EngineException.class);
  }

  @Test
  void stopAsksThenKills() {
    String id = engine.create("web", Specs.spec());
    engine.containers.start(id);
    engine.runtime.process(id).ignoreTerm();
    FakeProcess process = engine.runtime.process(id);
    engine.containers.stop(id, null, 0);
    assertThat(process.signals).containsExactly(15, 9);
    assertThat(engine.actions()).containsExactly("create", "start", "kill", "kill", "die", "stop");
    assertThatThrownBy(() -> engine.containers.stop(id, null, null))
        .extracting(failure -> ((EngineException) failure).kind())
        .isEqualTo(ErrorKind.NOT_MODIFIED);
  }

  @Test
  void whatDoesNotRunCannotBeKilled() {
    String id = engine.create("web", Specs.spec());
    assertThatThrownBy(() -> engine.containers.kill("web", ""))
        .hasMessage("cannot kill container: web: container " + id + " is not running");
    assertThatThrownBy(() -> engine.containers.kill("nosuch", ""))
        .hasMessage("cannot kill container: nosuch: No such container: nosuch");
  }

  @Test
  void aRunningContainerIsRemovedOnlyByForce() {
    String id = engine.create("web", Specs.spec());
    engine.containers.start(id);
    assertThatThrownBy(() -> engine.containers.remove("web", PLAIN))
        .hasMessage(
            "cannot remove container \"/web\": container is running: stop the container before"
                + " removing or force remove");
    engine.containers.remove("web", new Removal(true, false, false));
    assertThat(engine.roots.made()).isEmpty();
    assertThat(engine.actions()).containsExactly("create", "start", "kill", "die", "destroy");
  }

  @Test
  void pauseAndUnpause() {
    String id = engine.create("web", Specs.spec());
    engine.containers.start(id);
    engine.containers.pause(id);
    assertThat(engine.live(id).state()).isInstanceOf(Paused.class);
    assertThatThrownBy(() -> engine.containers.pause(id))
        .hasMessage("container " + id + " is already paused");
    assertThatThrownBy(() -> engine.containers.start(id))
        .hasMessage("cannot start a paused container, try unpause instead");
    engine.containers.unpause(id);
    assertThat(engine.live(id).state()).isInstanceOf(Running.class);
  }

  @Test
  void aProgramThatIsMissingLeavesTheContainerAsItWas() {
    String id = engine.create("web", Specs.spec("nosuch"));
    engine.runtime.refuse(
        new LaunchException(LaunchException.Kind.NOT_FOUND, "nosuch: not found in $PATH"));
    assertThatThrownBy(() -> engine.containers.start(id))
        .hasMessage("nosuch: not found in $PATH")
        .extracting(failure -> ((EngineException) failure).kind())
        .isEqualTo(ErrorKind.INVALID);
    assertThat(engine.live(id).state())
        .isEqualTo(new Created(new ContainerState.StartFailure(127, "nosuch: not found in $PATH")));
    assertThat(engine.runtime.isEmpty()).isTrue();
    assertThat(engine.roots.mounted()).isEmpty();
    engine.containers.start(id);
    assertThat(engine.live(id).state()).isInstanceOf(Running.class);
  }

  @Test
  void autoRemoveFollowsTheEnd() throws Exception {
    String id = engine.create("web", with(Specs.lifecycle(RestartPolicy.NO, true)));
    engine.containers.start(id);
    try (Containers.Waiting waiting = engine.containers.await(id, "removed")) {
      engine.end(id, 5);
      assertThat(waiting.get().exitCode()).isEqualTo(5);
    }
    assertThat(engine.roots.made()).isEmpty();
    assertThat(engine.actions()).containsExactly("create", "start", "die", "destroy");
  }

  @Test
  void aPolicyRestartsAfterADelayThatGrows() {
    RestartPolicy always = new RestartPolicy("always", 0);
    String id = engine.create("web", with(Specs.lifecycle(always, false)));
    engine.containers.start(id);
    for (int i = 1; i <= 3; i++) {
      engine.end(id, 1);
      awaitTimer();
      assertThat(engine.live(id).state()).isInstanceOf(Restarting.class);
      assertThat(engine.timers.delays()).containsExactly(Duration.ofMillis(50L << i));
      engine.timers.fire();
      assertThat(engine.live(id).state()).isInstanceOf(Running.class);
      assertThat(engine.live(id).status().restartCount()).isEqualTo(i);
    }
    engine.end(id, 1);
    awaitTimer();
    engine.containers.stop(id, null, null);
    assertThat(engine.live(id).state()).isInstanceOf(Exited.class);
    assertThat(engine.timers.delays()).isEmpty();
  }

  private void awaitTimer() {
    Waiting.until(() -> !engine.timers.delays().isEmpty());
  }

  @Test
  void anonymousVolumesGoWithTheContainerWhenAsked() {
    ContainerSpec spec =
        Specs.spec().withConfig(Specs.withVolumes(Specs.config("sh"), Set.of("/data")));
    String kept = engine.create("kept", spec);
    engine.containers.remove(kept, PLAIN);
    assertThat(engine.volumes.names()).hasSize(1);
    String gone = engine.create("gone", spec);
    assertThat(engine.volumes.names()).hasSize(2);
    engine.containers.start(gone);
    assertThat(engine.volumes.anyMounted()).isTrue();
    engine.containers.remove(gone, new Removal(true, true, false));
    assertThat(engine.volumes.names()).hasSize(1);
    assertThat(engine.volumes.anyMounted()).isFalse();
  }

  @Test
  void updateChangesTheEffectiveSpecOnly() {
    String id = engine.create("web", Specs.spec());
    engine.containers.update(
        id, new ContainerUpdate(Resources.unlimited(), new RestartPolicy("always", 0)));
    assertThat(engine.live(id).spec().host().lifecycle().restart().name()).isEqualTo("always");
    assertThat(engine.live(id).definition().asked()).isEqualTo(Specs.spec());
  }

  @Test
  void listsNewestFirstAndByFilter() {
    engine.create("one", Specs.spec());
    engine.clock.advance(Duration.ofSeconds(1));
    String two = engine.create("two", Specs.spec());
    engine.containers.start(two);
    assertThat(names(new ContainerQuery(false, 0, false, Filters.NONE))).containsExactly("two");
    assertThat(names(new ContainerQuery(true, 0, false, Filters.NONE)))
        .containsExactly("two", "one");
    assertThat(names(new ContainerQuery(true, 1, false, Filters.NONE))).containsExactly("two");
    assertThat(filtered("status", "created")).containsExactly("one");
    assertThat(filtered("name", "^on")).containsExactly("one");
    assertThat(filtered("id", two.substring(0, 4))).containsExactly("two");
    assertThat(filtered("before", "two")).containsExactly("one");
    assertThat(filtered("since", "one")).containsExactly("two");
    assertThat(filtered("label", "vendor=test")).containsExactly("two", "one");
    assertThat(filtered("label", "vendor=other")).isEmpty();
    assertThat(filtered("ancestor", "busybox")).containsExactly("two", "one");
    assertThat(filtered("network", "bridge")).containsExactly("two", "one");
    assertThat(filtered("health", "none")).containsExactly("two", "one");
    assertThatThrownBy(() -> filtered("status", "lost")).hasMessage("invalid filter 'status=lost'");
    assertThatThrownBy(() -> filtered("nonsense", "x")).hasMessage("invalid filter 'nonsense'");
  }

  private List<String> filtered(String key, String value) {
    return names(new ContainerQuery(true, 0, false, new Filters(Map.of(key, List.of(value)))));
  }

  private List<String> names(ContainerQuery query) {
    return engine.containers.list(query).stream().map(Container::name).toList();
  }

  @Test
  void pruneTakesOnlyWhatDoesNotRun() {
    String one = engine.create("one", Specs.spec());
    engine.containers.start(engine.create("two", Specs.spec()));
    Pruned pruned = engine.containers.prune(Filters.NONE);
    assertThat(pruned.deleted()).containsExactly(one);
    assertThat(pruned.reclaimedBytes()).isEqualTo(7);
    assertThat(names(new ContainerQuery(true, 0, false, Filters.NONE))).containsExactly("two");
  }
}
