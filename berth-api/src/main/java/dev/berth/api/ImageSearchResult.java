package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/** One repository of {@code GET /images/search}. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageSearchResult(
    @JsonProperty("star_count") int starCount,
    @JsonProperty("is_official") boolean isOfficial,
    String name,
    @JsonProperty("is_automated") boolean isAutomated,
    String description) {}
