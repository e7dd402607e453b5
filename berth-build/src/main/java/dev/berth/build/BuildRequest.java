package dev.berth.build;

import dev.berth.image.Platform;
import dev.berth.image.Reference;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of a build, without what its containers may use.
 *
 * @param dockerfile its path in the context
 * @param remote an address that the context is fetched from; empty for what the client sends
 * @param arguments values of build arguments; a null value counts as not given
 * @param labels of the image
 * @param names to give it
 * @param target the last stage to build; empty for the last there is
 * @param platform of the base images, or null for the engine's
 * @param cache whether earlier steps are used again
 * @param pull whether base images are pulled even where they are here
 * @param containers what becomes of intermediate containers
 */
public record BuildRequest(
    String dockerfile,
    String remote,
    Map<String, @Nullable String> arguments,
    Map<String, String> labels,
    List<Reference> names,
    String target,
    @Nullable Platform platform,
    boolean cache,
    boolean pull,
    Keeping containers) {

  /** What becomes of intermediate containers. */
  public enum Keeping {
    /** All stay. */
    ALL,
    /** Those of a step that failed stay. */
    FAILED,
    /** None stays. */
    NONE
  }
}
