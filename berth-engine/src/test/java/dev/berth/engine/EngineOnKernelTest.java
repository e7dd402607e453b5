package dev.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.testing.Patience;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine with its real features, in network, mount, UTS and IPC namespaces of its own. */
@Tag("kernel")
class EngineOnKernelTest {
  private static final Duration LIMIT = Patience.of(Duration.ofMinutes(2));

  @TempDir Path directory;

  @Test
  void containersLiveAndOutliveTheEngine() throws Exception {
    for (String program : List.of("/usr/bin/crun", "/usr/bin/conmon", "/bin/busybox")) {
      assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
    }
    assumeTrue(Files.isWritable(Path.of("/proc/sys/kernel/hostname")), "needs root");
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--net",
                "--uts",
                "--ipc",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LifeOnKernel.class.getName(),
                directory.resolve("engine").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(LIMIT);
    if (!ended) {
      process.destroyForcibly();
    }
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended).as(text).isTrue();
    assertThat(text)
        .contains("first ended with 7")
        .contains("first wrote hello")
        .contains("volume held from the image")
        .contains("volume holds more")
        .contains("address true")
        .contains("survivor is running")
        .contains("survivor ended with 137")
        .contains("left: 0");
    assertThat(process.exitValue()).isZero();
  }
}
