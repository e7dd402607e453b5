package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of {@link RegistryServiceConfig} that went with version 1.47; always null. */
@EngineJson
public record NondistributableArtifacts(
    @JsonProperty("AllowNondistributableArtifactsCIDRs") @Nullable List<String> cidrs,
    @JsonProperty("AllowNondistributableArtifactsHostnames") @Nullable List<String> hostnames) {}
