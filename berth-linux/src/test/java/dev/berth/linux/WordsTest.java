package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
  @Test
  void errorsReadAsGoWritesThem() {
    assertThat(Errno.of(2)).isEqualTo(Errno.ENOENT);
    assertThat(Errno.ENOENT.text()).isEqualTo("no such file or directory");
    assertThat(Errno.EIO.text()).isEqualTo("input/output error");
    assertThat(Errno.EAGAIN.text()).isEqualTo("resource temporarily unavailable");
    assertThat(Errno.of(0)).isEqualTo(Errno.UNKNOWN);
    assertThat(Errno.of(9999)).isEqualTo(Errno.UNKNOWN);
    for (Errno errno : Errno.values()) {
      assertThat(Errno.of(errno.number())).isEqualTo(errno);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "KILL, 9",
    "SIGKILL, 9",
    "sigterm, 15",
    "15, 15",
    "RTMIN, 34",
    "SIGRTMIN+3, 37",
    "rtmax-1, 63",
    "RTMAX, 64",
    "IOT, 6",
    "CLD, 17",
    "64, 64"
  })
  void signalsByNameAndNumber(String text, int number) {
    assertThat(Signals.parse(text)).hasValue(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "SIG", "NOPE", "0", "65", "-9", "9999999999", "RTMIN+99", "KILL "})
  void wordsThatAreNoSignals(String text) {
    assertThat(Signals.parse(text)).isEmpty();
  }

  @Test
  void everySignalHasAName() {
    for (int number = 1; number <= 64; number++) {
      String name = Signals.name(number);
      if (number != 32 && number != 33 && number <= 49) {
        assertThat(Signals.parse(name)).hasValue(number);
      }
    }
    assertThat(Signals.name(32)).isEqualTo("32");
  }

  @Test
  void capabilities() {
    assertThat(Capabilities.number("CAP_CHOWN")).hasValue(0);
    assertThat(Capabilities.number("net_admin")).hasValue(12);
    assertThat(Capabilities.number("CAP_SYS_ADMIN")).hasValue(21);
    assertThat(Capabilities.number("CAP_CHECKPOINT_RESTORE")).hasValue(40);
    assertThat(Capabilities.number("CAP_NOPE")).isEmpty();
  }

  @Test
  void bytesThatAreNoTextTravelUnharmed() {
    byte[] every = new byte[255];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) (i + 1);
    }
    assertThat(KernelStrings.encode(KernelStrings.decode(every, 0, every.length))).isEqualTo(every);
    byte[] mixed = "grün \uD83D\uDE00".getBytes(StandardCharsets.UTF_8);
    assertThat(KernelStrings.decode(mixed, 0, mixed.length)).isEqualTo("grün \uD83D\uDE00");
    assertThat(KernelStrings.encode("grün \uD83D\uDE00")).isEqualTo(mixed);
    assertThatThrownBy(() -> KernelStrings.encode("a\0b")).isInstanceOf(LinuxException.class);
  }

  @Test
  void hardwareAddresses() {
    MacAddress mac = MacAddress.parse("02:42:AC:11:00:02");
    assertThat(mac).hasToString("02:42:ac:11:00:02").isEqualTo(MacAddress.of(mac.toBytes()));
    assertThatThrownBy(() -> MacAddress.parse("02:42"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MacAddress.parse("zz:42:ac:11:00:02"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void settingsStayBelowProcSys() {
    assertThat(Sysctl.path("net.ipv4.ip_forward")).isEqualTo("/proc/sys/net/ipv4/ip_forward");
    assertThat(Sysctl.path("net/ipv4/conf/eth0.5/forwarding"))
        .isEqualTo("/proc/sys/net/ipv4/conf/eth0.5/forwarding");
    assertThatThrownBy(() -> Sysctl.path("net/../../etc")).isInstanceOf(LinuxException.class);
    assertThatThrownBy(() -> Sysctl.path("")).isInstanceOf(LinuxException.class);
    assertThatThrownBy(() -> Sysctl.path("net..x")).isInstanceOf(LinuxException.class);
  }

  @Test
  void bothArchitecturesAreKnown() {
    assertThat(Architecture.current("amd64")).isEqualTo(Architecture.X86_64);
    assertThat(Architecture.current("aarch64")).isEqualTo(Architecture.AARCH64);
    assertThatThrownBy(() -> Architecture.current("riscv64"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void kernelReleasesAreCompared() {
    SystemFacts.Names names = new SystemFacts.Names("Linux", "h", "6.1.0-28-amd64", "", "x86_64");
    assertThat(names.isAtLeast(6, 1)).isTrue();
    assertThat(names.isAtLeast(6, 2)).isFalse();
    assertThat(names.isAtLeast(5, 19)).isTrue();
  }
}
