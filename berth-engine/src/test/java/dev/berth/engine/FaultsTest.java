package dev.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.engine.ContainerState.Created;
import dev.berth.engine.ContainerState.Running;
import dev.berth.testing.FaultPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever step fails, nothing is left of it, and the next try works. */
class FaultsTest {
  @TempDir Path directory;

  /** A plan that begins to count when armed; safe for the thread that opens sandboxes. */
  private static final class Armed implements Runnable {
    private final FaultPlan plan;
    private boolean on;

    Armed(FaultPlan plan) {
      this.plan = plan;
    }

    synchronized void arm(boolean now) {
      on = now;
    }

    @Override
    public synchronized void run() {
      if (on) {
        plan.step("a step");
      }
    }
  }

  private static ContainerSpec spec() {
    return Specs.spec().withConfig(Specs.withVolumes(Specs.config("sh"), Set.of("/data", "/more")));
  }

  @Test
  void aCreationThatFailsLeavesNothing() {
    int steps =
        FaultPlan.failEachStep(plan -> {
          Armed fault = new Armed(plan);
          Path root = directory.resolve("create-" + plan.hashCode());
          TestEngine engine = new TestEngine(root, fault);
          fault.arm(true);
          try {
            engine.create("web", spec());
          } catch (RuntimeException failure) {
            assertThat(engine.roots.made()).isEmpty();
            assertThat(engine.roots.mounted()).isEmpty();
            assertThat(engine.volumes.names()).isEmpty();
            assertThat(engine.table.all()).isEmpty();
            assertThat(root.resolve("containers")).isEmptyDirectory();
          }
          fault.arm(false);
          if (engine.table.all().isEmpty()) {
            engine.create("web", spec());
          }
          assertThat(engine.containers.inspect("web", false).name()).isEqualTo("web");
        });
    assertThat(steps).isGreaterThan(3);
  }

  @Test
  void aStartThatFailsLeavesNothing() {
    int steps =
        FaultPlan.failEachStep(plan -> {
          Armed fault = new Armed(plan);
          TestEngine engine = new TestEngine(directory.resolve("start-" + plan.hashCode()), fault);
          String id = engine.create("web", spec());
          fault.arm(true);
          boolean failed = false;
          try {
            engine.containers.start(id);
          } catch (RuntimeException failure) {
            failed = true;
          }
          fault.arm(false);
          if (failed) {
            assertThat(engine.roots.mounted()).isEmpty();
            assertThat(engine.sandboxes.isEmpty()).isTrue();
            assertThat(engine.runtime.isEmpty()).isTrue();
            assertThat(engine.volumes.anyMounted()).isFalse();
            assertThat(engine.live(id).state())
                .isInstanceOfSatisfying(
                    Created.class, created -> assertThat(created.failure()).isNotNull());
            engine.containers.start(id);
          }
          assertThat(engine.live(id).state()).isInstanceOf(Running.class);
        });
    assertThat(steps).isGreaterThan(4);
  }

  @Test
  void aNameThatCannotBeUsedTouchesNothing() {
    TestEngine engine = new TestEngine(directory);
    assertThatThrownBy(() -> engine.create("a", spec()))
        .hasMessage("Invalid container name (a), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    assertThat(Files.exists(directory.resolve("containers"))).isFalse();
  }
}
