package dev.berth.image.registry;

import java.io.IOException;
import java.util.Locale;

/** A registry's refusal. Source: distribution specification, "Error Codes". */
public final class RegistryException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String reason;

  /**
   * @param status of HTTP
   * @param code for instance {@code MANIFEST_UNKNOWN}, or empty
   * @param reason what the registry said
   */
  public RegistryException(int status, String code, String reason) {
    super(text(code, reason));
    this.status = status;
    this.code = code;
    this.reason = reason;
  }

  private static String text(String code, String reason) {
    return code.isEmpty()
        ? reason
        : code.toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + reason;
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }

  /** The code, or empty. */
  public String code() {
    return code;
  }

  /** What the registry said, without the code. */
  public String reason() {
    return reason;
  }

  /** Whether asking once more could help. */
  public boolean isTransient() {
    return status == 429 || status >= 500;
  }
}
