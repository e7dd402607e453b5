package dev.berth.archive;

import dev.berth.linux.KernelStrings;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of one extended header, {@code "length key=value\n"} each. Values stay bytes, since
 * those of extended attributes are not text. Source: POSIX pax interchange format.
 */
final class PaxRecords {
  private static final String XATTR = "SCHILY.xattr.";
  private static final String SPARSE_OFFSET = "GNU.sparse.offset";
  private static final String SPARSE_LENGTH = "GNU.sparse.numbytes";
  private static final int MOST_DIGITS = 9;

  private final Map<String, byte[]> values = new HashMap<>();
  private final Map<String, byte[]> xattrs = new LinkedHashMap<>();
  private final List<String> sparsePairs = new ArrayList<>();

  static PaxRecords parse(byte[] content) throws TarFormatException {
    PaxRecords records = new PaxRecords();
    int at = 0;
    while (at < content.length) {
      at = records.parseOne(content, at);
    }
    return records;
  }

  private int parseOne(byte[] content, int start) throws TarFormatException {
    int at = start;
    int length = 0;
    while (at < content.length && content[at] >= '0' && content[at] <= '9') {
      if (at - start >= MOST_DIGITS) {
        throw broken();
      }
      length = length * 10 + content[at++] - '0';
    }
    int end = start + length;
    if (at == start || at >= content.length || content[at] != ' ' || end > content.length) {
      throw broken();
    }
    int equals = at + 1;
    while (equals < end && content[equals] != '=') {
      equals++;
    }
    if (equals >= end - 1 || content[end - 1] != '\n' || equals == at + 1) {
      throw broken();
    }
    String key = new String(content, at + 1, equals - at - 1, StandardCharsets.UTF_8);
    put(key, Arrays.copyOfRange(content, equals + 1, end - 1));
    return end;
  }

  private void put(String key, byte[] value) {
    if (key.startsWith(XATTR)) {
      xattrs.put(key.substring(XATTR.length()), value);
    } else if (key.equals(SPARSE_OFFSET) || key.equals(SPARSE_LENGTH)) {
      sparsePairs.add(new String(value, StandardCharsets.US_ASCII));
    } else {
      values.put(key, value);
    }
  }

  Map<String, byte[]> xattrs() {
    return xattrs;
  }

  @Nullable String text(String key) throws TarFormatException {
    byte[] value = values.get(key);
    if (value == null || value.length == 0) {
      return null;
    }
    String text = KernelStrings.decode(value, 0, value.length);
    if (text.indexOf('\0') >= 0) {
      throw broken();
    }
    return text;
  }

  long number(String key, long otherwise) throws TarFormatException {
    String text = text(key);
    if (text == null) {
      return otherwise;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw broken();
    }
  }

  Instant time(String key, long otherwiseSeconds) throws TarFormatException {
    String text = text(key);
    if (text == null) {
      return seconds(otherwiseSeconds);
    }
    if (!text.matches("-?[0-9]{1,18}(\\.[0-9]{0,30})?")) {
      throw broken();
    }
    BigDecimal value = new BigDecimal(text.endsWith(".") ? text + "0" : text);
    BigDecimal whole = value.setScale(0, java.math.RoundingMode.FLOOR);
    long nanos = value.subtract(whole).movePointRight(9).longValue();
    return seconds(whole.longValue()).plusNanos(nanos);
  }

  private static Instant seconds(long seconds) {
    long limit = 1L << 40;
    return Instant.ofEpochSecond(Math.clamp(seconds, -limit, limit));
  }

  /** The map of GNU's formats 0.0 and 0.1, or null when the file is not sparse in that way. */
  @Nullable SparseMap sparseMap() throws TarFormatException {
    String joined = text("GNU.sparse.map");
    List<String> numbers = joined == null ? sparsePairs : Arrays.asList(joined.split(",", -1));
    if (joined == null && sparsePairs.isEmpty()) {
      return null;
    }
    if (numbers.size() % 2 != 0) {
      throw broken();
    }
    SparseMap map = new SparseMap();
    try {
      for (int i = 0; i < numbers.size(); i += 2) {
        map.add(Long.parseLong(numbers.get(i)), Long.parseLong(numbers.get(i + 1)));
      }
    } catch (NumberFormatException e) {
      throw broken();
    }
    return map;
  }

  boolean isSparseOne() throws TarFormatException {
    return "1".equals(text("GNU.sparse.major")) && "0".equals(text("GNU.sparse.minor"));
  }

  private static TarFormatException broken() {
    return new TarFormatException("archive/tar: invalid tar header");
  }
}
