package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A content descriptor of the OCI image specification. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record OciDescriptor(
    String mediaType,
    String digest,
    long size,
    @OmitEmpty @Nullable List<String> urls,
    @OmitEmpty @Nullable Map<String, String> annotations,
    @OmitNull @Nullable OciPlatform platform) {}
