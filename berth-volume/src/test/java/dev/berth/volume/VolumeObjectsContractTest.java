package dev.berth.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.archive.Compression;
import dev.berth.core.Ids;
import dev.berth.store.Commit;
import dev.berth.store.MemoryStore;
import dev.berth.store.ReadTransaction;
import dev.berth.store.Store;
import dev.berth.store.WriteTransaction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every operation on a whole volume, failing at each of its steps, and dying at each of them: what
 * is visible afterwards is what was there before or what was wanted, and nothing else is left.
 */
@Tag("kernel")
class VolumeObjectsContractTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final int STEPS_LIMIT = 100;

  @TempDir private Path folder;

  @BeforeEach
  void requireRoot() {
    assumeTrue(ProcessHandle.current().info().user().orElse("").equals("root"), "needs root");
  }

  enum Operation {
    EXPORT(objects -> export(objects, Stillness.NONE)),
    IMPORT_NEW(objects -> importArchive(objects, "made", VolumeObjects.Onto.EMPTY)),
    IMPORT_OVER(objects -> importArchive(objects, "source", VolumeObjects.Onto.REPLACE)),
    IMPORT_BESIDE(objects -> importArchive(objects, "source", VolumeObjects.Onto.MERGE)),
    COPY(objects ->
        objects.copy(
            new VolumeObjects.Copy("source", "made", null), Stillness.NONE, VolumeProgress.NONE)),
    SNAPSHOT(objects -> objects.snapshot("source", "taken", Map.of(), Stillness.NONE)),
    SNAPSHOT_REMOVE(objects -> objects.removeSnapshot("source", "kept")),
    RESTORE(objects -> objects.restore("source", "kept", VolumeProgress.NONE)),
    RENAME(objects -> objects.rename("source", "renamed", tx -> {})),
    LABEL(objects -> objects.label("source", Map.of("a", "1"), Set.of()));

    private final Body body;

    Operation(Body body) {
      this.body = body;
    }
  }

  private interface Body {
    void run(VolumeObjects objects) throws IOException;
  }

  private static byte[] export(VolumeObjects objects, Stillness stillness) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    objects.export(new VolumeObjects.Export("source", "", Compression.GZIP), stillness, out);
    return out.toByteArray();
  }

  private static byte[] archive = new byte[0];

  private static void importArchive(VolumeObjects objects, String name, VolumeObjects.Onto onto)
      throws IOException {
    objects.importArchive(
        new VolumeObjects.Import(name, Map.of("made", "here"), 0, onto),
        new ByteArrayInputStream(archive));
  }

  @ParameterizedTest
  @EnumSource
  void aFailingStepLeavesNothing(Operation operation) throws IOException {
    eachStep(operation, false);
  }

  @ParameterizedTest
  @EnumSource
  void dyingAtAStepLeavesNothing(Operation operation) throws IOException {
    eachStep(operation, true);
  }

  private void eachStep(Operation operation, boolean dying) throws IOException {
    State wanted;
    State before;
    try (Bed bed = new Bed(folder.resolve("whole"))) {
      bed.prepare();
      before = bed.state();
      operation.body.run(bed.volumes.objects());
      wanted = bed.state();
    }
    int step = 1;
    for (; step < STEPS_LIMIT; step++) {
      try (Bed bed = new Bed(folder.resolve("step" + step))) {
        bed.prepare();
        bed.steps.failAt(step, dying);
        boolean done = attempt(operation, bed);
        boolean reached = bed.steps.reached();
        bed.steps.heal();
        bed.restart();
        String when = operation + " at step " + step;
        State after = bed.state();
        assertThat(after).as(when).isIn(before, wanted);
        if (done && !dying) {
          assertThat(after).as(when).isEqualTo(wanted);
        }
        bed.assertTidy(when);
        if (!reached) {
          assertThat(after).as(when).isEqualTo(wanted);
          break;
        }
      }
    }
    assertThat(step).as("steps of " + operation).isLessThan(STEPS_LIMIT);
  }

  private static boolean attempt(Operation operation, Bed bed) throws IOException {
    try {
      operation.body.run(bed.volumes.objects());
      return true;
    } catch (Steps.Fault | dev.berth.core.EngineException expected) {
      return false;
    }
  }

  /** What somebody sees: the content of each volume and of each snapshot, and the labels. */
  private record State(Map<String, Map<String, String>> contents, Map<String, String> labels) {}

  /** Counts what is done to the disk and to the store; one step, or all from it on, fail. */
  private static final class Steps {
    private int failing;
    private boolean dying;
    private int taken;

    private static final class Fault extends RuntimeException {
      private static final long serialVersionUID = 1L;

      Fault(String step) {
        super(step);
      }
    }

    void failAt(int step, boolean forGood) {
      taken = 0;
      failing = step;
      dying = forGood;
    }

    void heal() {
      failing = 0;
    }

    boolean reached() {
      return failing > 0 && taken >= failing;
    }

    void step(String name) {
      taken++;
      if (failing > 0 && (taken == failing || (dying && taken > failing))) {
        throw new Fault(name);
      }
    }
  }

  /** An engine's volumes in a folder; restarted, they are read again from disk and store. */
  private static final class Bed implements AutoCloseable {
    private final Path root;
    private final Steps steps = new Steps();
    private final MemoryStore store = new MemoryStore();
    private LocalVolumes local;
    private Volumes volumes;

    Bed(Path root) throws IOException {
      this.root = Files.createDirectories(root);
      open();
    }

    private void open() {
      local = LocalVolumes.open(root);
      volumes =
          new Volumes(
              new FailingStore(store, steps),
              VolumeDrivers.of(failing(local.driver())),
              event -> {},
              new Ids(new Random(5)),
              InstantSource.fixed(NOW));
      volumes.start();
    }

    void restart() {
      local.close();
      open();
    }

    void prepare() throws IOException {
      volumes.create(VolumeSpec.named("source"));
      write("first", "1");
      write("sub/second", "2");
      volumes.objects().snapshot("source", "kept", Map.of(), Stillness.NONE);
      archive = export(volumes.objects(), Stillness.NONE);
      write("third", "3");
      Files.delete(data("source").resolve("first"));
    }

    private void write(String name, String content) throws IOException {
      Path file = data("source").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    }

    private Path data(String volume) {
      return root.resolve("volumes").resolve(volume).resolve("_data");
    }

    State state() throws IOException {
      Map<String, Map<String, String>> contents = new TreeMap<>();
      Map<String, String> labels = new TreeMap<>();
      for (Volume volume : volumes.list(VolumeFilter.none()).volumes()) {
        contents.put(volume.name(), content(data(volume.name())));
        labels.put(volume.name(), String.valueOf(volume.record().labels()));
        for (VolumeSnapshot snapshot : volumes.objects().snapshots(volume.name())) {
          contents.put(
              volume.name() + "@" + snapshot.name(),
              content(data(volume.name()).resolveSibling("_snapshots").resolve(snapshot.name())));
        }
      }
      return new State(contents, labels);
    }

    private static Map<String, String> content(Path top) throws IOException {
      Map<String, String> content = new TreeMap<>();
      try (Stream<Path> files = Files.walk(top)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          content.put(top.relativize(file).toString(), Files.readString(file, UTF_8));
        }
      }
      return content;
    }

    void assertTidy(String when) throws IOException {
      Map<String, VolumeIntent> intents = store.view(tx -> tx.all(VolumeIntent.TABLE));
      assertThat(intents).as(when).isEmpty();
      try (Stream<Path> all = Files.walk(root.resolve("volumes"), 3)) {
        assertThat(
                all.map(path -> path.getFileName().toString()).filter(name -> name.startsWith(".")))
            .as(when)
            .isEmpty();
      }
      for (String name :
          volumes.list(VolumeFilter.none()).volumes().stream().map(Volume::name).toList()) {
        Path snapshots = data(name).resolveSibling("_snapshots");
        if (Files.exists(snapshots)) {
          try (Stream<Path> kept = Files.list(snapshots)) {
            assertThat(kept.map(path -> path.getFileName().toString()))
                .as(when)
                .containsExactlyInAnyOrderElementsOf(
                    volumes.objects().snapshots(name).stream().map(VolumeSnapshot::name).toList());
          }
        }
        volumes.remove(name, false);
      }
      try (Stream<Path> left = Files.list(root.resolve("volumes"))) {
        assertThat(left).as(when).isEmpty();
      }
    }

    private VolumeDriver failing(VolumeDriver driver) {
      VolumeFolders folders = counted(VolumeFolders.class, driver.folders().orElseThrow());
      return (VolumeDriver)
          Proxy.newProxyInstance(
              VolumeDriver.class.getClassLoader(),
              new Class<?>[] {VolumeDriver.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("folders")) {
                  return Optional.of(folders);
                }
                return invoke(driver, method, arguments);
              });
    }

    private <T> T counted(Class<T> type, T real) {
      Object proxy =
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (self, method, arguments) -> {
                steps.step(method.getName());
                return invoke(real, method, arguments);
              });
      return type.cast(proxy);
    }

    private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments)
        throws Throwable {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    @Override
    public void close() {
      local.close();
      store.close();
    }
  }

  /** A store whose changes are steps. */
  private record FailingStore(Store below, Steps steps) implements Store {
    @Override
    public <R> R view(Function<? super ReadTransaction, ? extends R> body) {
      return below.view(body);
    }

    @Override
    public <R> R update(Function<? super WriteTransaction, ? extends R> body) {
      steps.step("update");
      return below.update(body);
    }

    @Override
    public Watch watch(Consumer<Commit> listener) {
      return below.watch(listener);
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @EnumSource(names = {"IMPORT_NEW", "IMPORT_OVER", "IMPORT_BESIDE"})
  void anArchiveThatBreaksOffLeavesNothing(Operation operation) throws IOException {
    try (Bed bed = new Bed(folder.resolve("broken"))) {
      bed.prepare();
      State before = bed.state();
      byte[] whole = archive;
      for (int length = 0; length < whole.length; length += 37) {
        archive = java.util.Arrays.copyOf(whole, length);
        assertThat(attempt(operation, bed)).as("cut at " + length).isFalse();
        assertThat(bed.state()).isEqualTo(before);
      }
      bed.assertTidy("broken archives");
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
