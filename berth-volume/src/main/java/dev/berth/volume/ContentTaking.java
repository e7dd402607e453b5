package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.linux.Fd;
import dev.berth.linux.LinuxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Takes the content of a volume while its users are held as still as was asked for. */
final class ContentTaking {
  private static final Duration LONGEST_FREEZE = Duration.ofMinutes(5);
  private static final long REPORTED_BYTES = 8L << 20;

  private final ObjectParts parts;

  ContentTaking(ObjectParts parts) {
    this.parts = parts;
  }

  /** What is done with the content. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** Does the work while the users are still. */
  void still(String volume, Fd data, Stillness stillness, Work work) throws IOException {
    switch (stillness.consistency()) {
      case NONE -> work.run();
      case PAUSE -> {
        try (Stillness.Held _ = stillness.users().hold(volume)) {
          work.run();
        }
      }
      case FREEZE -> frozen(volume, data, work);
    }
  }

  /** The intent lets a restart thaw what a crash left frozen. */
  private void frozen(String volume, Fd data, Work work) throws IOException {
    String stage = parts.stage();
    String path = parts.lookup().find(volume).mountpoint();
    parts.begin(new VolumeIntent(stage, VolumeIntent.Kind.FREEZE, volume, path));
    try (Fd engine = parts.folders().all();
        FrozenFileSystem frozen = FrozenFileSystem.freeze(volume, data, engine, LONGEST_FREEZE)) {
      work.run();
      frozen.requireStill();
    } finally {
      parts.end(stage);
    }
  }

  /**
   * Copies the content.
   *
   * @param place where the copy comes to lie, as {@link VolumeFolders#DATA}
   */
  DataFolder.Method copy(
      String volume, Fd data, Fd place, Stillness stillness, VolumeProgress progress) {
    try {
      DataFolder.Method method = DataFolder.method(data, place);
      long total = method == DataFolder.Method.COPY ? VolumeSize.measure(data) : 0;
      progress.report("Copying", 0, total);
      Meter meter = new Meter(progress, total);
      still(
          volume,
          data,
          stillness,
          () -> DataFolder.copy(data, place, VolumeFolders.DATA, method, meter));
      return method;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    } catch (LinuxException e) {
      throw EngineException.internal("copy of volume " + volume + ": " + e.getMessage(), e);
    }
  }

  /** Passes on every so many bytes. */
  private static final class Meter implements CopyObserver {
    private final VolumeProgress progress;
    private final long total;
    private long done;
    private long reported;

    Meter(VolumeProgress progress, long total) {
      this.progress = progress;
      this.total = total;
    }

    @Override
    public void copied(long bytes) {
      done += bytes;
      if (done - reported >= REPORTED_BYTES) {
        reported = done;
        progress.report("Copying", done, Math.max(done, total));
      }
    }
  }
}
