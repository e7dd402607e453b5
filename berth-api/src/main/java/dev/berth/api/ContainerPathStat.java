package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** A path inside a container; travels in base64 in a header. The mode has Go's bits. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContainerPathStat(
    String name, long size, long mode, String mtime, String linkTarget) {}
