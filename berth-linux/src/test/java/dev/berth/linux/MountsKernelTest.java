package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class MountsKernelTest {
  private static MountInfo at(String mountPoint) {
    return Mounts.list().stream()
        .filter(mount -> mount.mountPoint().equals(mountPoint))
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  @Test
  void aBindMountBecomesReadOnlyAndGoes() {
    Isolated.run(() -> {
      Files.createDirectories(Path.of("/mnt/a"));
      Files.createDirectories(Path.of("/mnt/b c"));
      Files.writeString(Path.of("/mnt/a/f"), "x");
      Mounts.bind("/mnt/a", "/mnt/b c", true);
      Mounts.remountReadOnly("/mnt/b c");
      assertThat(at("/mnt/b c").options()).contains("ro");
      assertThat(at("/mnt/b c").root()).isEqualTo("/a");
      LinuxException failure =
          catchThrowableOfType(
              LinuxException.class,
              () -> FileCalls.open("/mnt/b c/new", FileFlags.O_CREAT | FileFlags.O_WRONLY));
      assertThat(failure.errno()).isEqualTo(Errno.EROFS);
      Mounts.umount2("/mnt/b c", 0);
      Mounts.detachIfMounted("/mnt/b c");
      Mounts.detachIfMounted("/mnt/nothing");
      assertThat(Files.list(Path.of("/mnt/b c"))).isEmpty();
    });
  }

  @Test
  void propagationIsSeenInTheTable() {
    Isolated.run(() -> {
      assertThat(at("/mnt").isShared()).isFalse();
      Mounts.propagation("/mnt", MountFlags.MS_SHARED);
      assertThat(at("/mnt").isShared()).isTrue();
    });
  }

  @Test
  void theNewCallsMountATmpfsAndAnOverlay() {
    Isolated.run(() -> {
      for (String name : new String[] {"l1", "l2", "up", "work", "merged", "copy"}) {
        Files.createDirectories(Path.of("/mnt/" + name));
      }
      Files.writeString(Path.of("/mnt/l1/one"), "1");
      Files.writeString(Path.of("/mnt/l2/two"), "2");
      try (FileSystemContext overlay = Mounts.fsopen("overlay")) {
        overlay
            .set("lowerdir+", "/mnt/l1")
            .set("lowerdir+", "/mnt/l2")
            .set("upperdir", "/mnt/up")
            .set("workdir", "/mnt/work");
        try (Fd mount = overlay.mount(MountFlags.MOUNT_ATTR_NOSUID)) {
          Mounts.moveMount(mount, Fd.currentDirectory(), "/mnt/merged");
        }
      }
      assertThat(Path.of("/mnt/merged/one")).hasContent("1");
      assertThat(Path.of("/mnt/merged/two")).hasContent("2");
      assertThat(at("/mnt/merged").type()).isEqualTo("overlay");
      assertThat(at("/mnt/merged").options()).contains("nosuid");
      assertThat(at("/mnt/merged").superOption("upperdir")).hasValue("/mnt/up");
      int clone = MountFlags.OPEN_TREE_CLONE | FileFlags.AT_RECURSIVE;
      try (Fd tree = Mounts.openTree(Fd.currentDirectory(), "/mnt/merged", clone);
          Fd target = FileCalls.open("/mnt/copy", FileFlags.O_PATH)) {
        Mounts.setAttributes(tree, MountFlags.MOUNT_ATTR_RDONLY, 0, MountFlags.MS_PRIVATE, true);
        Mounts.moveMount(tree, target, "");
      }
      assertThat(at("/mnt/copy").options()).contains("ro");
    });
  }

  @Test
  void theKernelsWordsAreInTheException() {
    Isolated.run(() -> {
      try (FileSystemContext context = Mounts.fsopen("tmpfs")) {
        LinuxException failure =
            catchThrowableOfType(LinuxException.class, () -> context.set("nonsense", "1"));
        assertThat(failure)
            .hasMessageStartingWith("fsconfig tmpfs nonsense: invalid argument")
            .hasMessageContaining("Unknown parameter 'nonsense'");
      }
    });
  }
}
