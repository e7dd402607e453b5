package dev.berth.image;

import dev.berth.archive.Compression;
import dev.berth.archive.TarEntry;
import dev.berth.archive.TarReader;
import dev.berth.core.EngineException;
import dev.berth.image.content.LayerSession;
import dev.berth.linux.LinuxException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes in archives of images. The archive is read once, as it comes: members that are layers are
 * unpacked at once, since their manifest often stands at the end; small documents are kept in
 * memory until then. Only when everything fits together is anything put into the store.
 */
final class ImageLoader {
  private final ImageStorage storage;
  private final ImageAdder adder;
  private final ImageEvents events;

  ImageLoader(ImageStorage storage, ImageAdder adder, ImageEvents events) {
    this.storage = storage;
    this.adder = adder;
    this.events = events;
  }

  List<Image> load(
      InputStream archive, @Nullable Platform platform, boolean quiet, ProgressSink progress) {
    try (LayerSession session = storage.session()) {
      ArchiveContents contents =
          new ArchiveContents(session, quiet ? ProgressSink.ignoring() : progress);
      read(archive, contents);
      List<ImageAdder.Addition> additions =
          new ArchiveImages(contents, session, platform).additions();
      ImageAdder.Added added = adder.add(session, additions);
      added.lost().forEach((name, id) -> progress.stream(renamed(name, id)));
      report(additions, added.images(), progress);
      return added.images();
    } catch (IOException e) {
      throw new EngineException(
          dev.berth.core.ErrorKind.INVALID,
          "Error processing tar file: " + String.valueOf(e.getMessage()),
          e);
    } catch (LinuxException e) {
      throw EngineException.internal("Error processing tar file: " + e.getMessage(), e);
    }
  }

  private static void read(InputStream archive, ArchiveContents contents) throws IOException {
    InputStream plain = Compression.openDetected(archive);
    TarReader tar = new TarReader(plain);
    for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
      contents.add(entry, new BufferedInputStream(new TarContent(tar), ArchiveContents.PEEK));
    }
  }

  private static String renamed(Reference name, Digest before) {
    return "The image "
        + name.familiar()
        + " already exists, renaming the old one with ID "
        + before
        + " to empty string\n";
  }

  private void report(
      List<ImageAdder.Addition> additions, List<Image> images, ProgressSink progress) {
    for (int i = 0; i < additions.size(); i++) {
      Image image = images.get(i);
      List<Reference> names = additions.get(i).names();
      events.of("load", image.id(), image.config().labels());
      for (Reference name : names) {
        progress.stream("Loaded image: " + name.familiar() + "\n");
      }
      if (names.isEmpty()) {
        progress.stream("Loaded image ID: " + image.id() + "\n");
      }
    }
  }

  /** The content of the member that a reader stands at, as a stream. */
  static final class TarContent extends InputStream {
    private final TarReader tar;

    TarContent(TarReader tar) {
      this.tar = tar;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return tar.read(into, offset, length);
    }
  }
}
