package dev.berth.runtime.driver.crun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.linux.Signals;
import dev.berth.runtime.Capabilities;
import dev.berth.runtime.ContainerExit;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.ProcessTable;
import dev.berth.runtime.ResourceUsage;
import dev.berth.runtime.Resources;
import dev.berth.runtime.SecuritySpec;
import dev.berth.runtime.SecuritySpec.Seccomp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Control groups and seccomp, asserted with what the kernel shows. */
@Tag("kernel")
class LimitsTest {
  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path directory;
  private TestContainers containers;

  @BeforeEach
  void open() {
    Assumptions.assumeTrue(TestContainers.possible(), "needs root, crun and conmon");
    containers = new TestContainers(directory);
  }

  @AfterEach
  void close() throws Exception {
    containers.close();
  }

  private static Resources memory(long limit, long swap) {
    return new Resources(
        new Resources.Memory(limit, swap, null, null, null),
        Resources.Cpu.UNLIMITED.withNanoCpus(500_000_000),
        Resources.BlockIo.UNLIMITED,
        50L,
        null);
  }

  private String file(ContainerProcess container, String version1, String version2)
      throws Exception {
    Path root = Path.of("/sys/fs/cgroup");
    boolean second = containers.runtime().cgroups().version() == 2;
    String[] parts = version1.split("/");
    Path path =
        second
            ? root.resolve(containers.cgroupParent.substring(1))
                .resolve(container.id())
                .resolve(version2)
            : root.resolve(parts[0])
                .resolve(containers.cgroupParent.substring(1))
                .resolve(container.id())
                .resolve(parts[1]);
    return Files.readString(path).strip();
  }

  @Test
  void limitsAndUpdates() throws Exception {
    LaunchSpec spec =
        TestContainers.withResources(
            containers.spec("sleep", "1000"), memory(64 * MEBIBYTE, 64 * MEBIBYTE));
    ContainerProcess container = containers.start(spec);

    assertThat(file(container, "memory/memory.limit_in_bytes", "memory.max"))
        .isEqualTo(String.valueOf(64 * MEBIBYTE));
    assertThat(file(container, "pids/pids.max", "pids.max")).isEqualTo("50");
    assertThat(file(container, "cpu/cpu.cfs_quota_us", "cpu.max")).startsWith("50000");

    container.update(memory(128 * MEBIBYTE, 256 * MEBIBYTE));
    assertThat(file(container, "memory/memory.limit_in_bytes", "memory.max"))
        .isEqualTo(String.valueOf(128 * MEBIBYTE));
    container.update(memory(32 * MEBIBYTE, 32 * MEBIBYTE));
    assertThat(file(container, "memory/memory.limit_in_bytes", "memory.max"))
        .isEqualTo(String.valueOf(32 * MEBIBYTE));
  }

  @Test
  void tellsThatMemoryRanOut() throws Exception {
    LaunchSpec spec =
        TestContainers.withResources(
            containers.spec("sh", "-c", "dd if=/dev/zero of=/dev/shm/x bs=1M count=60"),
            memory(16 * MEBIBYTE, 16 * MEBIBYTE));
    ContainerExit exit = TestContainers.await(containers.start(spec));

    assertThat(exit.outOfMemory()).isTrue();
    assertThat(exit.exitCode()).isEqualTo(137);
  }

  @Test
  void pausesAndResumes() throws Exception {
    ContainerProcess container = containers.start(containers.spec("sleep", "1000"));
    assertThat(container.paused()).isFalse();
    container.pause();
    assertThat(container.paused()).isTrue();
    assertThat(file(container, "freezer/freezer.state", "cgroup.freeze")).isIn("FROZEN", "1");
    container.resume();
    assertThat(container.paused()).isFalse();
  }

