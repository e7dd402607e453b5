package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answer of {@code GET /info}. On the wire one flat object, here grouped. */
@EngineJson
public record SystemInfo(
    @JsonProperty("ID") String id,
    @JsonUnwrapped InfoCounts counts,
    @JsonUnwrapped InfoLimits limits,
    @JsonUnwrapped InfoHost host,
    @JsonUnwrapped InfoEngine engine,
    @JsonUnwrapped @Nullable BridgeFilterInfo bridgeFilter,
    @Nullable List<String> warnings) {}
