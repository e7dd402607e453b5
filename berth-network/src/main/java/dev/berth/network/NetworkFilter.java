package dev.berth.network;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which networks to list or prune. Within one list any value may match, except labels, all of which
 * must. An empty list does not restrict. The edge has checked which filters are allowed where.
 *
 * @param names regular expressions, found anywhere in the name; an invalid one matches nothing
 * @param ids regular expressions, found anywhere in the id; an invalid one matches nothing
 * @param drivers exact names
 * @param scopes exact scopes
 * @param types {@code builtin} and {@code custom}
 * @param labels {@code key} or {@code key=value}, all required
 * @param withoutLabels {@code key} or {@code key=value}, none allowed
 * @param dangling true: not in use by a container; false: in use; null: either
 * @param createdBefore only older ones, or null
 */
public record NetworkFilter(
    List<String> names,
    List<String> ids,
    List<String> drivers,
    List<String> scopes,
    List<String> types,
    List<String> labels,
    List<String> withoutLabels,
    @Nullable Boolean dangling,
    @Nullable Instant createdBefore) {
  /** Everything. */
  public static final NetworkFilter ALL =
      new NetworkFilter(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null, null);

  /** Copies the lists. */
  public NetworkFilter {
    names = List.copyOf(names);
    ids = List.copyOf(ids);
    drivers = List.copyOf(drivers);
    scopes = List.copyOf(scopes);
    types = List.copyOf(types);
    labels = List.copyOf(labels);
    withoutLabels = List.copyOf(withoutLabels);
  }
}
