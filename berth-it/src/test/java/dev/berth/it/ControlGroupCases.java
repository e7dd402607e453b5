package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A container's life where control groups are of version 2 and nothing else. */
class ControlGroupCases {
  private static Scene scene;

  @BeforeAll
  static void start() {
    scene = Scene.open("--firewall-backend", "nftables");
  }

  @AfterAll
  static void stop() {
    scene.close();
  }

  @AfterEach
  void clear() {
    scene.clear();
    Eventually.holds(
        "no control group is left",
        () -> Leftovers.cgroups(scene.engine().cgroupParent()).isEmpty());
  }

  /** What the kernel holds for a container: a file of its control group. */
  private static String group(String container, String file) {
    String id = scene.container(container).path("Id").asText();
    return scene
        .host("cat /sys/fs/cgroup" + scene.engine().cgroupParent() + "/*" + id + "*/" + file)
        .line();
  }

  @Test
  @DisplayName("info says which control groups there are and warns of none that is missing")
  void info() {
    JsonNode info = scene.get("/info").json();
    assertThat(info.path("CgroupVersion").asText()).isEqualTo("2");
    assertThat(info.path("MemoryLimit").asBoolean()).isTrue();
    assertThat(info.path("PidsLimit").asBoolean()).isTrue();
    assertThat(info.path("CPUShares").asBoolean()).isTrue();
    assertThat(info.path("CPUSet").asBoolean()).isTrue();
    assertThat(info.path("Warnings").toString()).doesNotContain("memory limit", "cpuset");
  }

  @Test
  @DisplayName("limits of run and of update arrive in the kernel, and stats show them")
  void limits() {
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "aa",
            "--memory",
            "64m",
            "--memory-swap",
            "96m",
            "--memory-reservation",
            "32m",
            "--cpus",
            "0.5",
            "--cpu-shares",
            "512",
            "--cpuset-cpus",
            "0",
            "--pids-limit",
            "40",
            "busybox",
            "sleep",
            "1000")
        .ok();
    assertThat(group("aa", "memory.max")).isEqualTo("67108864");
    assertThat(group("aa", "memory.swap.max")).isEqualTo("33554432");
    assertThat(group("aa", "memory.low")).isEqualTo("33554432");
    assertThat(group("aa", "cpu.max")).isEqualTo("50000 100000");
    assertThat(group("aa", "cpu.weight")).isNotEqualTo("100");
    assertThat(group("aa", "cpuset.cpus")).isEqualTo("0");
    assertThat(group("aa", "pids.max")).isEqualTo("40");
    JsonNode stats = scene.get("/containers/aa/stats?stream=0").json();
    assertThat(stats.path("memory_stats").path("limit").asLong()).isEqualTo(67108864);
    assertThat(stats.path("memory_stats").path("usage").asLong()).isPositive();
    assertThat(stats.path("pids_stats").path("current").asLong()).isEqualTo(1);
    assertThat(stats.path("cpu_stats").path("cpu_usage").path("total_usage").asLong()).isPositive();
    scene
        .docker(
            "update",
            "--memory",
            "80m",
            "--memory-swap",
            "80m",
            "--cpus",
            "0.25",
            "--pids-limit",
            "50",
            "aa")
        .ok();
    assertThat(group("aa", "memory.max")).isEqualTo("83886080");
    assertThat(group("aa", "memory.swap.max")).isEqualTo("0");
    assertThat(group("aa", "cpu.max")).isEqualTo("25000 100000");
    assertThat(group("aa", "pids.max")).isEqualTo("50");
    scene.docker("restart", "--time", "0", "aa").ok();
    assertThat(group("aa", "memory.max")).isEqualTo("83886080");
  }

  @Test
  @DisplayName("too much memory ends a container with 137, and it is said why")
  void outOfMemory() {
    Command.Result hungry =
        scene.docker(
            "run",
            "--name",
            "aa",
            "--memory",
            "16m",
            "--memory-swap",
            "16m",
            "busybox",
            "sh",
            "-c",
            "tail -c 64m /dev/zero");
    assertThat(hungry.exitCode()).isEqualTo(137);
    assertThat(scene.container("aa").path("State").path("OOMKilled").asBoolean()).isTrue();
    String events =
        scene
            .docker("events", "--since", "1h", "--until", "0s", "--filter", "container=aa")
            .ok()
            .text();
    assertThat(events).contains(" oom ").contains(" die ");
  }

  @Test
  @DisplayName("pause freezes, unpause goes on, exec and top work beside")
  void pause() {
    scene.running("aa", "");
    assertThat(scene.in("aa", "cat /proc/self/cgroup").line()).isEqualTo("0::/");
    scene.docker("pause", "aa").ok();
    assertThat(group("aa", "cgroup.events")).contains("frozen 1");
    assertThat(scene.docker("exec", "aa", "true").errors()).contains("is paused");
    scene.docker("unpause", "aa").ok();
    assertThat(group("aa", "cgroup.events")).contains("frozen 0");
    assertThat(scene.docker("top", "aa").ok().text()).contains("sleep 1000");
    scene.docker("exec", "--detach", "aa", "sleep", "500").ok();
    Eventually.equal("2", () -> group("aa", "pids.current"));
  }

  @Test
  @DisplayName("a published port and a name answer, also after the engine was killed")
  void published() {
    scene.docker("network", "create", "nn").ok();
    scene.server("web", "--network", "nn", "-p", "8088:80");
    scene.on("nn", "aa");
    scene.reads("page of web", "aa", "web");
    scene.readsOnHost("page of web", "127.0.0.1:8088");
    scene.engine().killEngine();
    scene.engine().startEngine();
    Eventually.equal("page of web", () -> scene.fetchOnHost("127.0.0.1:8088"));
    Eventually.equal("page of web", () -> scene.fetch("aa", "web"));
    scene.docker("kill", "web").ok();
    Eventually.equal("137", () -> scene.container("web").path("State").path("ExitCode").asText());
  }
}
