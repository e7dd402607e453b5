package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Images and volumes made to trip whoever starts a container of them. */
@Tag("blackbox")
class HostileImageTest {
  private static final int MOST_DESCRIPTORS = 24;
  private static VolumeStage stage;

  @BeforeAll
  static void start() {
    stage = VolumeStage.open();
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @AfterEach
  void clear() {
    stage.clear();
  }

  private static Path secret() throws IOException {
    Path folder = Files.createDirectories(stage.engine().folder().resolve("of-the-host"));
    return Files.writeString(folder.resolve("secret"), "of the host\n");
  }

  /** What CVE-2024-21626 lived on: a descriptor of the host's tree left open in the container. */
  @Test
  void processesHaveNoDescriptorsButTheirOwn() {
    // The fourth is the listing's own.
    String listing = "ls /proc/self/fd | tr '\\n' ' '";
    assertThat(stage.run(listing).ok().line()).isEqualTo("0 1 2 3");
    stage.keep("cc");
    assertThat(stage.exec("cc", listing).ok().line()).isEqualTo("0 1 2 3");
    assertThat(stage.exec("cc", "ls /proc/1/fd | tr '\\n' ' '").ok().line()).isEqualTo("0 1 2");
  }

  @Test
  void noWorkingDirectoryLeadsOut() throws IOException {
    String path = "../".repeat(12) + secret().toString().substring(1);
    stage.keep("cc");
    for (int descriptor = 3; descriptor < MOST_DESCRIPTORS; descriptor++) {
      String directory = "/proc/self/fd/" + descriptor;
      assertThat(stage.run("cat " + path, "--workdir", directory).text())
          .as("run in " + directory)
          .doesNotContain("of the host");
      assertThat(
              stage.docker("exec", "--workdir", directory, "cc", "sh", "-c", "cat " + path).text())
          .as("exec in " + directory)
          .doesNotContain("of the host");
    }
  }

  /** Devices are made where the image says that /dev is, which must not be on the host. */
  @Test
  void aLinkForDevStaysInside() throws IOException {
    Path trap = Files.createDirectories(stage.engine().folder().resolve("trap"));
    Path tree = Files.createDirectories(stage.engine().folder().resolve("linked"));
    stage.onHost(
        EngineUnderTest.script("busybox-rootfs")
            + " "
            + tree
            + " && rm -rf "
            + tree
            + "/dev && ln -s "
            + trap
            + " "
            + tree
            + "/dev && tar -C "
            + tree
            + " -c . > "
            + tree
            + ".tar");
    stage.docker("import", tree + ".tar", "linked").ok();
    stage.docker("run", "--rm", "linked", "sh", "-c", "true");
    assertThat(stage.onHost("ls -A " + trap)).isEmpty();
    stage.docker("rmi", "linked").ok();
  }

  /** A terminal's device and what hides files of /proc are mounted over what a volume put there. */
  @Test
  void linksInAVolumeAtDevHideNothingOfTheHost() throws IOException {
    Path secret = secret();
    stage.run("ln -s " + secret + " /v/console; ln -s " + secret + " /v/null", "-v", "dev:/v").ok();
    stage.docker("run", "--rm", "--tty", "--volume", "dev:/dev", "busybox", "true");
    assertThat(Files.readString(secret)).isEqualTo("of the host\n");
    assertThat(stage.onHost("grep -c of-the-host /proc/mounts; true")).isEqualTo("0");
  }
}
