package dev.berth.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.volume.MountRequest.BindOptions;
import dev.berth.volume.MountRequest.DriverChoice;
import dev.berth.volume.MountRequest.ImageOptions;
import dev.berth.volume.MountRequest.TmpfsOptions;
import dev.berth.volume.MountRequest.VolumeOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountPlanTest {
  private static final Path DATA_ROOT = Path.of("/var/lib/berth");
  private static final Set<String> EXISTING = Set.of("/srv/a", "/srv", "/");

  private static MountPlan plan(MountOptions options) {
    return MountPlan.of(
        options,
        container -> {
          if (container.equals("vf")) {
            return List.of(
                plan(binds("shared:/data", "/srv/a:/cfg:ro")).points().get(0),
                plan(binds("shared:/data", "/srv/a:/cfg:ro")).points().get(1));
          }
          throw EngineException.notFound("No such container: " + container);
        },
        EXISTING::contains,
        DATA_ROOT);
  }

  private static MountOptions binds(String... binds) {
    return new MountOptions(List.of(binds), null, null, null, null, "");
  }

  private static MountOptions mounts(MountRequest... mounts) {
    return new MountOptions(null, List.of(mounts), null, null, null, "");
  }

  private static MountPoint only(MountOptions options) {
    assertThat(plan(options).points()).hasSize(1);
    return plan(options).points().getFirst();
  }

  private static void assertRefused(ThrowingCallable call, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> {
              assertThat(e.text()).isEqualTo(text);
              assertThat(e.kind()).isEqualTo(ErrorKind.INVALID);
            });
  }

  private static MountRequest request(String type, String source, String target) {
    return new MountRequest(type, source, target, false, "", null, null, null, null);
  }

  @Test
  void aBindOfTheHost() {
    MountPoint point = only(binds("/srv/a/../b/:/m/./x:ro,rslave,z"));
    assertThat(point.type()).isEqualTo(MountType.BIND);
    assertThat(point.source()).isEqualTo("/srv/b");
    assertThat(point.destination()).isEqualTo("/m/x");
    assertThat(point.mode()).isEqualTo("ro,rslave,z");
    assertThat(point.writable()).isFalse();
    assertThat(point.propagation()).isEqualTo("rslave");
    assertThat(point.createSource()).isTrue();
    assertThat(only(binds("/srv/a:/m")).propagation()).isEqualTo("rprivate");
  }

  @Test
  void aNamedVolume() {
    MountPoint point = only(binds("data:/m:nocopy"));
    assertThat(point.type()).isEqualTo(MountType.VOLUME);
    assertThat(point.name()).isEqualTo("data");
    assertThat(point.copyUp()).isFalse();
    assertThat(point.writable()).isTrue();
    assertThat(point.propagation()).isEmpty();
    assertThat(point.anonymous()).isFalse();
    assertThat(point.mode()).isEqualTo("nocopy");
  }

  @Test
  void theModeOfALocalVolumeIsShared() {
    Volume volume = volume("data", "local");
    assertThat(only(binds("data:/m")).withVolume(volume).mode()).isEqualTo("z");
    assertThat(only(binds("data:/m:ro")).withVolume(volume).mode()).isEqualTo("ro");
    assertThat(only(binds("data:/m")).withVolume(volume("data", "plugin")).mode()).isEmpty();
    MountPoint declared =
        only(new MountOptions(null, null, null, null, Set.of("/x"), "")).withVolume(volume);
    assertThat(declared.mode()).isEmpty();
    assertThat(declared.name()).isEqualTo("data");
  }

  private static Volume volume(String name, String driver) {
    return new Volume(
        new VolumeRecord(name, driver, null, null, java.time.Instant.EPOCH, false),
        new VolumeStatus(VolumeScope.LOCAL, "/v/" + name, Set.of(), null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /srv/b1:rel | invalid volume specification: '/srv/b1:rel': invalid mount config for type "bind": invalid mount path: 'rel' mount path must be absolute
          /a:/b:bad | invalid mode: bad
          /a:/b:ro,rw | invalid mode: ro,rw
          /a:/b:z,Z | invalid mode: z,Z
          /a:/b:shared,slave | invalid mode: shared,slave
          /a:/b:ro: | invalid volume specification: '/a:/b:ro:'
          :/b | invalid volume specification: ':/b'
          /foo:rw | invalid volume specification: '/foo:rw'
          /a:/b:nocopy | invalid volume specification: '/a:/b:nocopy': invalid mount config for type "bind": field VolumeOptions must not be specified
          v:/b:shared | invalid volume specification: 'v:/b:shared': invalid mount config for type "volume": field BindOptions must not be specified
          /a:/ | invalid volume specification: '/a:/': invalid mount config for type "bind": invalid specification: destination can't be '/'
          a:/x/.. | invalid volume specification: 'a:/x/..': invalid mount config for type "volume": invalid specification: destination can't be '/'
          """)
  void refusedBinds(String bind, String message) {
    assertRefused(() -> plan(binds(bind)), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          aa:rel | invalid volume specification: 'aa:rel': invalid mount config for type "volume": invalid mount path: 'aa:rel' mount path must be absolute
          rel | invalid volume specification: 'rel': invalid mount config for type "volume": invalid mount path: 'rel' mount path must be absolute
          /x/.. | invalid volume specification: '/x/..': invalid mount config for type "volume": invalid specification: destination can't be '/'
          """)
  void refusedDeclarations(String path, String message) {
    assertRefused(() -> plan(new MountOptions(null, null, null, null, Set.of(path), "")), message);
  }

  @Test
  void refusedMounts() {
    assertRefused(
        () -> plan(mounts(request("volume", "v", ""))),
        "invalid mount config for type \"volume\": field Target must not be empty");
    assertRefused(
        () -> plan(mounts(request("volume", "v", "rel"))),
        "invalid mount config for type \"volume\": invalid mount path: 'rel' mount path must be absolute");
    assertRefused(
        () -> plan(mounts(request("tmpfs", "x", "/t"))),
        "invalid mount config for type \"tmpfs\": field Source must not be specified");
    assertRefused(
        () -> plan(mounts(request("bind", "", "/t"))),
        "invalid mount config for type \"bind\": field Source must not be empty");
    assertRefused(
        () -> plan(mounts(request("bind", "/srv/nosuch2", "/t"))),
        "invalid mount config for type \"bind\": bind source path does not exist: /srv/nosuch2");
    assertRefused(
        () -> plan(mounts(request("npipe", "x", "/t"))),
        "invalid mount config for type \"npipe\": mount type unknown");
    assertRefused(
        () -> plan(mounts(request("image", "", "/t"))),
        "invalid mount config for type \"image\": field Source must not be empty");
  }

  private static MountRequest bind(BindOptions options) {
    return new MountRequest("bind", "/srv/a", "/t", true, "", options, null, null, null);
  }

  private static MountRequest volume(String source, boolean readOnly, VolumeOptions options) {
    return new MountRequest("volume", source, "/t", readOnly, "", null, options, null, null);
  }

  @Test
  void refusedOptions() {
    assertRefused(
        () -> plan(mounts(bind(BindOptions.ofPropagation("bad")))),
        "invalid mount config for type \"bind\": invalid propagation mode: bad");
    for (String climbing : List.of("../x", "/abs", "a/../../b", "..")) {
      assertRefused(
          () -> plan(mounts(volume("v", false, new VolumeOptions(false, null, null, climbing)))),
          "invalid mount config for type \"volume\": subpath must be a relative path within the volume");
    }
    assertRefused(
        () -> plan(mounts(volume("", false, new VolumeOptions(false, null, null, "a")))),
        "invalid mount config for type \"volume\": must not set Subpath when using anonymous volumes");
    assertRefused(
        () -> plan(mounts(volume("", true, null))),
        "invalid mount config for type \"volume\": must not set ReadOnly mode when using anonymous volumes");
    assertRefused(
        () -> plan(mounts(tmpfs(new TmpfsOptions(0, 0, List.of(List.of("huge", "1")))))),
        "invalid mount config for type \"tmpfs\": invalid option: huge");
    assertRefused(
        () -> plan(new MountOptions(null, null, Map.of("rel", ""), null, null, "")),
        "invalid mount path: 'rel' mount path must be absolute");
  }

  private static MountRequest tmpfs(TmpfsOptions options) {
    return new MountRequest("tmpfs", "", "/t", false, "", null, null, options, null);
  }

  @Test
  void tmpfsOptionsBecomeText() {
    MountPoint point =
        only(mounts(tmpfs(new TmpfsOptions(65536, 0700, List.of(List.of("noexec"))))));
    assertThat(point.tmpfsOptions()).isEqualTo("mode=700,size=64k,noexec");
    assertThat(TmpfsText.of(new TmpfsOptions(1L << 30, 0, null), true)).isEqualTo("ro,size=1g");
    assertThat(TmpfsText.of(new TmpfsOptions(1000, 0, null), false)).isEqualTo("size=1000");
  }

  @Test
  void volumeOptionsReachTheVolume() {
    VolumeOptions options =
        new VolumeOptions(
            true, Map.of("l", "1"), new DriverChoice("local", Map.of("type", "tmpfs")), "a/b");
    MountPoint point = only(mounts(volume("v", true, options)));
    assertThat(point.volumeSpec())
        .isEqualTo(new VolumeSpec("v", "local", Map.of("type", "tmpfs"), Map.of("l", "1")));
    assertThat(point.copyUp()).isFalse();
    assertThat(point.subpath()).isEqualTo("a/b");
    assertThat(point.writable()).isFalse();
  }

  @Test
  void anImageIsReadOnlyAndExperimental() {
    MountRequest request =
        new MountRequest(
            "image", "busybox", "/i", false, "", null, null, null, new ImageOptions("etc"));
    MountPlan plan = plan(mounts(request));
    assertThat(plan.warnings()).containsExactly("Image mount is an experimental feature");
    MountPoint point = plan.points().getFirst();
    assertThat(point.writable()).isFalse();
    assertThat(point.name()).isEqualTo("busybox");
    assertThat(point.subpath()).isEqualTo("etc");
    assertThat(point.withImage("/layers/x").source()).isEqualTo("/layers/x");
  }

  @Test
  void twoOwnMountsOnOneDestination() {
    assertRefused(() -> plan(binds("a:/m", "b:/m/.")), "Duplicate mount point: /m");
    assertRefused(
        () ->
            plan(
                new MountOptions(
                    List.of("a:/m"), List.of(request("volume", "b", "/m/")), null, null, null, "")),
        "Duplicate mount point: /m/");
    assertRefused(
        () -> plan(new MountOptions(List.of("a:/m"), null, Map.of("/m", ""), null, null, "")),
        "Duplicate mount point: /m");
  }

  @Test
  void theOwnMountWinsOverInheritedAndDeclaredOnes() {
    MountPlan plan =
        plan(
            new MountOptions(
                List.of("own:/data"),
                null,
                Map.of("/scratch", "size=1m"),
                List.of("vf:ro"),
                Set.of("/data", "/cfg", "/more", "/scratch"),
                ""));
    assertThat(plan.points())
        .extracting(MountPoint::destination)
        .containsExactly("/cfg", "/data", "/more");
    assertThat(plan.points().get(1).name()).isEqualTo("own");
    assertThat(plan.points().get(0).writable()).isFalse();
    assertThat(plan.points().get(2).anonymous()).isTrue();
    assertThat(plan.tmpfs()).containsExactly(new TmpfsMount("/scratch", "size=1m"));
  }

  @Test
  void inheritedMountsKeepTheirModes() {
    MountPlan plan = plan(new MountOptions(null, null, null, List.of("vf"), null, ""));
    assertThat(plan.points()).hasSize(2);
    assertThat(plan.points().get(0).destination()).isEqualTo("/cfg");
    assertThat(plan.points().get(0).writable()).isFalse();
    assertThat(plan.points().get(1).writable()).isTrue();
    assertThat(plan.points().get(1).copyUp()).isFalse();
    MountPlan readOnly = plan(new MountOptions(null, null, null, List.of("vf:ro"), null, ""));
    assertThat(readOnly.points()).noneMatch(MountPoint::writable);
  }

  @Test
  void refusedVolumesFrom() {
    for (String mode : List.of("bad", "nocopy", "rshared", "ro,rw")) {
      assertRefused(
          () -> plan(new MountOptions(null, null, null, List.of("vf:" + mode), null, "")),
          "invalid mode: " + mode);
    }
    assertRefused(
        () -> plan(new MountOptions(null, null, null, List.of(""), null, "")),
        "volumes-from specification cannot be an empty string");
    assertThatThrownBy(() -> plan(new MountOptions(null, null, null, List.of("x"), null, "")))
        .hasMessage("No such container: x");
  }

  @Test
  void nestedMountsComeInAnyOrderAndLeaveOutermostFirst() {
    MountPlan plan = plan(binds("a:/x/y/z", "b:/x", "c:/x/y", "d:/w/y/z/q"));
    assertThat(plan.points())
        .extracting(MountPoint::destination)
        .containsExactly("/x", "/x/y", "/x/y/z", "/w/y/z/q");
  }

  @Test
  void theEnginesOwnFolderIsOnlyGivenAsASlave() {
    assertThat(only(binds("/var/lib/berth/x:/m")).propagation()).isEqualTo("rslave");
    assertThat(only(binds("/var:/m")).propagation()).isEqualTo("rslave");
    assertThat(only(binds("/:/m")).propagation()).isEqualTo("rslave");
    assertThat(only(binds("/:/m:rshared")).propagation()).isEqualTo("rshared");
    assertThat(only(binds("/var/lib/berthold:/m")).propagation()).isEqualTo("rprivate");
    assertThatThrownBy(() -> plan(binds("/var/lib:/m:private")))
        .hasMessage(
            "invalid mount config: must use either propagation mode \"rslave\" or \"rshared\" when"
                + " mount source is within the daemon root, daemon root: \"/var/lib/berth\", bind"
                + " mount source: \"/var/lib\", propagation: \"private\"");
  }

  @Test
  void theVolumeDriverIsForVolumesWithoutTheirOwn() {
    MountPlan plan =
        plan(new MountOptions(List.of("n:/n", "/srv/a:/b"), null, null, null, Set.of("/v"), "pl"));
    assertThat(plan.points()).extracting(MountPoint::driver).containsExactly("", "pl", "pl");
  }

  @ParameterizedTest
  @CsvSource({
    "/a//b/../c/,/a/c",
    "/..,/",
    "a/../..,..",
    "'',.",
    "./x,x",
    "/a/./.,/a",
    "../../x,../../x"
  })
  void cleanPaths(String path, String clean) {
    assertThat(CleanPath.of(path)).isEqualTo(clean);
  }
}
