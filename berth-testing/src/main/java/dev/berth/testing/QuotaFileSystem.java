package dev.berth.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.ProjectQuotas;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** File systems that count projects, for tests of what is limited in size. */
public final class QuotaFileSystem {
  private static final long IMAGE_BYTES = 320L << 20;
  private static final int DIRECTORY = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;

  private QuotaFileSystem() {}

  /**
   * Mounts a new one in an image file; skips the test where the kernel cannot count projects.
   *
   * @param folder gets the image and the place
   * @param type xfs or ext4
   * @return where it is mounted, in the namespace of the calling thread
   */
  public static Path mount(Path folder, String type) throws IOException {
    Path image = folder.resolve("image");
    Path place = Files.createDirectory(folder.resolve("place"));
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(IMAGE_BYTES);
    }
    if (type.equals("ext4")) {
      HostCommand.run(
          "mkfs.ext4", "-q", "-O", "quota,project", "-E", "quotatype=prjquota", image.toString());
    } else {
      HostCommand.run("mkfs.xfs", "-q", image.toString());
    }
    HostCommand.attempt(
        "mount", "-t", type, "-o", "loop,prjquota", image.toString(), place.toString());
    try (Fd directory = FileCalls.open(place.toString(), DIRECTORY)) {
      assumeTrue(ProjectQuotas.areAvailable(directory), "no project quota in this kernel");
    }
    return place;
  }

  /** The project of a directory, 0 for none. */
  public static int project(Path directory) {
    try (Fd opened = FileCalls.open(directory.toString(), DIRECTORY)) {
      return ProjectQuotas.projectOf(opened);
    }
  }

  /**
   * Writes a file {@code much} as somebody without privileges: on ext4 limits do not hold for
   * whoever has CAP_SYS_RESOURCE, which containers have not.
   *
   * @return what the writing program said
   */
  public static String writeAsNobody(Path directory, int megabytes) {
    Path outer = directory.getParent();
    while (outer != null && outer.getNameCount() > 1) {
      HostCommand.run("chmod", "o+x", outer.toString());
      outer = outer.getParent();
    }
    HostCommand.run("chmod", "777", directory.toString());
    String line = "dd if=/dev/zero of=" + directory + "/much bs=1M count=" + megabytes + " 2>&1";
    return HostCommand.attempt(
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", line)
        .output();
  }
}
