package dev.berth.runtime;

import dev.berth.core.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The log of one container: the newest file, and those that rotation set aside as {@code NAME.1},
 * {@code NAME.2.gz} and so on, from newer to older. Each line of a file is {@code TIME STREAM TAG
 * TEXT} with the tag {@code F} for a whole line and {@code P} for a piece that goes on in the next
 * line of the same stream, as the kubelet and conmon have it.
 */
public final class ContainerLog {
  private static final int MOST_FILES = 1000;

  private final Path newest;

  /**
   * @param newest path of the newest file, as in {@link IoSpec.LogTarget.File}
   */
  public ContainerLog(Path newest) {
    this.newest = newest;
  }

  /**
   * Opens a reader. A container that has written nothing may have no file yet.
   *
   * @param query which lines
   * @param ended completes when no more lines can come; following ends then
   */
  public LogReader read(LogQuery query, CompletionStage<?> ended) {
    try {
      return new RotatedLogReader(this, query, ended);
    } catch (IOException failure) {
      throw EngineException.internal("opening log " + newest + " failed", failure);
    }
  }

  /** Removes all its files. */
  public void remove() {
    try {
      for (Path file : filesOldestFirst()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(newest.resolveSibling(newest.getFileName() + ".tmp"));
    } catch (IOException failure) {
      throw EngineException.internal("removing log " + newest + " failed", failure);
    }
  }

  /** Path of the newest file. */
  public Path newest() {
    return newest;
  }

  /**
   * A file by age.
   *
   * @param index 0 for the newest
   */
  public Path file(int index) {
    return index == 0 ? newest : newest.resolveSibling(newest.getFileName() + "." + index);
  }

  /** The compressed form of a file. */
  public Path compressedFile(int index) {
    return newest.resolveSibling(newest.getFileName() + "." + index + ".gz");
  }

  List<Path> filesOldestFirst() {
    List<Path> files = new ArrayList<>();
    if (Files.exists(newest)) {
      files.add(newest);
    }
    for (int index = 1; index < MOST_FILES; index++) {
      if (Files.exists(file(index))) {
        files.add(file(index));
      } else if (Files.exists(compressedFile(index))) {
        files.add(compressedFile(index));
      } else {
        break;
      }
    }
    return files.reversed();
  }
}
