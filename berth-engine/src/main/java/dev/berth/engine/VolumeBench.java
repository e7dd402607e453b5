package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileData;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileSystemStatus;
import dev.berth.linux.LinuxException;
import dev.berth.linux.MountFlags;
import dev.berth.linux.Mounts;
import dev.berth.volume.BlockingCalls;
import dev.berth.volume.OpenVolume;
import dev.berth.volume.PinnedPath;
import dev.berth.volume.TreeRemoval;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures a volume by the distribution's fio, in a folder of its own inside of it. The program
 * gets that folder through a mount of the engine's, so that nobody in a container can lead it
 * elsewhere.
 */
public final class VolumeBench {
  private static final String FOLDER = ".berth-bench";
  private static final int OPEN_FOLDER =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final int NEW_FILE =
      FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_EXCL | FileFlags.O_NOFOLLOW;

  /** Whatever somebody in a container puts into the folder leads nowhere. */
  private static final long RESTRICTIONS =
      MountFlags.MOUNT_ATTR_NOSYMFOLLOW
          | MountFlags.MOUNT_ATTR_NODEV
          | MountFlags.MOUNT_ATTR_NOSUID
          | MountFlags.MOUNT_ATTR_NOEXEC;

  private static final double SMALLEST_SCALE = 0.0001;

  /** Set-up of the files comes before the measured time. */
  private static final int LONGEST_CASE_SECONDS = 1800;

  private final Features features;

  VolumeBench(Features features) {
    this.features = features;
  }

  /** Takes each result as it comes. */
  @FunctionalInterface
  public interface Results {
    /** One more case is measured. */
    void take(Result result) throws IOException;
  }

  /**
   * What a case came to.
   *
   * @param name of the case
   * @param readBytesPerSecond read
   * @param writtenBytesPerSecond written
   * @param readsPerSecond operations; files removed in the case on files
   * @param writesPerSecond operations; files made in the case on files
   * @param meanMicroseconds an operation takes
   * @param slowestMicroseconds that 99 of 100 operations keep below
   * @param note what was different from the plan; else empty
   */
  public record Result(
      String name,
      double readBytesPerSecond,
      double writtenBytesPerSecond,
      double readsPerSecond,
      double writesPerSecond,
      double meanMicroseconds,
      double slowestMicroseconds,
      String note) {}

