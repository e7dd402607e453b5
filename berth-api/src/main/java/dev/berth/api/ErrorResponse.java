package dev.berth.api;

/** The body of every refused request. */
public record ErrorResponse(String message) {}
