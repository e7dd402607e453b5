package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An OCI runtime. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RuntimeInfo(
    String path,
    @OmitEmpty @Nullable List<String> runtimeArgs,
    @OmitEmpty @Nullable Map<String, String> status) {}
