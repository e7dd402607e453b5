package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which registries the engine trusts without TLS, and its mirrors. */
@EngineJson
public record RegistryServiceConfig(
    @JsonUnwrapped @Nullable NondistributableArtifacts nondistributable,
    @JsonProperty("InsecureRegistryCIDRs") List<String> insecureRegistryCidrs,
    Map<String, IndexInfo> indexConfigs,
    @Nullable List<String> mirrors) {}
