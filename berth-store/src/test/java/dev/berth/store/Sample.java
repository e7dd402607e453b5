package dev.berth.store;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A record with everything that the features store. */
record Sample(
    String name,
    int count,
    @Nullable Instant since,
    @Nullable Duration patience,
    @Nullable Path path,
    byte @Nullable [] bytes,
    List<Shape> shapes,
    Map<String, Integer> sizes,
    Set<Colour> colours,
    @Nullable Map<String, String> labels) {
  static final Table<Sample> TABLE = new Table<>("samples", Sample.class);

  Sample {
    shapes = List.copyOf(shapes);
    sizes = Map.copyOf(sizes);
    colours = Set.copyOf(colours);
  }

  static Sample of(String name, int count) {
    return new Sample(name, count, null, null, null, null, List.of(), Map.of(), Set.of(), null);
  }

  /** Not part of the JSON. */
  public boolean isIdle() {
    return count == 0;
  }

  /** Not part of the JSON. */
  public String getTitle() {
    return "the " + name;
  }

  enum Colour {
    RED,
    BLUE
  }

  sealed interface Shape {
    record Circle(double radius) implements Shape {}

    record Pair(Shape first, Shape second) implements Shape {}
  }
}
