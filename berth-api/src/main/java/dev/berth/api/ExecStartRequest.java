package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /exec/{id}/start}; the console size is height, then width. */
@EngineJson
public record ExecStartRequest(
    boolean detach, boolean tty, @OmitNull @Nullable List<Integer> consoleSize) {}
