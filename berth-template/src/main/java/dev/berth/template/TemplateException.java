package dev.berth.template;

/** A template that cannot be read or executed; the message is the one that Go's package gives. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TemplateException(String message) {
    super(message);
  }

  /** What the user reads. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
