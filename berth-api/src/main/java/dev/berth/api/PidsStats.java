package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.math.BigInteger;

/** Processes of a container; the limit is left out where there is none. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PidsStats(@OmitEmpty long current, @OmitEmpty BigInteger limit) {}
