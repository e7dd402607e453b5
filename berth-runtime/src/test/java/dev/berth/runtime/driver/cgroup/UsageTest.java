package dev.berth.runtime.driver.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.runtime.ResourceUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path root;

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private ContainerCgroup cgroup(int version) {
    return new ContainerCgroup(new CgroupTree(root, version, false), "/docker/c1");
  }

  @Test
  void readsVersion2() throws Exception {
    file(
        "docker/c1/cpu.stat",
        """
        usage_usec 3000
        user_usec 2000
        system_usec 1000
        nr_periods 5
        nr_throttled 2
        throttled_usec 7
        """);
    file("docker/c1/memory.current", "4096\n");
    file("docker/c1/memory.max", "8192\n");
    file("docker/c1/memory.stat", "anon 100\nfile 200\n");
    file("docker/c1/memory.events", "low 0\noom 3\noom_kill 1\n");
    file("docker/c1/pids.current", "4\n");
    file("docker/c1/pids.max", "max\n");
    file("docker/c1/io.stat", "8:16 rbytes=10 wbytes=20 rios=1 wios=2 dbytes=0 dios=0\n253:0 \n");
    ResourceUsage usage = cgroup(2).usage(InstantSource.fixed(NOW));

    assertThat(usage.read()).isEqualTo(NOW);
    assertThat(usage.cpu().totalNanos()).isEqualTo(3_000_000);
    assertThat(usage.cpu().userNanos()).isEqualTo(2_000_000);
    assertThat(usage.cpu().kernelNanos()).isEqualTo(1_000_000);
    assertThat(usage.cpu().throttling()).isEqualTo(new ResourceUsage.Throttling(5, 2, 7000));
    assertThat(usage.memory().usageBytes()).isEqualTo(4096);
    assertThat(usage.memory().limitBytes()).isEqualTo(8192);
    assertThat(usage.memory().failures()).isEqualTo(3);
    assertThat(usage.memory().details()).containsEntry("file", 200L);
    assertThat(usage.pids()).isEqualTo(new ResourceUsage.Pids(4, 0));
    assertThat(usage.blockIo())
        .containsExactly(
            new ResourceUsage.BlockIo(8, 16, "read", 10, 1),
            new ResourceUsage.BlockIo(8, 16, "write", 20, 2));
    assertThat(cgroup(2).outOfMemory()).isTrue();
  }

  @Test
  void readsVersion1() throws Exception {
    file("cpuacct/docker/c1/cpuacct.usage", "5000\n");
    file("cpuacct/docker/c1/cpuacct.usage_percpu", "2000 3000 \n");
    file("cpuacct/docker/c1/cpuacct.stat", "user 3\nsystem 1\n");
    file("cpu/docker/c1/cpu.stat", "nr_periods 1\nnr_throttled 1\nthrottled_time 9\n");
    file("memory/docker/c1/memory.usage_in_bytes", "10\n");
    file("memory/docker/c1/memory.max_usage_in_bytes", "20\n");
    file("memory/docker/c1/memory.limit_in_bytes", "9223372036854771712\n");
    file("memory/docker/c1/memory.failcnt", "2\n");
    file("memory/docker/c1/memory.stat", "cache 5\nrss 6\n");
    file("memory/docker/c1/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n");
    file("pids/docker/c1/pids.current", "1\n");
    file("pids/docker/c1/pids.max", "50\n");
    file(
        "blkio/docker/c1/blkio.throttle.io_service_bytes_recursive",
        "8:0 Read 512\n8:0 Write 1024\n8:0 Total 1536\nTotal 1536\n");
    file("blkio/docker/c1/blkio.throttle.io_serviced_recursive", "8:0 Read 1\n8:0 Write 2\n");
    ResourceUsage usage = cgroup(1).usage(InstantSource.fixed(NOW));

    assertThat(usage.cpu().totalNanos()).isEqualTo(5000);
    assertThat(usage.cpu().perProcessorNanos()).containsExactly(2000L, 3000L);
    assertThat(usage.cpu().userNanos()).isEqualTo(30_000_000);
    assertThat(usage.cpu().throttling()).isEqualTo(new ResourceUsage.Throttling(1, 1, 9));
    assertThat(usage.memory().maxUsageBytes()).isEqualTo(20);
    assertThat(usage.memory().limitBytes()).isLessThan(9223372036854771712L).isPositive();
    assertThat(usage.memory().failures()).isEqualTo(2);
    assertThat(usage.pids()).isEqualTo(new ResourceUsage.Pids(1, 50));
    assertThat(usage.blockIo())
        .containsExactly(
            new ResourceUsage.BlockIo(8, 0, "read", 512, 1),
            new ResourceUsage.BlockIo(8, 0, "write", 1024, 2));
    assertThat(cgroup(1).outOfMemory()).isFalse();
  }

  @Test
  void listsProcessesOfGroupsBelow() throws Exception {
    file("docker/c1/cgroup.procs", "7\n3\n");
    file("docker/c1/inner/cgroup.procs", "5\n");
    assertThat(cgroup(2).pids()).containsExactly(3, 5, 7);
    assertThat(cgroup(1).pids()).isEmpty();
  }

  @Test
  void removesNothingOutsideOfItsGroup() throws Exception {
    Files.createDirectories(root.resolve("docker/c1/inner"));
    Files.createDirectories(root.resolve("docker/c2"));
    cgroup(2).remove();
    assertThat(root.resolve("docker/c1")).doesNotExist();
    assertThat(root.resolve("docker/c2")).exists();
    cgroup(2).remove();
    for (String path : new String[] {"/", "relative", "/a/../b"}) {
      assertThatThrownBy(() -> new ContainerCgroup(new CgroupTree(root, 2, false), path))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