  @Test
  void canBeKilledWhilePaused() throws Exception {
    ContainerProcess container = containers.start(containers.spec("sleep", "1000"));
    container.pause();
    container.kill(Signals.KILL);

    assertThat(TestContainers.await(container).exitCode()).isEqualTo(137);
  }

  @Test
  void countsWhatIsUsed() throws Exception {
    ContainerProcess container =
        containers.start(containers.spec("sh", "-c", "sleep 1000 & sleep 1001 & wait"));
    while (container.pids().size() < 3) {
      Thread.onSpinWait();
    }
    ResourceUsage usage = container.usage();

    assertThat(usage.cpu().totalNanos()).isPositive();
    assertThat(usage.cpu().systemNanos()).isGreaterThan(usage.cpu().totalNanos());
    assertThat(usage.cpu().onlineProcessors())
        .isEqualTo(java.lang.Runtime.getRuntime().availableProcessors());
    assertThat(usage.memory().usageBytes()).isPositive();
    assertThat(usage.memory().limitBytes()).isGreaterThan(MEBIBYTE);
    assertThat(usage.pids().current()).isEqualTo(3);
  }

  @Test
  void listsItsProcesses() throws Exception {
    ContainerProcess container = containers.start(containers.spec("sleep", "1234"));
    while (!Files.readString(Path.of("/proc/" + container.pid() + "/cmdline")).contains("1234")) {
      Thread.onSpinWait();
    }
    ProcessTable table = container.top(List.of());

    assertThat(table.titles()).contains("PID", "CMD");
    assertThat(table.processes()).hasSize(1);
    assertThat(table.processes().getFirst()).contains(String.valueOf(container.pid()));
    assertThat(table.processes().getFirst().getLast()).isEqualTo("sleep 1234");
  }

  private String tryCall(Seccomp seccomp, String command) throws Exception {
    return containers.output(
        TestContainers.withSecurity(
            containers.spec("sh", "-c", command + " 2>&1; echo code $?"),
            TestContainers.security(seccomp)));
  }

  private String tryWithAllCapabilities(Seccomp seccomp, String command) throws Exception {
    SecuritySpec security =
        new SecuritySpec(
            false,
            Capabilities.available(),
            seccomp,
            false,
            List.of(),
            List.of(),
            List.of(),
            List.of());
    return containers.output(
        TestContainers.withSecurity(
            containers.spec("sh", "-c", command + " 2>&1; echo code $?"), security));
  }

  @Test
  void refusesForbiddenCallsUnderTheDefaultProfile() throws Exception {
    assertThat(tryWithAllCapabilities(new Seccomp.Default(), "swapoff /tmp"))
        .contains("Operation not permitted");
    assertThat(tryWithAllCapabilities(new Seccomp.Unconfined(), "swapoff /tmp"))
        .contains("Is a directory");
    assertThat(tryCall(new Seccomp.Default(), "grep Seccomp: /proc/self/status"))
        .contains("Seccomp:\t2");
    assertThat(directory.resolve("cache/seccomp")).isNotEmptyDirectory();
  }

  @Test
  void refusesNothingWhenUnconfined() throws Exception {
    assertThat(tryCall(new Seccomp.Unconfined(), "grep Seccomp: /proc/self/status"))
        .contains("Seccomp:\t0");
  }

  @Test
  void appliesAProfileThatIsGiven() throws Exception {
    String profile =
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [{"names": ["chmod", "fchmodat", "fchmodat2"], "action": "SCMP_ACT_ERRNO"}]}
        """;
    assertThat(tryCall(new Seccomp.Profile(profile), "chmod 700 /tmp"))
        .contains("Operation not permitted")
        .contains("code 1");
  }

  @Test
  void leavesAProfileItIsUnsureOfToTheLibrary() throws Exception {
    String profile =
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
         "syscalls": [{"names": ["chmod", "fchmodat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}
        """;
    assertThat(tryCall(new Seccomp.Profile(profile), "chmod 700 /tmp"))
        .contains("Function not implemented");
  }
}
