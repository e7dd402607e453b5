package dev.berth.api;

/** One line of the removal of an image: a reference taken away or an image deleted. */
@EngineJson
public record ImageDeleteItem(@OmitEmpty String untagged, @OmitEmpty String deleted) {}
