package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The options of run: each is seen from inside the container. */
@Tag("blackbox")
class RunOptionsTest {
  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start().withBusybox();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  /** Runs a shell line in a container with options and returns what it printed. */
  private static String sh(String line, String... options) {
    return run(line, options).ok().line();
  }

  private static Command.Result run(String line, String... options) {
    List<String> words = new ArrayList<>(List.of("run", "--rm"));
    words.addAll(List.of(options));
    words.addAll(List.of("busybox", "sh", "-c", line));
    return engine.docker(words.toArray(String[]::new)).run();
  }

  @Test
  void environment() throws IOException {
    Path file = engine.folder().resolve("env");
    Files.writeString(file, "# comment\nFROM_FILE=yes\n");
    assertThat(
            sh(
                "echo $A $FROM_FILE $HOSTNAME $HOME $PATH",
                "-e",
                "A=1",
                "--env-file",
                file.toString(),
                "-h",
                "box"))
        .isEqualTo("1 yes box /root /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  }

  @Test
  void userAndWorkdir() {
    assertThat(sh("id -u; id -g; pwd", "-u", "www-data", "-w", "/var")).isEqualTo("33\n33\n/var");
    assertThat(sh("id -u; id -g", "-u", "5:staff")).isEqualTo("5\n50");
    Command.Result unknown = run("true", "-u", "nosuch");
    assertThat(unknown.exitCode()).isEqualTo(125);
    assertThat(unknown.errors())
        .contains("unable to find user nosuch: no matching entries in passwd file");
    assertThat(sh("id -G", "-u", "www-data", "--group-add", "staff")).isEqualTo("33 50");
  }

  @Test
  void entrypointHostnameAndLabels() {
    assertThat(
            engine
                .docker("run", "--rm", "--entrypoint", "echo", "busybox", "x", "y")
                .run()
                .ok()
                .line())
        .isEqualTo("x y");
    assertThat(sh("hostname; cat /etc/hostname", "--hostname", "named")).isEqualTo("named\nnamed");
  }

  @Test
  void init() {
    assertThat(sh("cat /proc/1/comm", "--init")).isIn("catatonit", "docker-init", "tini");
  }

  @Test
  void limits() {
    String v1 =
        "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/pids/pids.max";
    String v2 =
        "cat /sys/fs/cgroup/memory.max; cut -d' ' -f1 /sys/fs/cgroup/cpu.max; cat /sys/fs/cgroup/pids.max";
    assertThat(
            sh(
                v1 + " 2>/dev/null || { " + v2 + "; }",
                "-m",
                "32m",
                "--cpus",
                "0.5",
                "--pids-limit",
                "20"))
        .isEqualTo((32 << 20) + "\n50000\n20");
    assertThat(sh("ulimit -n", "--ulimit", "nofile=123:456")).isEqualTo("123");
    assertThat(sh("df -k /dev/shm | tail -1 | awk '{print $2}'", "--shm-size", "1m"))
        .isEqualTo("1024");
  }

  @Test
  void capabilities() {
    String mask = "grep CapEff /proc/self/status | awk '{print $2}'";
    assertThat(sh(mask)).isEqualTo("00000000a80425fb");
    assertThat(sh(mask, "--cap-drop", "ALL", "--cap-add", "NET_ADMIN"))
        .isEqualTo("0000000000001000");
    assertThat(sh("grep CapInh /proc/self/status | awk '{print $2}'"))
        .isEqualTo("0000000000000000");
    Command.Result bad = run("true", "--cap-add", "NOSUCH");
    assertThat(bad.errors()).contains("invalid CapAdd: unknown capability: \"CAP_NOSUCH\"");
  }

  @Test
  void privileged() {
    assertThat(
            sh(
                "mount -t tmpfs none /mnt 2>&1 || mkdir -p /mnt && mount -t tmpfs none /mnt && echo mounted",
                "--privileged"))
        .endsWith("mounted");
    assertThat(run("mkdir /mnt; mount -t tmpfs none /mnt").exitCode()).isNotZero();
  }

  @Test
  void seccompAndNoNewPrivileges() throws IOException {
    String filter = "grep Seccomp: /proc/self/status | awk '{print $2}'";
    assertThat(sh(filter)).isEqualTo("2");
    assertThat(sh(filter, "--security-opt", "seccomp=unconfined")).isEqualTo("0");
    assertThat(
            sh(
                "grep NoNewPrivs /proc/self/status | awk '{print $2}'",
                "--security-opt",
                "no-new-privileges"))
        .isEqualTo("1");
    Path profile = engine.folder().resolve("profile.json");
    Files.writeString(
        profile,
        "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\",\"mkdirat\"],\"action\":\"SCMP_ACT_ERRNO\"}]}");
    Command.Result result = run("mkdir /x", "--security-opt", "seccomp=" + profile);
    assertThat(result.errors()).contains("Operation not permitted");
  }

  @Test
  void devicesAndSysctls() {
    assertThat(
            sh(
                "ls /dev/loop-test 2>/dev/null || ls /dev/zero-too",
                "--device",
                "/dev/zero:/dev/zero-too:r"))
        .isEqualTo("/dev/zero-too");
    assertThat(
            sh(
                "cat /proc/sys/net/ipv4/ip_unprivileged_port_start",
                "--sysctl",
                "net.ipv4.ip_unprivileged_port_start=7"))
        .isEqualTo("7");
  }

  @Test
  void readOnly() {
    Command.Result result = run("touch /x", "--read-only");
    assertThat(result.errors()).contains("Read-only file system");
    assertThat(sh("touch /tmp/x && echo fine", "--read-only", "--tmpfs", "/tmp")).isEqualTo("fine");
  }

  @Test
  void namespaces() {
    engine
        .docker("run", "-d", "--name", "other", "--ipc", "shareable", "busybox", "sleep", "600")
        .run()
        .ok();
    try {
      assertThat(sh("ps | grep -c 'sleep 600'", "--pid", "container:other")).isNotEqualTo("0");
      String ipc =
          engine.docker("exec", "other", "readlink", "/proc/self/ns/ipc").run().ok().line();
      assertThat(sh("readlink /proc/self/ns/ipc", "--ipc", "container:other")).isEqualTo(ipc);
      String uts = Command.of("readlink", "/proc/self/ns/uts").run().line();
      assertThat(sh("readlink /proc/self/ns/uts", "--uts", "host")).isEqualTo(uts);
    } finally {
      engine.docker("rm", "-f", "other").run();
    }
  }

  @Test
  void maskedPathsStayMasked() {
    assertThat(sh("cat /proc/kcore | head -c 1 | wc -c")).isEqualTo("0");
    assertThat(run("echo 1 > /proc/sys/kernel/panic").errors()).contains("Read-only file system");
  }

  @Test
  void health() {
    engine
        .docker(
            "run",
            "-d",
            "--name",
            "ill",
            "--health-cmd",
            "test -e /well",
            "--health-interval",
            "200ms",
            "--health-retries",
            "1",
            "busybox",
            "sleep",
            "600")
        .run()
        .ok();
    try {
      Eventually.equal(
          "unhealthy",
          () ->
              engine.docker("inspect", "--format", "{{.State.Health.Status}}", "ill").run().line());
      engine.docker("exec", "ill", "touch", "/well").run().ok();
      Eventually.equal(
          "healthy",
          () ->
              engine.docker("inspect", "--format", "{{.State.Health.Status}}", "ill").run().line());
      assertThat(
              engine
                  .docker("ps", "--filter", "health=healthy", "--format", "{{.Status}}")
                  .run()
                  .line())
          .contains("(healthy)");
    } finally {
      engine.docker("rm", "-f", "ill").run();
    }
  }

  @Test
  void otherRuntime() {
    assertThat(sh("echo by runc", "--runtime", "runc")).isEqualTo("by runc");
    Command.Result unknown = run("true", "--runtime", "nosuch");
    assertThat(unknown.exitCode()).isEqualTo(125);
    assertThat(unknown.errors()).contains("unknown or invalid runtime name: nosuch");
  }
}
