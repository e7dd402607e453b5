package dev.berth.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path folder;

  private Settings read(String... arguments) {
    return Settings.read(List.of(arguments), folder.resolve("absent.json"));
  }

  private Path file(String json) throws IOException {
    Path file = folder.resolve("daemon.json");
    Files.writeString(file, json);
    return file;
  }

  @Test
  void readsEveryWayToWriteAFlag() {
    Settings settings =
        read(
            "-H",
            "unix:///a",
            "-Htcp://127.0.0.1:1",
            "--host=fd://",
            "-D",
            "--icc=false",
            "--mtu",
            "1400");
    assertThat(settings.list(Setting.HOST))
        .containsExactly("unix:///a", "tcp://127.0.0.1:1", "fd://");
    assertThat(settings.flag(Setting.DEBUG, false)).isTrue();
    assertThat(settings.flag(Setting.ICC, true)).isFalse();
    assertThat(settings.number(Setting.MTU, 1500)).isEqualTo(1400);
  }

  @Test
  void readsHowLongNamesMayBeKept() {
    assertThat(NetworkConfiguration.nameTtl(read())).isEqualTo(Duration.ofSeconds(1));
    assertThat(NetworkConfiguration.nameTtl(read("--dns-ttl", "600")))
        .isEqualTo(Duration.ofMinutes(10));
    assertThatThrownBy(() -> NetworkConfiguration.nameTtl(read("--dns-ttl=-1")))
        .hasMessage("invalid --dns-ttl \"-1\": it must be a number of seconds up to 86400");
  }

  @Test
  void readsWhereFiguresAreServed() {
    assertThat(DaemonConfiguration.of(read()).metrics()).isNull();
    assertThat(DaemonConfiguration.of(read("--metrics-addr", "127.0.0.1:9323")).metrics())
        .isEqualTo(new InetSocketAddress("127.0.0.1", 9323));
    assertThat(DaemonConfiguration.of(read("--metrics-addr", ":9323")).metrics())
        .isEqualTo(new InetSocketAddress(9323));
    assertThatThrownBy(() -> DaemonConfiguration.of(read("--metrics-addr", "9323")))
        .hasMessage("invalid --metrics-addr \"9323\": it must be HOST:PORT");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> read("--nosuch")).hasMessage("unknown flag: --nosuch");
    assertThatThrownBy(() -> read("-Z")).hasMessage("unknown shorthand flag: 'Z' in -Z");
    assertThatThrownBy(() -> read("--bip")).hasMessage("flag needs an argument: --bip");
    assertThatThrownBy(() -> read("--mtu", "big"))
        .hasMessage(
            "invalid argument \"big\" for \"--mtu\" flag: strconv.ParseInt: parsing \"big\": invalid"
                + " syntax");
    assertThatThrownBy(() -> read("start"))
        .hasMessage("\"dockerd\" accepts no arguments, but \"start\" was given");
  }

  @Test
  void refusesWhatItCannotDoUnlessItIsSwitchedOff() {
    assertThatThrownBy(() -> read("--rootless"))
        .hasMessage("--rootless is refused: rootless mode is not supported");
    assertThat(read("--rootless=false").flag(Setting.ROOTLESS, true)).isFalse();
  }

  @Test
  void givesANoticeForFlagsOfAnotherEnginesHelpers() {
    assertThat(read("--containerd", "/run/containerd.sock").notices())
        .containsOnlyKeys("--containerd");
  }

  @Test
  void readsTheFile() throws IOException {
    Path file =
        file(
            """
            {"hosts": ["unix:///x"], "debug": true, "mtu": 1300, "log-opts": {"max-size": "1m"},
             "default-address-pools": [{"base": "10.9.0.0/16", "size": 24}]}
            """);
    Settings settings = read("--config-file", file.toString());
    assertThat(settings.list(Setting.HOST)).containsExactly("unix:///x");
    assertThat(settings.number(Setting.MTU, 0)).isEqualTo(1300);
    assertThat(settings.map(Setting.LOG_OPT)).containsEntry("max-size", "1m");
    assertThat(settings.list(Setting.DEFAULT_ADDRESS_POOL))
        .containsExactly("base=10.9.0.0/16,size=24");
  }

  @Test
  void refusesADirectiveInBothPlaces() throws IOException {
    Path file = file("{\"hosts\": [\"tcp://127.0.0.1:2\"], \"mtu\": 1400}");
    assertThatThrownBy(() -> read("--config-file", file.toString(), "-H", "unix:///x"))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "unable to configure the Docker daemon with file "
                + file
                + ": the following directives are specified both as a flag and in the configuration"
                + " file: hosts: (from flag: [unix:///x], from file: [tcp://127.0.0.1:2])");
  }

  @Test
  void refusesABrokenFile() throws IOException {
    String start = "unable to configure the Docker daemon with file ";
    assertThatThrownBy(() -> read("--config-file", file("{").toString()))
        .hasMessageStartingWith(start)
        .hasMessageContaining("not valid JSON");
    assertThatThrownBy(() -> read("--config-file", file("{\"colour\": 1}").toString()))
        .hasMessageEndingWith(
            "the following directives don't match any configuration option: colour");
    assertThatThrownBy(() -> read("--config-file", file("{\"mtu\": \"x\"}").toString()))
        .hasMessageEndingWith("\"mtu\" must be a whole number");
    assertThatThrownBy(() -> read("--config-file", folder.resolve("none").toString()))
        .hasMessageEndingWith("no such file or directory");
  }
}
