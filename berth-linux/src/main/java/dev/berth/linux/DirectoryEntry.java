package dev.berth.linux;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One name in a directory.
 *
 * @param name the name; never {@code .} or {@code ..}
 * @param inode the inode's number
 * @param kind one of the {@code S_IF} constants, or 0 where the file system does not tell
 * @see <a href="https://man7.org/linux/man-pages/man2/getdents.2.html">getdents64(2)</a>
 */
public record DirectoryEntry(String name, long inode, int kind) {
  private static final int NAME_OFFSET = 19;
  private static final int KIND_SHIFT = 12;

  static void decode(ByteBuffer entries, int length, List<DirectoryEntry> into) {
    byte[] bytes = new byte[length];
    entries.get(0, bytes);
    for (int at = 0; at < length; at += entries.getShort(at + 16) & 0xFFFF) {
      int end = at + NAME_OFFSET;
      while (bytes[end] != 0) {
        end++;
      }
      String name = KernelStrings.decode(bytes, at + NAME_OFFSET, end - at - NAME_OFFSET);
      if (!name.equals(".") && !name.equals("..")) {
        int kind = (entries.get(at + 18) & 0xFF) << KIND_SHIFT;
        into.add(new DirectoryEntry(name, entries.getLong(at), kind));
      }
    }
  }
}
