package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.ContainerStatus.Health;
import dev.berth.engine.ContainerStatus.Probe;
import dev.berth.engine.LiveContainer.Run;
import dev.berth.runtime.ExecProcess;
import dev.berth.runtime.ExecSpec;
import dev.berth.runtime.StreamSink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Probes running containers whose configuration asks for it. */
final class HealthProbes {
  private static final int TIMED_OUT = -1;

  private final Features features;
  private final ExecPlan execPlan;
  private final ContainerEvents events;
  private final Map<String, Timers.Timer> next = new ConcurrentHashMap<>();
  private final LongAdder done = new LongAdder();
  private final LongAdder failed = new LongAdder();

  HealthProbes(Features features, ExecPlan execPlan, ContainerEvents events) {
    this.features = features;
    this.execPlan = execPlan;
    this.events = events;
  }

  /** Its process runs: probe it from now on, if it wants to be. */
  void begin(LiveContainer container, Run run) {
    HealthRules rules = HealthRules.of(container.spec().config());
    if (rules == null) {
      return;
    }
    container.feels(HealthRules.INITIAL);
    schedule(container, run, rules);
  }

  private void schedule(LiveContainer container, Run run, HealthRules rules) {
    Health health = container.health();
    if (health == null || container.run() != run) {
      return;
    }
    Duration pause = rules.pause(health, sinceStart(container, features.clock().instant()));
    next.put(
        container.id(),
        features.surroundings().timers().after(pause, () -> probe(container, run, rules)));
  }

  private static Duration sinceStart(LiveContainer container, Instant now) {
    return switch (container.state()) {
      case ContainerState.Running running -> Duration.between(running.startedAt(), now);
      case ContainerState.Paused paused -> Duration.between(paused.startedAt(), now);
      default -> Duration.ZERO;
    };
  }

  /** Its process has ended. */
  void end(LiveContainer container) {
    Timers.Timer timer = next.remove(container.id());
    if (timer != null) {
      timer.cancel();
    }
  }

  private void probe(LiveContainer container, Run run, HealthRules rules) {
    if (container.run() != run) {
      return;
    }
    if (container.state() instanceof ContainerState.Running) {
      Instant start = features.clock().instant();
      Probe probe = run(container, run, rules, start);
      count(probe);
      Health before = container.health();
      if (before == null || container.run() != run) {
        return;
      }
      Health after = rules.after(before, probe, sinceStart(container, start));
      container.feels(after);
      if (!after.status().equals(before.status())) {
        events.tell(container, "health_status: " + after.status());
      }
    }
    schedule(container, run, rules);
  }

  private void count(Probe probe) {
    done.increment();
    if (probe.exitCode() != 0) {
      failed.increment();
    }
  }

  /** How many probes were run, and how many of them failed. */
  Engine.HealthChecks figures() {
    return new Engine.HealthChecks(done.sum(), failed.sum());
  }

  private Probe run(LiveContainer container, Run run, HealthRules rules, Instant start) {
    Output output = new Output();
    try {
      ExecSpec spec =
          execPlan.plan(
              container,
              new ExecPlan.Wish(
                  features.surroundings().ids().next(),
                  rules.command(),
                  null,
                  "",
                  "",
                  false,
                  false,
                  false,
                  null));
      ExecProcess process = run.process().exec(spec, output);
      Integer exitCode = await(process, rules.timeout());
      if (exitCode == null) {
        process.kill(Signals.SIGKILL);
        return new Probe(
            start,
            features.clock().instant(),
            TIMED_OUT,
            "Health check exceeded timeout (" + seconds(rules.timeout()) + ")");
      }
      return new Probe(start, features.clock().instant(), exitCode, output.text());
    } catch (RuntimeException failure) {
      String text = failure.getMessage() == null ? "probe failed" : failure.getMessage();
      return new Probe(start, features.clock().instant(), TIMED_OUT, text);
    }
  }

  private static @Nullable Integer await(ExecProcess process, Duration timeout) {
    try {
      return process.exit().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      return null;
    } catch (ExecutionException failure) {
      throw EngineException.internal("the probe's end is not known", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }

  /** Keeps the beginning of what a probe writes. */
  private static final class Output implements StreamSink {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    @Override
    public synchronized void output(Stream stream, ByteBuffer data) {
      byte[] bytes = new byte[Math.min(data.remaining(), HealthRules.OUTPUT_BYTES - kept.size())];
      data.get(bytes);
      kept.writeBytes(bytes);
    }

    @Override
    public void closed() {}

    synchronized String text() {
      return kept.toString(StandardCharsets.UTF_8);
    }
  }
}
