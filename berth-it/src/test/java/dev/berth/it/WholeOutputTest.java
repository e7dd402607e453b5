package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every byte arrives, however soon the container ends and however slowly the client reads. */
@Tag("blackbox")
class WholeOutputTest {
  private static final int MEGABYTES = 20;

  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start().withBusybox();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @RepeatedTest(4)
  void ofAContainerThatEndsAtOnce() throws NoSuchAlgorithmException {
    String inside =
        engine.docker("run", "--rm", "busybox", "sha256sum", "/bin/busybox").run().ok().line();
    byte[] out = engine.docker("run", "--rm", "busybox", "cat", "/bin/busybox").run().ok().output();
    assertThat(inside).startsWith(sha256(out));
  }

  @Test
  void ofAnExec() throws NoSuchAlgorithmException {
    engine.docker("run", "-d", "--name", "host", "busybox", "sleep", "600").run().ok();
    String inside = engine.docker("exec", "host", "sha256sum", "/bin/busybox").run().ok().line();
    byte[] out = engine.docker("exec", "host", "cat", "/bin/busybox").run().ok().output();
    assertThat(inside).startsWith(sha256(out));
    engine.docker("rm", "-f", "host").run().ok();
  }

  @Test
  void thereAndBackAgain() throws NoSuchAlgorithmException {
    byte[] bytes = new byte[MEGABYTES << 20];
    new Random(7).nextBytes(bytes);
    byte[] out =
        engine
            .docker("run", "--rm", "-i", "busybox", "cat")
            .input(bytes)
            .within(Duration.ofSeconds(120))
            .run()
            .ok()
            .output();
    assertThat(out).hasSize(bytes.length);
    assertThat(sha256(out)).isEqualTo(sha256(bytes));
  }

  @Test
  void toAClientThatReadsLate() {
    String script =
        "docker --host "
            + engine.host()
            + " run --rm busybox cat /bin/busybox | { sleep 3; wc -c; }";
    String late = engine.onHost("sh", "-c", script).run().ok().line();
    String size =
        engine
            .docker("run", "--rm", "busybox", "stat", "-c", "%s", "/bin/busybox")
            .run()
            .ok()
            .line();
    assertThat(late).isEqualTo(size);
  }
}
