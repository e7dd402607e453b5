package dev.berth.volume.driver.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.plugin.PluginDirectory;
import dev.berth.plugin.PluginPatience;
import dev.berth.plugin.PluginSource;
import dev.berth.plugin.Plugins;
import dev.berth.store.MemoryStore;
import dev.berth.testing.Patience;
import dev.berth.volume.DriverVolume;
import dev.berth.volume.LocalVolumes;
import dev.berth.volume.VolumeDriver;
import dev.berth.volume.VolumeDriverContract;
import dev.berth.volume.VolumeFilter;
import dev.berth.volume.VolumeScope;
import dev.berth.volume.VolumeSpec;
import dev.berth.volume.VolumeUse;
import dev.berth.volume.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteDriverTest extends VolumeDriverContract {
  private static final Duration INSTANT = Patience.of(Duration.ofMillis(300));
  private static final PluginPatience SHORT =
      new PluginPatience(INSTANT, INSTANT, Duration.ofMillis(1));
  private static final PluginPatience LONG =
      new PluginPatience(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(1));

  @TempDir private Path folder;
  private FakePlugin plugin;
  private LocalVolumes local;

  @BeforeEach
  void start() throws IOException {
    plugin = FakePlugin.start(folder.resolve("volplug.sock"));
    local = LocalVolumes.open(folder);
  }

  @AfterEach
  void stop() throws IOException {
    plugin.close();
    local.close();
  }

  private RemoteDrivers drivers(PluginPatience patience) {
    return drivers(new PluginDirectory(List.of(folder), List.of(folder)), patience);
  }

  private RemoteDrivers drivers(PluginSource source, PluginPatience patience) {
    return new RemoteDrivers(local.driver(), new Plugins(source, patience));
  }

  @Override
  protected VolumeDriver driver() {
    return drivers(LONG).driver("volplug");
  }

  private Volumes volumes(PluginPatience patience) {
    Volumes volumes =
        new Volumes(
            new MemoryStore(),
            drivers(patience),
            event -> {},
            new Ids(new Random(1)),
            InstantSource.system());
    volumes.start();
    return volumes;
  }

  private static void assertRefused(ThrowingCallable call, String text) {
    assertThatThrownBy(call).isInstanceOf(EngineException.class).hasMessage(text);
  }

  @Test
  void greetedOnceThenAskedForCapabilitiesOnce() {
    VolumeDriver driver = driver();
    assertThat(driver.scope()).isEqualTo(VolumeScope.LOCAL);
    driver.create("one", Map.of("k", "v"));
    driver.list();
    assertThat(plugin.calls())
        .containsExactly(
            "Plugin.Activate",
            "VolumeDriver.Capabilities",
            "VolumeDriver.Create",
            "VolumeDriver.List");
    assertThat(driver.scope()).isEqualTo(VolumeScope.GLOBAL);
  }

  @Test
  void whatThePluginTellsIsShown() {
    VolumeDriver driver = driver();
    driver.create("one", Map.of());
    assertThat(driver.find("one"))
        .contains(
            new DriverVolume(
                "one",
                "/plugin/one",
                Instant.parse("2026-01-02T02:04:05Z"),
                "{\"health\":\"good\"}"));
  }

  @Test
  void errorsNameTheMethod() {
    Volumes volumes = volumes(LONG);
    plugin.answerError("VolumeDriver.Create", "no space");
    assertRefused(
        () -> volumes.create(new VolumeSpec("pv2", "volplug", null, null)),
        "create pv2: VolumeDriver.Create: no space");
    volumes.create(new VolumeSpec("pv2", "volplug", null, null));
    plugin.answerError("VolumeDriver.Mount", "offline");
    assertThatThrownBy(() -> volumes.mount("pv2", new VolumeUse("c", "/d", true, "")))
        .hasMessageContaining("VolumeDriver.Mount: offline");
    plugin.answerError("VolumeDriver.Remove", "busy");
    assertRefused(() -> volumes.remove("pv2", true), "remove pv2: VolumeDriver.Remove: busy");
  }

  @Test
  void aHungPluginCostsOnlyItsOwnCallers() {
    Volumes volumes = volumes(SHORT);
    volumes.create(VolumeSpec.named("v1"));
    plugin.hang("VolumeDriver.Create");
    assertThatThrownBy(() -> volumes.create(new VolumeSpec("pv1", "volplug", null, null)))
        .hasMessageContaining("no answer within");
    plugin.hang("VolumeDriver.List");
    assertThat(volumes.list(VolumeFilter.none()).volumes()).hasSize(1);
    assertThat(volumes.list(VolumeFilter.none()).warnings()).hasSize(1);
  }

  @Test
  void aPluginThatHangsAtItsGreetingDoesNotHoldUpTheStart() {
    plugin.hang("Plugin.Activate");
    Volumes volumes = volumes(SHORT);
    assertThat(plugin.calls()).isEmpty();
    volumes.create(VolumeSpec.named("v1"));
    assertThat(volumes.driverNames()).containsExactly("local");
  }

  @Test
  void aRestartedPluginIsCalledAgain() throws IOException {
    VolumeDriver driver = driver();
    driver.create("one", Map.of());
    plugin.close();
    assertThatThrownBy(() -> driver.create("two", Map.of()))
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith("VolumeDriver.Create: plugin volplug: ");
    plugin = FakePlugin.start(folder.resolve("volplug.sock"));
    driver.create("two", Map.of());
    assertThat(driver.find("two")).isPresent();
  }

  @Test
  void descriptionsAreRead() throws IOException {
    Path specifications = Files.createDirectories(folder.resolve("etc"));
    String address = "unix://" + folder.resolve("volplug.sock");
    Files.writeString(specifications.resolve("one.spec"), address + "\n");
    Files.writeString(
        specifications.resolve("two.json"), "{\"Name\":\"two\",\"Addr\":\"" + address + "\"}");
    Files.writeString(
        specifications.resolve("three.json"),
        "{\"Addr\":\"tcp://x:1\",\"TLSConfig\":{\"CAFile\":\"/ca\"}}");
    Files.writeString(specifications.resolve("four.spec"), "nonsense");
    RemoteDrivers drivers = drivers(new PluginDirectory(List.of(), List.of(specifications)), LONG);
    drivers.driver("one").create("v1", Map.of());
    assertThat(drivers.driver("two").find("v1")).isPresent();
    assertThatThrownBy(() -> drivers.driver("three")).hasMessageContaining("TLSConfig");
    assertRefused(() -> drivers.driver("four"), "invalid plugin address: nonsense");
    assertThat(drivers.all()).extracting(VolumeDriver::name).containsExactly("local", "one", "two");
    assertThat(drivers.names()).containsExactly("local", "one", "two");
    assertRefused(
        () -> drivers.driver("../etc/one"),
        "error looking up volume plugin ../etc/one: plugin \"../etc/one\" not found");
  }

  @Test
  void aPluginForOtherThingsIsNoVolumeDriver() {
    plugin.answerRaw(
        "Plugin.Activate", "HTTP/1.1 200 OK\r\n\r\n{\"Implements\":[\"NetworkDriver\"]}");
    assertRefused(
        () -> driver().create("v1", Map.of()),
        "plugin \"volplug\" does not implement VolumeDriver");
    assertThat(volumes(LONG).list(VolumeFilter.none()).warnings()).isEmpty();
  }

  @Test
  void aMountWithoutAPathIsRefused() {
    VolumeDriver driver = driver();
    driver.create("v1", Map.of());
    plugin.answerRaw("VolumeDriver.Mount", "HTTP/1.1 200 OK\r\n\r\n{\"Mountpoint\":\"relative\"}");
    assertThatThrownBy(() -> driver.mount("v1", "u")).hasMessageContaining("gave no absolute path");
  }
}
