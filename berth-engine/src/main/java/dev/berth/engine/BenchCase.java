package dev.berth.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * One case of the benchmark that guides run on a volume, as arguments of fio.
 *
 * @param name for the table
 * @param pattern fio's readwrite word; empty for making and removing files
 * @param readPercent of a mix; 0 where it is none
 * @param blockBytes of one operation
 * @param sizeBytes of each job's file
 * @param jobs at once
 * @param depth operations each job has under way
 * @param seconds at most
 * @param direct whether the page cache is passed by
 */
record BenchCase(
    String name,
    String pattern,
    int readPercent,
    int blockBytes,
    long sizeBytes,
    int jobs,
    int depth,
    int seconds,
    boolean direct) {
  private static final long MEBI = 1L << 20;
  private static final int KIBI = 1 << 10;

  /** The seven cases of the guides, with the sizes they give. */
  static final List<BenchCase> ALL =
      List.of(
          new BenchCase("sequential write", "write", 0, (int) MEBI, 1024 * MEBI, 1, 1, 0, false),
          new BenchCase("sequential read", "read", 0, (int) MEBI, 1024 * MEBI, 1, 1, 0, false),
          new BenchCase("random mix", "randrw", 70, 4 * KIBI, 1024 * MEBI, 4, 1, 60, true),
          new BenchCase("database", "randrw", 80, 8 * KIBI, 2048 * MEBI, 8, 32, 60, true),
          new BenchCase("files made, removed", "", 0, 0, 10_000, 1, 1, 0, false),
          new BenchCase("small writes", "randwrite", 0, 4 * KIBI, 100 * MEBI, 16, 1, 30, true),
          new BenchCase("latency", "randread", 0, 4 * KIBI, 1024 * MEBI, 1, 1, 30, true));

  /** Smaller and shorter by a factor of at most 1. */
  BenchCase scaled(double factor) {
    long least = pattern.isEmpty() ? 100 : MEBI;
    long size = Math.max(least, (long) (sizeBytes * factor));
    return new BenchCase(
        name,
        pattern,
        readPercent,
        blockBytes,
        pattern.isEmpty() ? size : size / MEBI * MEBI,
        jobs,
        depth,
        seconds == 0 ? 0 : Math.max(1, (int) (seconds * factor)),
        direct);
  }

  /** The space that its files take. */
  long neededBytes() {
    return pattern.isEmpty() ? 0 : sizeBytes * jobs;
  }

  BenchCase buffered() {
    return new BenchCase(
        name, pattern, readPercent, blockBytes, sizeBytes, jobs, depth, seconds, false);
  }

  /** What fio is told. */
  List<String> arguments(String folder) {
    List<String> words = new ArrayList<>();
    words.add("--name=" + name.replace(' ', '-').replace(",", ""));
    words.add("--directory=" + folder);
    words.add("--rw=" + pattern);
    words.add("--bs=" + blockBytes);
    words.add("--size=" + sizeBytes);
    words.add("--numjobs=" + jobs);
    words.add("--ioengine=" + (direct ? "libaio" : "psync"));
    words.add("--direct=" + (direct ? 1 : 0));
    words.add("--iodepth=" + depth);
    words.add("--group_reporting");
    words.add("--output-format=terse");
    words.add("--terse-version=3");
    if (readPercent > 0) {
      words.add("--rwmixread=" + readPercent);
    }
    if (seconds > 0) {
      words.add("--runtime=" + seconds);
    }
    if (pattern.equals("write")) {
      words.add("--end_fsync=1");
    }
    return words;
  }
}
