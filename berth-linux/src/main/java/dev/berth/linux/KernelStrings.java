package dev.berth.linux;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The kernel's names are bytes; Java's are text. Names are UTF-8, and a byte that is not valid
 * UTF-8 travels as a lone surrogate U+DC80 to U+DCFF, so that any name comes back as it was.
 */
public final class KernelStrings {
  private static final char FIRST_ESCAPE = 0xDC80;
  private static final char LAST_ESCAPE = 0xDCFF;
  private static final int ESCAPE_BASE = 0xDC00;

  private KernelStrings() {}

  /** The kernel's bytes for a name; EINVAL when it holds a NUL. */
  public static byte[] encode(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new LinuxException(Errno.EINVAL, "encode", text.replace('\0', '?'), "NUL in a name");
    }
    for (int i = 0; i < text.length(); i++) {
      if (isEscape(text, i)) {
        return encodeEscaped(text);
      }
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isEscape(String text, int index) {
    char c = text.charAt(index);
    return c >= FIRST_ESCAPE
        && c <= LAST_ESCAPE
        && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
  }

  private static byte[] encodeEscaped(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(text.length() * 3);
    int plainFrom = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isEscape(text, i)) {
        bytes.put(text.substring(plainFrom, i).getBytes(StandardCharsets.UTF_8));
        bytes.put((byte) (text.charAt(i) - ESCAPE_BASE));
        plainFrom = i + 1;
      }
    }
    bytes.put(text.substring(plainFrom).getBytes(StandardCharsets.UTF_8));
    byte[] result = new byte[bytes.position()];
    bytes.flip().get(result);
    return result;
  }

  /** The name that some bytes stand for. */
  public static String decode(byte[] bytes, int offset, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(in)
          .toString();
    } catch (CharacterCodingException malformed) {
      return decodeEscaped(ByteBuffer.wrap(bytes, offset, length));
    }
  }

  private static String decodeEscaped(ByteBuffer in) {
    var decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    CharBuffer out = CharBuffer.allocate(in.remaining());
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isMalformed()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE_BASE + (in.get() & 0xFF)));
      }
      decoder.reset();
    }
  }
}
