package dev.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.engine.ContainerState.Exited;
import dev.berth.engine.ContainerState.Running;
import dev.berth.testing.Waiting;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second engine on the same store and machine, as after kill -9. */
class RestoreTest {
  @TempDir Path directory;

  private TestEngine again(TestEngine before) {
    TestEngine after = new TestEngine(directory, before.features.store(), before.runtime);
    after.life.restore().restore();
    return after;
  }

  private static ContainerSpec with(String policy, boolean autoRemove) {
    return Specs.spec()
        .withHost(
            Specs.host().withLifecycle(Specs.lifecycle(new RestartPolicy(policy, 0), autoRemove)));
  }

  @Test
  void whatRunsIsTakenOver() {
    TestEngine before = new TestEngine(directory);
    String id = before.create("web", Specs.spec());
    before.containers.start(id);
    TestEngine after = again(before);
    assertThat(after.live("web").state()).isInstanceOf(Running.class);
    after.end(id, 4);
    assertThat(after.live("web").lastResult().exitCode()).isEqualTo(4);
    assertThat(after.actions()).containsExactly("die");
  }

  @Test
  void whatEndedMeanwhileKeepsItsExitCode() {
    TestEngine before = new TestEngine(directory);
    String id = before.create("web", Specs.spec());
    before.containers.start(id);
    before.table.require(id).runs(null);
    before.runtime.process(id).end(7, before.clock.instant().plusSeconds(3));
    TestEngine after = again(before);
    assertThat(after.live("web").state())
        .isInstanceOfSatisfying(
            Exited.class,
            exited -> {
              assertThat(exited.last().exitCode()).isEqualTo(7);
              assertThat(exited.last().finishedAt())
                  .isEqualTo(before.clock.instant().plusSeconds(3));
            });
  }

  @Test
  void whatVanishedEndedWith255() {
    TestEngine before = new TestEngine(directory);
    String id = before.create("web", Specs.spec());
    before.containers.start(id);
    before.runtime.forget(id);
    TestEngine after = again(before);
    assertThat(after.live("web").lastResult().exitCode()).isEqualTo(255);
  }

  @Test
  void whatTheRuntimeStillHasOfARemovedContainerIsPurged() {
    TestEngine before = new TestEngine(directory);
    String kept = before.create("web", Specs.spec());
    before.containers.start(kept);
    String removed = before.create("gone", Specs.spec());
    before.containers.start(removed);
    before.table.delete(before.table.require(removed));
    TestEngine after = again(before);
    assertThat(after.runtime.remains()).containsExactly(kept);
    assertThat(after.live("web").state()).isInstanceOf(Running.class);
  }

  @Test
  void policiesAreHonoured() {
    TestEngine before = new TestEngine(directory);
    String always = before.create("always", with("always", false));
    String never = before.create("never", Specs.spec());
    String transient1 = before.create("transient", with("no", true));
    for (String id : new String[] {always, never, transient1}) {
      before.containers.start(id);
      before.runtime.forget(id);
    }
    TestEngine after = again(before);
    Waiting.until(() -> after.live("always").state() instanceof Running);
    Waiting.until(() -> after.table.find("transient") == null);
    assertThat(after.live("never").state()).isInstanceOf(Exited.class);
  }

  @Test
  void aStoppedContainerComesBackOnlyByAlways() {
    TestEngine before = new TestEngine(directory);
    String always = before.create("always", with("always", false));
    String unless = before.create("unless", with("unless-stopped", false));
    for (String id : new String[] {always, unless}) {
      before.containers.start(id);
      before.containers.stop(id, null, null);
    }
    TestEngine after = again(before);
    Waiting.until(() -> after.live("always").state() instanceof Running);
    assertThat(after.live("unless").state()).isInstanceOf(Exited.class);
  }

  @Test
  void aCreationThatWasCutShortIsUnwound() {
    TestEngine before = new TestEngine(directory);
    before.table.begin("f".repeat(64), before.clock.instant());
    before.roots.prepare("f".repeat(64), TestEngine.image().id(), 0);
    ContainerDirectory.of(before.features.settings(), "f".repeat(64)).create();
    TestEngine after = again(before);
    assertThat(directory.resolve("containers")).isEmptyDirectory();
    assertThat(again(after).table.load()).isEmpty();
  }
}
