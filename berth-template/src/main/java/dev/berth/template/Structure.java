package dev.berth.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value with named fields, of which some may take arguments, as methods of Go's do. */
public interface Structure {
  /** Whether there is such a field. */
  boolean has(String name);

  /**
   * The value of a field.
   *
   * @param arguments what the template gives it
   * @throws IllegalArgumentException when the arguments do not fit; the message says why
   */
  @Nullable Object field(String name, List<@Nullable Object> arguments);

  /** All fields' values in order, as they are printed. */
  List<@Nullable Object> values();

  /** The structure as JSON. */
  String json();

  /** The name of its type in messages. */
  String type();
}