  /**
   * Runs all cases, one after another; what they make is removed.
   *
   * @param scale 1 for the sizes and times of the guides, less for smaller and shorter ones
   * @throws EngineException NOT_IMPLEMENTED where fio is missing, CONFLICT where there is too
   *     little space or another measurement runs
   */
  public void run(String volume, double scale, Results results) throws IOException {
    if (!(scale >= SMALLEST_SCALE && scale <= 1)) {
      throw EngineException.invalid("invalid scale: a number above 0 and up to 1 is wanted");
    }
    Path fio = program();
    List<BenchCase> cases = BenchCase.ALL.stream().map(one -> one.scaled(scale)).toList();
    try {
      BlockingCalls.run(
          "volume-bench",
          () -> {
            try (OpenVolume opened = features.volumes().open(volume);
                Fd data = FileCalls.open(opened.path(), FileFlags.O_RDONLY)) {
              requireSpace(volume, data, cases);
              run(new Run(volume, fio, cases, results), opened, data);
              return volume;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (LinuxException e) {
      throw EngineException.internal("measuring volume " + volume + ": " + e.getMessage(), e);
    }
  }

  private static Path program() {
    for (String folder : (System.getenv().getOrDefault("PATH", "") + ":/usr/bin").split(":", -1)) {
      Path path = Path.of(folder, "fio");
      if (folder.startsWith("/") && Files.isExecutable(path)) {
        return path;
      }
    }
    throw EngineException.notImplemented(
        "measuring a volume needs the program fio on the engine's host: apt-get install fio");
  }

  private static void requireSpace(String volume, Fd data, List<BenchCase> cases) {
    long needed = cases.stream().mapToLong(BenchCase::neededBytes).max().orElse(0);
    FileSystemStatus status = FileCalls.fstatfs(data);
    long free = status.availableBlocks() * status.blockSize();
    if (free < needed) {
      throw EngineException.conflict(
          "volume %s has %d MB free, and the measurement needs %d MB: choose a smaller scale"
              .formatted(volume, free >> 20, needed >> 20));
    }
  }

  /** What is to be run, and who hears of it. */
  private record Run(String volume, Path fio, List<BenchCase> cases, Results results) {}

  private void run(Run wanted, OpenVolume opened, Fd data) throws IOException {
    try (Fd folder = folder(wanted.volume(), data)) {
      try (PinnedPath pinned = PinnedPath.pin(opened.path(), FOLDER, place(wanted.volume()))) {
        restrict(pinned);
        for (BenchCase one : wanted.cases()) {
          wanted
              .results()
              .take(
                  one.pattern().isEmpty()
                      ? files(one, folder)
                      : fio(one, wanted.fio(), pinned.path()));
          boolean readNext = one.pattern().equals("write");
          if (!readNext) {
            TreeRemoval.empty(folder);
          }
        }
      } finally {
        TreeRemoval.remove(data, FOLDER);
      }
    }
  }

  private static void restrict(PinnedPath pinned) {
    int place = FileFlags.O_PATH | FileFlags.O_DIRECTORY;
    try (Fd mount = FileCalls.open(pinned.path().toString(), place)) {
      Mounts.setAttributes(mount, RESTRICTIONS, 0, 0, false);
    }
  }

  /** Locked while a measurement runs, which tells one from what a crash has left. */
  private static Fd folder(String volume, Fd data) {
    if (FileCalls.statxIfExists(data, FOLDER) != null) {
      try (Fd left = FileCalls.openat(data, FOLDER, OPEN_FOLDER, 0)) {
        FileData.flock(left, FileData.LOCK_EX | FileData.LOCK_NB);
      } catch (LinuxException e) {
        throw EngineException.conflict("volume " + volume + " is being measured already");
      }
      TreeRemoval.remove(data, FOLDER);
    }
    FileCalls.mkdirat(data, FOLDER, 0700);
    Fd folder = FileCalls.openat(data, FOLDER, OPEN_FOLDER, 0);
    FileData.flock(folder, FileData.LOCK_EX | FileData.LOCK_NB);
    return folder;
  }

  /** One a volume, freed of what a crash has left there. */
  private Path place(String volume) throws IOException {
    String name = "bench-" + volume.replaceAll("[^a-zA-Z0-9_.-]", "_");
    Path place = features.settings().execRoot().resolve(name);
    Mounts.detachIfMounted(place.toString());
    Files.deleteIfExists(place);
    return place;
  }

  /** Makes so many empty files, then removes them. */
  private static Result files(BenchCase one, Fd folder) {
    long count = one.sizeBytes();
    long begun = System.nanoTime();
    for (long i = 0; i < count; i++) {
      FileCalls.openat(folder, "file_" + i, NEW_FILE, 0644).close();
    }
    long made = System.nanoTime();
    for (long i = 0; i < count; i++) {
      FileCalls.unlinkat(folder, "file_" + i, 0);
    }
    long removed = System.nanoTime();
    double mean = (removed - begun) / 2000.0 / count;
    return new Result(
        one.name(),
        0,
        0,
        count * 1e9 / (removed - made),
        count * 1e9 / (made - begun),
        mean,
        0,
        "");
  }

  private static Result fio(BenchCase one, Path fio, Path folder) throws IOException {
    Output output = execute(fio, one.arguments(folder.toString()));
    if (output.exitCode() != 0 && one.direct()) {
      Output buffered = execute(fio, one.buffered().arguments(folder.toString()));
      return FioLine.result(one.name(), require(buffered), "no direct I/O here");
    }
    return FioLine.result(one.name(), require(output), "");
  }

  private static String require(Output output) {
    if (output.exitCode() != 0) {
      throw EngineException.internal(
          "fio failed: " + output.text().lines().findFirst().orElse("it says nothing"), null);
    }
    return output.text();
  }

  private record Output(int exitCode, String text) {}

  /** It ends with the thread that started it, so that it does not outlive the engine. */
  private static Output execute(Path fio, List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", fio.toString()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LONGEST_CASE_SECONDS, TimeUnit.SECONDS)) {
        throw EngineException.internal("fio does not come to an end", null);
      }
      return new Output(process.exitValue(), text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EngineException.internal("the measurement was stopped", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
