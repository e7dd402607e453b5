package dev.berth.volume.driver.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.linux.Errno;
import dev.berth.volume.DriverVolume;
import dev.berth.volume.VolumeDriver;
import dev.berth.volume.VolumeDriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalDriverTest extends VolumeDriverContract {
  private static final String USER = "u".repeat(64);
  private static final Map<String, String> NFS =
      Map.of("type", "nfs", "o", "addr=files,rw,soft,vers=4.1", "device", ":/export");

  @TempDir private Path folder;
  private final FakeMountTable mounts = new FakeMountTable();
  private LocalDriver driver;

  @BeforeEach
  void open() {
    driver = openAgain(Duration.ofSeconds(10));
  }

  @AfterEach
  void close() {
    driver.close();
  }

  private LocalDriver openAgain(Duration patience) {
    ServerAddresses addresses =
        new ServerAddresses(name -> {
          if (name.equals("files")) {
            return "192.0.2.9";
          }
          throw EngineException.internal("error resolving: " + name, null);
        });
    return LocalDriver.open(folder.resolve("volumes"), mounts, addresses, patience);
  }

  @Override
  protected VolumeDriver driver() {
    return driver;
  }

  private Path data(String name) {
    return folder.resolve("volumes").resolve(name).resolve("_data");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void theLayoutIsDockers() throws IOException {
    DriverVolume made = driver.create("v1", Map.of());
    assertThat(made.mountpoint()).isEqualTo(data("v1").toString());
    assertThat(mode(data("v1"))).isEqualTo("rwxr-xr-x");
    assertThat(mode(data("v1").getParent())).isEqualTo("rwx-----x");
    assertThat(mode(folder.resolve("volumes"))).isEqualTo("rwx-----x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad/name", "-bad", "sp ace", "..", "a/../../b", ".hidden", "é1"})
  void badNames(String name) {
    assertThatThrownBy(() -> driver.create(name, Map.of()))
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ErrorKind.INVALID);
              assertThat(e.text())
                  .isEqualTo(
                      "\""
                          + name
                          + "\" includes invalid characters for a local volume name, only"
                          + " \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a"
                          + " host directory, use absolute path");
            });
    assertThat(driver.list()).isEmpty();
  }

  @Test
  void aNameOfOneLetterIsTooShort() {
    assertThatThrownBy(() -> driver.create("x", Map.of()))
        .hasMessage(
            "volume name is too short, names should be at least two alphanumeric characters");
  }

  @Test
  void aSizeNeedsProjectQuota() {
    assertThatThrownBy(() -> driver.create("vx", Map.of("size", "10M")))
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith("quota size requested but no quota support: ")
        .hasMessageEndingWith(" is not mounted with prjquota, which xfs and ext4 have");
    assertThatThrownBy(
            () -> driver.create("vx", Map.of("size", "10M", "type", "tmpfs", "device", "tmpfs")))
        .hasMessageStartingWith("option size limits the volume's own folder");
    assertThat(data("vx").getParent()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          foo=bar | invalid option: "foo"
          size=ten | invalid size: 'ten'
          type=tmpfs | missing required option: "device"
          device=tmpfs | missing required option: "type"
          """)
  void badOptions(String option, String message) {
    String[] parts = option.split("=");
    assertThatThrownBy(() -> driver.create("vx", Map.of(parts[0], parts[1])))
        .isInstanceOf(EngineException.class)
        .hasMessage(message);
    assertThat(driver.list()).isEmpty();
    assertThat(data("vx").getParent()).doesNotExist();
  }

  @Test
  void cifsTakesNoPortInTheDevice() {
    assertThatThrownBy(
            () -> driver.create("vx", Map.of("type", "cifs", "device", "//server:99/share")))
        .hasMessage("port not allowed in CIFS device URL, include 'port' in 'o='");
  }

  @ParameterizedTest
  @CsvSource({"10M,10485760", "1g,1073741824", "512,512", "1.5k,1536", "2KiB,2048", "7 mb,7340032"})
  void sizes(String text, long bytes) {
    assertThat(LocalOptions.bytes(text)).isEqualTo(bytes);
  }

  @Test
  void mountedAtFirstUseAndUnmountedAtLast() {
    driver.create("v1", NFS);
    assertThat(mounts.calls()).isEmpty();
    driver.mount("v1", USER);
    driver.mount("v1", "other");
    assertThat(mounts.calls()).hasSize(1);
    MountCall call = mounts.calls().getFirst();
    assertThat(call.type()).isEqualTo("nfs");
    assertThat(call.source()).isEqualTo(":/export");
    assertThat(call.words().data()).isEqualTo("addr=192.0.2.9,soft,vers=4.1");
    driver.unmount("v1", USER);
    assertThat(mounts.mounted()).hasSize(1);
    driver.unmount("v1", "other");
    assertThat(mounts.mounted()).isEmpty();
  }

  @Test
  void aPlainVolumeIsNotMounted() {
    driver.create("v1", Map.of());
    driver.mount("v1", USER);
    assertThat(mounts.calls()).isEmpty();
  }

  @Test
  void optionsSurviveARestart() throws IOException {
    driver.create("v1", NFS);
    assertThat(mode(data("v1").resolveSibling("opts.json"))).isEqualTo("rw-------");
    driver.close();
    driver = openAgain(Duration.ofSeconds(10));
    driver.mount("v1", USER);
    assertThat(mounts.calls()).hasSize(1);
  }

  @Test
  void afterACrashMountsAreTakenOverOrTakenAway() {
    driver.create("used", NFS);
    driver.create("idle", NFS);
    driver.mount("used", USER);
    driver.mount("idle", USER);
    driver.close();
    driver = openAgain(Duration.ofSeconds(10));
    driver.restore("used", USER);
    driver.settle();
    assertThat(mounts.mounted()).containsExactly(data("used").toString());
    driver.mount("used", "second");
    assertThat(mounts.calls()).hasSize(2);
    driver.unmount("used", "second");
    driver.unmount("used", USER);
    assertThat(mounts.mounted()).isEmpty();
  }

  @Test
  void aRefusedMountSaysWhatTheKernelSaid() {
    driver.create("v1", Map.of("type", "x", "device", "x"));
    mounts.fail(Errno.ENODEV);
    assertThatThrownBy(() -> driver.mount("v1", USER))
        .hasMessage("failed to mount local volume: mount x:" + data("v1") + ": no such device");
    driver.mount("v1", USER);
    assertThat(mounts.mounted()).hasSize(1);
  }

  @Test
  void credentialsAreNeverShown() {
    Map<String, String> options =
        Map.of(
            "type", "cifs",
            "device", "//files/share",
            "o", "username=u,password=s3cret,vers=3.0");
    driver.create("v1", options);
    assertThat(driver.shown(options).get("o")).isEqualTo("username=u,password=********,vers=3.0");
    mounts.fail(Errno.EACCES);
    assertThatThrownBy(() -> driver.mount("v1", USER))
        .hasMessageNotContaining("s3cret")
        .hasMessageContaining("//192.0.2.9/share");
    driver.mount("v1", USER);
    assertThat(mounts.calls().getFirst().words().data()).contains("password=s3cret");
  }

  @Test
  void aNameOfAServerThatIsUnknownIsAnError() {
    driver.create("v1", Map.of("type", "nfs", "o", "addr=nowhere", "device", ":/x"));
    assertThatThrownBy(() -> driver.mount("v1", USER)).hasMessageContaining("nowhere");
    assertThat(mounts.calls()).isEmpty();
  }

  @Test
  void aDeadServerDoesNotHangItsUser() throws Exception {
    driver.close();
    driver = openAgain(Duration.ofMillis(50));
    driver.create("v1", NFS);
    CountDownLatch answer = mounts.fallSilent();
    assertThatThrownBy(() -> driver.mount("v1", USER)).hasMessageContaining("no answer within");
    answer.countDown();
    Instant end = Instant.now().plusSeconds(60);
    while (mounts.calls().isEmpty() || !mounts.mounted().isEmpty()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(10);
    }
  }

  @Test
  void whoeverTriesAgainWhileTheServerIsSilentIsToldSoAtOnce() throws Exception {
    driver.close();
    driver = openAgain(Duration.ofSeconds(1));
    driver.create("v1", NFS);
    driver.create("v2", Map.of("type", "tmpfs", "device", "tmpfs"));
    CountDownLatch answer = mounts.fallSilent();
    assertThatThrownBy(() -> driver.mount("v1", USER)).hasMessageContaining("no answer within");
    mounts.speakAgain();
    assertThatThrownBy(() -> driver.mount("v1", USER))
        .hasMessageEndingWith(": an earlier attempt still waits for an answer");
    assertThat(driver.mount("v2", USER)).isEqualTo(data("v2").toString());
    answer.countDown();
    Instant end = Instant.now().plusSeconds(60);
    while (mounts.mounted().size() != 1 || !mountsAgain()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(10);
    }
    assertThat(mounts.mounted()).containsExactlyInAnyOrder(data("v1") + "", data("v2") + "");
  }

  private boolean mountsAgain() {
    try {
      driver.mount("v1", USER);
      return true;
    } catch (EngineException stillWaiting) {
      return false;
    }
  }

  @Test
  void aServerThatFellSilentIsNoticedBeforeTheNextUser() {
    driver.create("v1", NFS);
    driver.mount("v1", USER);
    mounts.fail(Errno.ETIMEDOUT);
    assertThatThrownBy(() -> driver.mount("v1", "other"))
        .hasMessage("the server of :/export: connection timed out");
    driver.unmount("v1", USER);
    assertThat(mounts.mounted()).isEmpty();
  }

  @Test
  void aRefusedWordIsNamedWithoutItsSecret() {
    driver.create("v1", NFS);
    mounts.refuse("sloppy");
    mounts.fail(Errno.EINVAL);
    assertThatThrownBy(() -> driver.mount("v1", USER))
        .hasMessageEndingWith(": invalid argument (option sloppy)");
    mounts.refuse("password=s3cret");
    mounts.fail(Errno.EINVAL);
    assertThatThrownBy(() -> driver.mount("v1", USER))
        .hasMessageEndingWith(": invalid argument (option password=********)");
  }

  @ParameterizedTest
  @CsvSource({
    "nfs, CONFIG_NFS_FS",
    "nfs4, CONFIG_NFS_V4",
    "cifs, CONFIG_CIFS",
    "xfs, CONFIG_XFS_FS"
  })
  void aFileSystemThatTheKernelLacksIsRefusedByItsOption(String type, String option) {
    driver.create("v1", Map.of("type", type, "o", "ro", "device", "//192.0.2.9/share"));
    mounts.fail(Errno.ENODEV);
    assertThatThrownBy(() -> driver.mount("v1", USER))
        .hasMessageEndingWith(": no such device (the kernel lacks " + option + ")");
  }

  @Test
  void removalTakesWhateverIsInside() throws IOException {
    driver.create("v1", Map.of());
    Path outside = Files.writeString(folder.resolve("outside"), "kept");
    Path deep = data("v1");
    for (int i = 0; i < 250; i++) {
      deep = Files.createDirectory(deep.resolve("d"));
    }
    Files.createSymbolicLink(data("v1").resolve("link"), outside);
    Files.createSymbolicLink(data("v1").resolve("up"), folder);
    Files.writeString(deep.resolve("file"), "x");
    driver.remove("v1");
    assertThat(outside).hasContent("kept");
    try (var left = Files.list(folder.resolve("volumes"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void recoverFinishesRemovalsAndForgetsHalfMadeVolumes() throws IOException {
    driver.create("complete", Map.of());
    driver.create("halfmade", Map.of());
    driver.create("unrecorded", Map.of());
    Files.writeString(data("unrecorded").resolve("file"), "x");
    Files.createDirectories(folder.resolve("volumes/.removing-old/_data"));
    driver.close();
    driver = openAgain(Duration.ofSeconds(10));
    assertThat(driver.recover(Set.of("complete", "lost")))
        .extracting(DriverVolume::name)
        .containsExactly("unrecorded");
    try (var left = Files.list(folder.resolve("volumes"))) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("complete", "unrecorded", "lost");
    }
    assertThat(data("lost")).isEmptyDirectory();
  }
}
