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

/** What guides teach to do with volumes: back up, restore, copy, share. */
@Tag("blackbox")
class GuideVolumesTest {
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

  @Test
  void backsUpAndRestoresWithTar() throws IOException {
    Path backups = Files.createDirectories(stage.engine().folder().resolve("backups"));
    stage.run("mkdir /d/sub; echo kept > /d/sub/f; chown 33:50 /d/sub/f", "-v", "data:/d").ok();
    stage.docker("create", "--name", "store", "-v", "data:/dbdata", "busybox").ok();
    stage
        .run(
            "tar -cf /backup/backup.tar -C /dbdata .",
            "--volumes-from",
            "store",
            "-v",
            backups + ":/backup")
        .ok();
    stage.docker("create", "--name", "store2", "-v", "restored:/dbdata", "busybox").ok();
    stage
        .run(
            "cd /dbdata && tar -xf /backup/backup.tar",
            "--volumes-from",
            "store2",
            "-v",
            backups + ":/backup:ro")
        .ok();
    assertThat(stage.run("cat /d/sub/f; stat -c %u:%g /d/sub/f", "-v", "restored:/d").ok().lines())
        .containsExactly("kept", "33:50");
  }

  @Test
  void copiesFromVolumeToVolume() {
    stage.run("echo one > /d/f; ln -s f /d/l", "-v", "from:/d").ok();
    stage.docker("volume", "create", "to").ok();
    stage.run("cp -a /from/. /to/", "-v", "from:/from:ro", "-v", "to:/to").ok();
    assertThat(stage.run("cat /d/l; readlink /d/l", "-v", "to:/d").ok().lines())
        .containsExactly("one", "f");
  }

  @Test
  void sharesDataBetweenRunningContainers() {
    stage.keep("writer", "-v", "shared:/data");
    stage.keep("reader", "--mount", "source=shared,target=/data,readonly");
    stage.exec("writer", "echo hello > /data/greeting").ok();
    assertThat(stage.exec("reader", "cat /data/greeting").ok().line()).isEqualTo("hello");
    assertThat(stage.exec("reader", "rm /data/greeting").exitCode()).isNotZero();
    assertThat(stage.docker("ps", "--filter", "volume=shared", "--format", "{{.Names}}").lines())
        .containsExactlyInAnyOrder("writer", "reader");
    assertThat(stage.docker("volume", "rm", "shared").errors()).contains("volume is in use");
  }

  @Test
  void aNewContainerFindsTheDataOfTheOldOne() {
    stage.keep("old", "-v", "state:/data");
    stage.exec("old", "echo 42 > /data/answer").ok();
    stage.docker("rm", "--force", "old").ok();
    stage.keep("new", "-v", "state:/data");
    assertThat(stage.exec("new", "cat /data/answer").ok().line()).isEqualTo("42");
  }
}
