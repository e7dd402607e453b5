package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One manifest of an image: what it is for and what of it is here; sizes in bytes. */
@EngineJson
public record ManifestSummary(
    @JsonProperty("ID") String id,
    OciDescriptor descriptor,
    boolean available,
    Size size,
    String kind,
    @OmitNull @Nullable ImageData imageData) {
  /** The documents and packed layers that are kept, and all of it with what is unpacked. */
  @EngineJson
  public record Size(long content, long total) {}

  /** What a manifest of kind {@code image} stands for. */
  @EngineJson
  public record ImageData(OciPlatform platform, Unpacked size, List<String> containers) {}

  /** The layers as they lie unpacked. */
  @EngineJson
  public record Unpacked(long unpacked) {}
}
