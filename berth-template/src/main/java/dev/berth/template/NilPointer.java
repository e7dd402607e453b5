package dev.berth.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pointer of a known type that points nowhere: it is printed as {@code <nil>} and is false.
 *
 * @param type what it would point to, for messages
 */
public record NilPointer(String type) {
  /** A slice that was never made: empty, and null in JSON. */
  public static final List<Object> SLICE = Collections.unmodifiableList(new ArrayList<>());

  /** A map that was never made: empty, and null in JSON. */
  public static final Map<String, Object> MAP = Collections.unmodifiableMap(new HashMap<>());
}
