package dev.berth.api;

/**
 * The fields of {@link ImageConfig} that belong to containers alone: always empty, and gone with
 * version 1.50.
 */
@EngineJson
public record ImageConfigLegacy(
    String hostname,
    String domainname,
    boolean attachStdin,
    boolean attachStdout,
    boolean attachStderr,
    boolean tty,
    boolean openStdin,
    boolean stdinOnce,
    String image) {
  /** As every image has them. */
  public static final ImageConfigLegacy EMPTY =
      new ImageConfigLegacy("", "", false, false, false, false, false, false, "");
}
