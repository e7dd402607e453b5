package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes on file systems in image files and on block devices. */
class DiskCases {
  private static Scene scene;

  @BeforeAll
  static void start() {
    scene = GuestHost.shared().scene();
  }

  private static Path image(String type) {
    Path image = scene.engine().folder().resolve(type + ".img");
    scene
        .host("rm -f %1$s && truncate -s 320M %1$s && mkfs.%2$s -q %1$s".formatted(image, type))
        .ok();
    return image;
  }

  private static void volume(String name, String type, String device, String options) {
    scene
        .docker(
            "volume",
            "create",
            "-o",
            "type=" + type,
            "-o",
            "device=" + device,
            "-o",
            "o=" + options,
            name)
        .ok();
  }

  private static Command.Result run(String volume, String line) {
    return scene.docker("run", "--rm", "-v", volume + ":/d", "busybox", "sh", "-c", line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs"})
  @DisplayName("an image file keeps what is written and gives its loop device back")
  void imageFile(String type) {
    Path image = image(type);
    volume("disk", type, image.toString(), "loop,noatime");
    assertThat(run("disk", "echo x > /d/f; grep ' /d ' /proc/mounts").ok().line())
        .contains(" /d " + type + " ")
        .contains("noatime");
    assertThat(run("disk", "cat /d/f").ok().line()).isEqualTo("x");
    assertThat(scene.host("losetup -a").text()).doesNotContain(image.toString());
    scene.docker("volume", "rm", "disk").ok();
    assertThat(image).exists();
  }

  @Test
  @DisplayName("a block device, and one that holds no such file system")
  void blockDevice() {
    Path image = image("xfs");
    String device = scene.host("losetup --find --show " + image).ok().line();
    try {
      volume("disk", "xfs", device, "ro,norecovery");
      assertThat(run("disk", "echo x > /d/f").errors()).contains("Read-only file system");
      volume("wrong", "btrfs", device, "rw");
      assertThat(run("wrong", "true").errors())
          .contains("failed to mount local volume: mount " + device + ":")
          .contains("invalid argument");
    } finally {
      scene.docker("volume", "rm", "disk", "wrong");
      scene.host("losetup -d " + device);
    }
  }
}
