package dev.berth.archive;

import static dev.berth.archive.HandMade.TIME;
import static dev.berth.archive.HandMade.bytes;
import static dev.berth.archive.HandMade.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

/** The reader and the writer against each other and against another implementation. */
final class TarTest {
  private static final TarEntry ODD =
      new TarEntry(
          TarEntry.Kind.FILE,
          "é/" + "long".repeat(60),
          "",
          04755,
          3_000_000,
          -2,
          3,
          Instant.parse("1960-01-01T00:00:00Z"),
          0,
          0,
          Map.of("user.binary", new byte[] {0, (byte) 0xFF, '\n', '='}),
          List.of(new TarEntry.Region(0, 3)));

  private static TarReader read(byte[] archive) {
    return new TarReader(new ByteArrayInputStream(archive));
  }

  @Test
  void readsWhatItWrites() throws IOException {
    byte[] archive =
        tar(out -> {
          out.begin(ODD);
          out.write(bytes("abc"), 0, 3);
          out.directory("d/", TIME);
        });
    TarReader reader = read(archive);
    TarEntry entry = reader.next();

    assertThat(entry).isNotNull();
    assertThat(entry).usingRecursiveComparison().isEqualTo(ODD);
    byte[] content = new byte[10];
    assertThat(reader.read(content, 0, 10)).isEqualTo(3);
    assertThat(reader.read(content, 0, 10)).isEqualTo(-1);
    assertThat(reader.next())
        .isNotNull()
        .extracting(TarEntry::kind)
        .isEqualTo(TarEntry.Kind.DIRECTORY);
    assertThat(reader.next()).isNull();
  }

  @Test
  void writesWhatOthersRead() throws IOException {
    byte[] archive =
        tar(out -> {
          out.begin(ODD);
          out.write(bytes("abc"), 0, 3);
        });
    try (TarArchiveInputStream other =
        new TarArchiveInputStream(new ByteArrayInputStream(archive), "UTF-8")) {
      TarArchiveEntry entry = other.getNextEntry();
      assertThat(entry.getName()).isEqualTo(ODD.name());
      assertThat(entry.getLongUserId()).isEqualTo(3_000_000);
      assertThat(entry.getLongGroupId()).isEqualTo(4294967294L);
      assertThat(entry.getMode() & 07777).isEqualTo(04755);
      assertThat(other.readAllBytes()).isEqualTo(bytes("abc"));
      assertThat(other.getNextEntry()).isNull();
    }
  }

  @Test
  void readsASparseFileOfFormatOne() throws IOException {
    byte[] map = Arrays.copyOf(bytes("2\n1000\n4\n9000\n2\n"), 512);
    byte[] stored = new byte[512 + 6];
    System.arraycopy(map, 0, stored, 0, 512);
    System.arraycopy(bytes("abcdef"), 0, stored, 512, 6);
    byte[] archive =
        tar(out -> {
          byte[] pax =
              bytes(
                  "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n25 GNU.sparse.name=holes\n29 GNU.sparse.realsize=10000\n");
          out.file("pax", pax, TIME);
          out.file("GNUSparseFile.0/holes", stored, TIME);
        });
    makeExtended(archive);
    TarReader reader = read(archive);
    TarEntry entry = reader.next();

    assertThat(entry).isNotNull();
    assertThat(entry.name()).isEqualTo("holes");
    assertThat(entry.sizeBytes()).isEqualTo(10000);
    assertThat(entry.regions())
        .containsExactly(new TarEntry.Region(1000, 4), new TarEntry.Region(9000, 2));
    byte[] content = new byte[10];
    assertThat(reader.read(content, 0, 10)).isEqualTo(6);
    assertThat(new String(content, 0, 6, StandardCharsets.US_ASCII)).isEqualTo("abcdef");
  }

  /** Turns the first member into a pax header: the type, and the sum over the block. */
  private static void makeExtended(byte[] archive) {
    archive[156] = 'x';
    Arrays.fill(archive, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += archive[i] & 0xFF;
    }
    byte[] digits = bytes(String.format("%06o\0 ", sum));
    System.arraycopy(digits, 0, archive, 148, 8);
  }

  @Test
  void refusesBrokenHeaders() {
    byte[] good = tar(out -> out.file("a", bytes("abc"), TIME));
    byte[] flipped = good.clone();
    flipped[0] ^= 1;
    assertThatThrownBy(() -> read(flipped).next())
        .isInstanceOf(TarFormatException.class)
        .hasMessage("archive/tar: invalid tar header");
    assertThatThrownBy(() -> read(Arrays.copyOf(good, 100)).next()).hasMessage("unexpected EOF");
    TarReader cut = read(Arrays.copyOf(good, 513));
    assertThatThrownBy(
            () -> {
              while (cut.next() != null) {
                continue;
              }
            })
        .hasMessage("unexpected EOF");
  }

  @Test
  void refusesBrokenExtensions() {
    for (String records :
        List.of(
            "5 a=b\n", "99 a=b\n", "x a=b\n", "6 =bb\n", "99999999999999 a=b\n", "7 size=\n3")) {
      byte[] archive =
          tar(out -> {
            out.file("pax", bytes(records), TIME);
            out.file("a", new byte[0], TIME);
          });
      makeExtended(archive);
      assertThatThrownBy(() -> read(archive).next())
          .as(records)
          .isInstanceOf(TarFormatException.class);
    }
  }
}
