package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** One counter of one device. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BlkioStatEntry(long major, long minor, String op, long value) {}
