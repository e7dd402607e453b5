package dev.berth.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.core.Event;
import dev.berth.core.Ids;
import dev.berth.store.MemoryStore;
import dev.berth.testing.FaultPlan;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VolumesTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String CONTAINER = "c".repeat(64);
  private static final VolumeUse USE = new VolumeUse(CONTAINER, "/data", true, "");

  private final MemoryStore store = new MemoryStore();
  private final FakeDriver local = new FakeDriver("local");
  private final FakeDriver plugin = new FakeDriver("plugin");
  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
  private final Volumes volumes = open();

  private Volumes open() {
    return new Volumes(
        store,
        VolumeDrivers.of(local, plugin),
        events::add,
        new Ids(new Random(7)),
        InstantSource.fixed(NOW));
  }

  @BeforeEach
  void start() {
    volumes.start();
  }

  private static void assertRefused(ThrowingCallable call, ErrorKind kind, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> {
              assertThat(e.text()).isEqualTo(text);
              assertThat(e.kind()).isEqualTo(kind);
            });
  }

  private List<String> told() {
    return events.stream().map(e -> e.action() + " " + e.actorId() + " " + e.attributes()).toList();
  }

  @Test
  void createFindListRemove() {
    Volume made = volumes.create(new VolumeSpec("v1", "", null, Map.of("a", "1")));
    assertThat(made.driver()).isEqualTo("local");
    assertThat(made.record().created()).isEqualTo(NOW);
    assertThat(made.record().options()).isNull();
    assertThat(volumes.find("v1")).isEqualTo(made);
    assertThat(volumes.list(VolumeFilter.none()).volumes()).containsExactly(made);
    volumes.remove("v1", false);
    assertRefused(() -> volumes.find("v1"), ErrorKind.NOT_FOUND, "get v1: no such volume");
    assertThat(told()).containsExactly("create v1 {driver=local}", "destroy v1 {driver=local}");
  }

  @Test
  void creatingAgainReturnsTheFirst() {
    Volume first = volumes.create(new VolumeSpec("v1", "local", null, Map.of("a", "1")));
    Volume again = volumes.create(new VolumeSpec("v1", "", null, Map.of("b", "2")));
    assertThat(again).isEqualTo(first);
    assertThat(events).hasSize(1);
  }

  @Test
  void anAnonymousVolumeHasALongNameAndALabel() {
    Volume made = volumes.create(VolumeSpec.anonymous(""));
    assertThat(made.name()).matches("[0-9a-f]{64}");
    assertThat(made.record().labels()).isEqualTo(Map.of(Volumes.ANONYMOUS_LABEL, ""));
  }

  @Test
  void aNameBelongsToOneDriver() {
    volumes.create(new VolumeSpec("pv1", "plugin", null, null));
    assertRefused(
        () -> volumes.create(new VolumeSpec("pv1", "local", null, null)),
        ErrorKind.CONFLICT,
        "create pv1: driver 'plugin' already has volume 'pv1': volume name must be unique");
    assertThat(volumes.create(VolumeSpec.named("pv1")).driver()).isEqualTo("plugin");
  }

  @Test
  void anUnknownDriverIsNotFound() {
    assertRefused(
        () -> volumes.create(new VolumeSpec("v1", "nope", null, null)),
        ErrorKind.NOT_FOUND,
        "create v1: error looking up volume plugin nope: plugin \"nope\" not found");
  }

  @Test
  void aPluginsOwnVolumesAreFound() {
    plugin.create("theirs", Map.of());
    assertThat(volumes.list(VolumeFilter.none()).volumes())
        .extracting(Volume::name)
        .containsExactly("theirs");
    assertThat(volumes.find("theirs").driver()).isEqualTo("plugin");
    assertThat(volumes.create(VolumeSpec.named("theirs")).driver()).isEqualTo("plugin");
  }

  @Test
  void removalNamesTheContainers() {
    volumes.create(VolumeSpec.named("v1"), CONTAINER);
    volumes.refer("v1", "d".repeat(64));
    assertRefused(
        () -> volumes.remove("v1", true),
        ErrorKind.CONFLICT,
        "remove v1: volume is in use - [" + CONTAINER + ", " + "d".repeat(64) + "]");
    volumes.release("v1", CONTAINER);
    volumes.release("v1", "d".repeat(64));
    volumes.remove("v1", false);
    assertThat(local.list()).isEmpty();
  }

  @Test
  void removingWhatIsNotThere() {
    assertRefused(
        () -> volumes.remove("nosuch", false), ErrorKind.NOT_FOUND, "get nosuch: no such volume");
    assertThatCode(() -> volumes.remove("nosuch", true)).doesNotThrowAnyException();
    assertThat(events).isEmpty();
  }

  @Test
  void aDriversRefusalToRemoveIsShownEvenWithForce() {
    volumes.create(new VolumeSpec("pv6", "plugin", null, null));
    plugin.fail("remove", "VolumeDriver.Remove: busy");
    assertRefused(
        () -> volumes.remove("pv6", false),
        ErrorKind.INTERNAL,
        "remove pv6: VolumeDriver.Remove: busy");
    assertThat(volumes.find("pv6").record().removing()).isFalse();
    plugin.fail("remove", "VolumeDriver.Remove: busy");
    assertRefused(
        () -> volumes.remove("pv6", true),
        ErrorKind.INTERNAL,
        "remove pv6: VolumeDriver.Remove: busy");
  }

  @Test
  void nothingIsLeftWhenTheDriverCannotCreate() {
    local.fail("create", "disk full");
    assertRefused(
        () -> volumes.create(VolumeSpec.named("v1")), ErrorKind.INTERNAL, "create v1: disk full");
    assertThat(volumes.list(VolumeFilter.none()).volumes()).isEmpty();
    assertThat(events).isEmpty();
  }

  @Test
  void nothingIsLeftWhenTheStoreCannotCommit() {
    store.failAfter(0);
    assertThatThrownBy(() -> volumes.create(VolumeSpec.named("v1")))
        .isInstanceOf(EngineException.class);
    assertThat(local.list()).isEmpty();
    assertThat(events).isEmpty();
    volumes.create(VolumeSpec.named("v1"));
  }

  @Test
  void aCrashWhileRemovingIsFinishedAtTheNextStart() {
    for (int commits = 0; commits < 2; commits++) {
      volumes.create(VolumeSpec.named("v1"));
      store.failAfter(commits);
      assertThatThrownBy(() -> volumes.remove("v1", false)).isInstanceOf(EngineException.class);
      Volumes next = open();
      next.start();
      boolean begun = commits > 0;
      assertThat(next.list(VolumeFilter.none()).volumes()).hasSize(begun ? 0 : 1);
      assertThat(local.list()).hasSize(begun ? 0 : 1);
      next.remove("v1", true);
    }
  }

  @Test
  void mountsAreCountedByUserAndTold() {
    volumes.create(VolumeSpec.named("v1"));
    VolumeUse other = new VolumeUse(CONTAINER, "/other", false, "");
    assertThat(volumes.mount("v1", USE)).isEqualTo("/fake/v1");
    volumes.mount("v1", other);
    assertThat(local.users("v1")).hasSize(2);
    volumes.unmount("v1", USE);
    volumes.unmount("v1", other);
    assertThat(local.users("v1")).isEmpty();
    assertThat(events)
        .extracting(Event::action)
        .containsExactly("create", "mount", "mount", "unmount", "unmount");
    assertThat(events.get(2).attributes())
        .isEqualTo(
            Map.of(
                "driver", "local",
                "container", CONTAINER,
                "destination", "/other",
                "read/write", "false",
                "propagation", ""));
    assertThat(events.get(3).attributes())
        .isEqualTo(Map.of("driver", "local", "container", CONTAINER));
  }

  @Test
  void theEngineMayLookInsideWithoutDisturbingUsers() {
    volumes.create(VolumeSpec.named("v1"));
    volumes.mount("v1", USE);
    try (OpenVolume first = volumes.open("v1");
        OpenVolume second = volumes.open("v1")) {
      assertThat(first.path()).isEqualTo("/fake/v1");
      assertThat(second.path()).isEqualTo("/fake/v1");
      assertThat(local.users("v1")).hasSize(3);
    }
    assertThat(local.users("v1")).hasSize(1);
    assertThat(events).extracting(Event::action).containsExactly("create", "mount");
  }

  @Test
  void nothingIsLeftWhicheverStepFails() {
    int steps =
        FaultPlan.failEachStep(plan -> {
          FakeDriver driver = new FakeDriver("local", plan);
          MemoryStore memory = new MemoryStore();
          Volumes tried =
              new Volumes(
                  memory,
                  VolumeDrivers.of(driver),
                  events::add,
                  new Ids(new Random(9)),
                  InstantSource.system());
          tried.start();
          try {
            tried.create(VolumeSpec.named("v1"), CONTAINER);
            tried.mount("v1", USE);
            tried.unmount("v1", USE);
            tried.release("v1", CONTAINER);
            tried.remove("v1", false);
          } catch (FaultPlan.InjectedFault | EngineException expected) {
            tried.release("v1", CONTAINER);
            tried.unmount("v1", USE);
            tried.remove("v1", true);
          }
          assertThat(driver.held()).isEmpty();
          Map<String, VolumeRecord> left = memory.view(tx -> tx.all(VolumeRecord.TABLE));
          assertThat(left).isEmpty();
        });
    assertThat(steps).isGreaterThan(5);
  }

  @Test
  void aFailedMountIsExplained() {
    volumes.create(VolumeSpec.named("v1"));
    local.fail("mount", "VolumeDriver.Mount: no");
    assertRefused(
        () -> volumes.mount("v1", USE),
        ErrorKind.INTERNAL,
        "error while mounting volume '/fake/v1': VolumeDriver.Mount: no");
    assertThat(local.users("v1")).isEmpty();
    assertThat(events).hasSize(1);
  }

  @Test
  void aFailingDriverBecomesAWarning() {
    volumes.create(new VolumeSpec("pv1", "plugin", null, null));
    volumes.create(VolumeSpec.named("v1"));
    plugin.fail("list", "hung");
    VolumeList list = volumes.list(VolumeFilter.none());
    assertThat(list.warnings()).containsExactly("list plugin: hung");
    assertThat(list.volumes()).extracting(Volume::name).containsExactly("pv1", "v1");
  }

  @Test
  void filters() {
    volumes.create(new VolumeSpec("alpha", "", null, Map.of("k", "v")), CONTAINER);
    volumes.create(new VolumeSpec("beta", "plugin", null, Map.of("k", "w")));
    assertThat(names(Map.of("name", Set.of("^al")))).containsExactly("alpha");
    assertThat(names(Map.of("name", Set.of("a")))).containsExactly("alpha", "beta");
    assertThat(names(Map.of("driver", Set.of("plugin")))).containsExactly("beta");
    assertThat(names(Map.of("label", Set.of("k=v")))).containsExactly("alpha");
    assertThat(names(Map.of("label", Set.of("k")))).containsExactly("alpha", "beta");
    assertThat(names(Map.of("dangling", Set.of("true")))).containsExactly("beta");
    assertThat(names(Map.of("dangling", Set.of("0")))).containsExactly("alpha");
    assertRefused(
        () -> VolumeFilter.forList(Map.of("label!", Set.of("x"))),
        ErrorKind.INVALID,
        "invalid filter 'label!'");
    assertRefused(
        () -> VolumeFilter.forList(Map.of("dangling", Set.of("maybe"))),
        ErrorKind.INVALID,
        "invalid filter 'dangling=[maybe]'");
  }

  private List<String> names(Map<String, Set<String>> filters) {
    return volumes.list(VolumeFilter.forList(filters)).volumes().stream()
        .map(Volume::name)
        .toList();
  }

  @Test
  void pruneTakesUnusedAnonymousVolumesOfThisHost() {
    String used = volumes.create(VolumeSpec.anonymous(""), CONTAINER).name();
    String unused = volumes.create(VolumeSpec.anonymous("")).name();
    volumes.create(VolumeSpec.named("named"));
    volumes.create(new VolumeSpec("elsewhere", "", Map.of("type", "nfs"), null));
    volumes.create(new VolumeSpec("theirs", "plugin", null, null));
    assertThat(volumes.prune(VolumeFilter.forPrune(Map.of())).removed()).containsExactly(unused);
    assertThat(volumes.prune(VolumeFilter.forPrune(Map.of("all", Set.of("1")))).removed())
        .containsExactly("named");
    assertThat(volumes.list(VolumeFilter.none()).volumes())
        .extracting(Volume::name)
        .containsExactlyInAnyOrder(used, "elsewhere", "theirs");
    assertThat(events.getLast().action()).isEqualTo("prune");
    assertThat(events.getLast().attributes()).containsKey("reclaimed");
    assertRefused(
        () -> VolumeFilter.forPrune(Map.of("all", Set.of("x"))),
        ErrorKind.INVALID,
        "invalid filter 'all': strconv.ParseBool: parsing \"x\": invalid syntax");
  }

  @Test
  void pruneKeepsLabelsThatAreExcluded() {
    volumes.create(new VolumeSpec("keep", "", null, Map.of("keep", "")));
    volumes.create(new VolumeSpec("drop", "", null, null));
    VolumeFilter filter =
        VolumeFilter.forPrune(Map.of("all", Set.of("true"), "label!", Set.of("keep")));
    assertThat(volumes.prune(filter).removed()).containsExactly("drop");
  }

  @Test
  void afterARestartReferencesAndMountsAreToldAgain() {
    volumes.create(VolumeSpec.named("v1"), CONTAINER);
    volumes.mount("v1", USE);
    Volumes next = open();
    next.start();
    next.restoreReference("v1", CONTAINER);
    next.restore("v1", USE);
    next.settle();
    assertThatThrownBy(() -> next.remove("v1", false)).hasMessageContaining("volume is in use");
    next.unmount("v1", USE);
    assertThat(local.users("v1")).isEmpty();
  }

  @Test
  void aHungDriverHoldsUpOnlyItsOwnVolumes() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    VolumeDriver hung = new HungDriver(inside, release);
    Volumes both =
        new Volumes(
            store,
            VolumeDrivers.of(local, hung),
            events::add,
            new Ids(new Random(8)),
            InstantSource.system());
    Thread stuck =
        Thread.ofVirtual().start(() -> both.create(new VolumeSpec("slow", "hung", null, null)));
    inside.await();
    both.create(VolumeSpec.named("v1"));
    both.mount("v1", USE);
    both.unmount("v1", USE);
    both.remove("v1", false);
    release.countDown();
    stuck.join();
    assertThat(both.find("slow").driver()).isEqualTo("hung");
  }
}
