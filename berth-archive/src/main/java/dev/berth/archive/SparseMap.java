package dev.berth.archive;

import java.util.ArrayList;
import java.util.List;

/** Collects and checks the regions of a sparse file. */
final class SparseMap {
  private static final int MOST_REGIONS = 1 << 20;

  private final List<TarEntry.Region> regions = new ArrayList<>();
  private long end;

  void add(long offset, long length) throws TarFormatException {
    boolean sane =
        offset >= end && length >= 0 && offset + length >= offset && regions.size() < MOST_REGIONS;
    if (!sane) {
      throw new TarFormatException("archive/tar: invalid sparse map");
    }
    end = offset + length;
    if (length > 0) {
      regions.add(new TarEntry.Region(offset, length));
    }
  }

  /** The regions of a file of this size, of which so many bytes are stored. */
  List<TarEntry.Region> finish(long realSize, long storedSize) throws TarFormatException {
    long stored = regions.stream().mapToLong(TarEntry.Region::length).sum();
    if (end > realSize || stored != storedSize) {
      throw new TarFormatException("archive/tar: invalid sparse map");
    }
    return List.copyOf(regions);
  }

  static List<TarEntry.Region> whole(long size) {
    return size == 0 ? List.of() : List.of(new TarEntry.Region(0, size));
  }
}
