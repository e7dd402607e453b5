package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class FactsKernelTest {
  @Test
  void namesAreThoseOfProc() throws Exception {
    SystemFacts.Names names = SystemFacts.uname();
    assertThat(names.release() + "\n")
        .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/osrelease")));
    assertThat(names.hostName() + "\n")
        .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/hostname")));
    assertThat(names.isAtLeast(3, 10)).isTrue();
    assertThat(names.isAtLeast(99, 0)).isFalse();
  }

  @Test
  void memoryIsThatOfProc() throws Exception {
    String total = Files.readAllLines(Path.of("/proc/meminfo")).getFirst().replaceAll("[^0-9]", "");
    assertThat(SystemFacts.sysinfo().memoryBytes()).isEqualTo(Long.parseLong(total) * 1024);
    assertThat(SystemFacts.sysinfo().uptime()).isPositive();
  }

  @Test
  void probesAgreeWithTheTools() {
    Isolated.run(() -> {
      for (KernelFeature feature :
          new KernelFeature[] {KernelFeature.DUMMY, KernelFeature.BRIDGE}) {
        String kind = feature.name().toLowerCase(Locale.ROOT);
        Capture.Result result =
            Capture.run(
                SpawnRequest.of(List.of("ip", "link", "add", "probe-" + kind, "type", kind)));
        assertThat(feature.isAvailable()).isEqualTo(result.status().isSuccess());
      }
    });
    assertThat(KernelFeature.OPENAT2_CALL.isAvailable()).isTrue();
    assertThat(KernelFeature.PIDFD.isAvailable()).isTrue();
    assertThat(KernelFeature.NFTABLES.isAvailable()).isTrue();
    assertThat(KernelFeature.OVERLAYFS.isAvailable()).isTrue();
  }

  @Test
  void theBoundingSetIsThatOfProc() throws Exception {
    String line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(each -> each.startsWith("CapBnd:"))
            .findFirst()
            .orElseThrow();
    long mask = Long.parseUnsignedLong(line.substring(7).strip(), 16);
    assertThat(Capabilities.bounding()).hasSize(Long.bitCount(mask));
  }
}
