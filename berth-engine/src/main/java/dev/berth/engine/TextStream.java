package dev.berth.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Hands on what is written as text; a letter that is not whole yet waits for its rest. */
final class TextStream extends OutputStream {
  private static final int LONGEST_LETTER = 4;

  private final Consumer<String> taker;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final ByteBuffer rest = ByteBuffer.allocate(LONGEST_LETTER);

  TextStream(Consumer<String> taker) {
    this.taker = taker;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    rest.flip();
    ByteBuffer bytes = ByteBuffer.allocate(rest.remaining() + length);
    bytes.put(rest).put(source, offset, length).flip();
    rest.clear();
    CharBuffer text = CharBuffer.allocate(bytes.remaining());
    decoder.decode(bytes, text, false);
    rest.put(bytes);
    hand(text);
  }

  private void hand(CharBuffer text) throws IOException {
    text.flip();
    if (!text.isEmpty()) {
      try {
        taker.accept(text.toString());
      } catch (java.io.UncheckedIOException gone) {
        throw new IOException(gone);
      }
    }
  }
}
