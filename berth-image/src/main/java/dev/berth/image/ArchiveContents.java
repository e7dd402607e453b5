package dev.berth.image;

import dev.berth.archive.TarEntry;
import dev.berth.archive.TreePaths;
import dev.berth.core.EngineException;
import dev.berth.image.content.LayerRecord;
import dev.berth.image.content.LayerSession;
import dev.berth.image.content.StagedLayer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What was found in an archive of images, by name: documents, layers, and links to them. */
final class ArchiveContents {
  /** How much of a member is looked at to tell what it is. */
  static final int PEEK = 64 * 1024;

  private static final int HEADER = 512;
  private static final int LARGEST_DOCUMENT = 8 << 20;
  private static final int MOST_MEMBERS = 100_000;
  private static final Pattern DIGEST_NAME =
      Pattern.compile("(?:blobs/sha256/)?([0-9a-f]{64})(?:\\.tar)?");

  private final LayerSession session;
  private final ProgressSink progress;
  private final Map<String, byte[]> documents = new HashMap<>();
  private final Map<String, Layer> layers = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();
  private int members;

  /**
   * A layer in the archive.
   *
   * @param diffId of its content
   * @param blobDigest of the member itself
   */
  record Layer(Digest diffId, Digest blobDigest) {}

  ArchiveContents(LayerSession session, ProgressSink progress) {
    this.session = session;
    this.progress = progress;
  }

  void add(TarEntry entry, BufferedInputStream content) throws IOException {
    if (++members > MOST_MEMBERS) {
      throw EngineException.invalid("Error processing tar file: too many members");
    }
    String name = clean(entry.name());
    switch (entry.kind()) {
      case FILE -> file(name, entry, content);
      case SYMBOLIC_LINK -> links.put(name, beside(name, entry.linkName()));
      case HARD_LINK -> links.put(name, clean(entry.linkName()));
      default -> {}
    }
  }

  private void file(String name, TarEntry entry, BufferedInputStream content) throws IOException {
    content.mark(HEADER + 1);
    byte[] start = content.readNBytes(HEADER);
    content.reset();
    if (isDocument(start, entry.sizeBytes())) {
      documents.put(name, content.readAllBytes());
      return;
    }
    Digest named = digestOf(name);
    if (named != null) {
      Optional<LayerRecord> known = session.reuse(named);
      if (known.isPresent()) {
        layers.put(name, new Layer(named, named));
        return;
      }
    }
    String id = (named == null ? Digest.of(start) : named).shortHex();
    StagedLayer staged =
        session.stage(
            new ReportingInputStream(
                content, done -> progress.progress(id, "Loading layer", done, entry.sizeBytes())));
    layers.put(name, new Layer(staged.diffId(), Digest.parse(staged.layer().blobDigest())));
  }

  private static boolean isDocument(byte[] start, long size) {
    if (size > LARGEST_DOCUMENT) {
      return false;
    }
    boolean tar = start.length == HEADER && start[257] == 'u' && start[258] == 's';
    boolean compressed =
        start.length > 1 && ((start[0] & 0xFF) == 0x1F || (start[0] & 0xFF) == 0x28);
    int first = start.length == 0 ? '{' : start[0];
    boolean text = first == '{' || first == '[' || (first >= ' ' && size < HEADER);
    return !tar && !compressed && text;
  }

  private static @Nullable Digest digestOf(String name) {
    Matcher matcher = DIGEST_NAME.matcher(name);
    return matcher.matches() ? Digest.sha256(matcher.group(1)) : null;
  }

  /** A document by name; null when there is none. */
  byte @Nullable [] document(String name) {
    return documents.get(followed(name));
  }

  /** A layer by name; null when there is none. */
  @Nullable Layer layer(String name) {
    return layers.get(followed(name));
  }

  private String followed(String name) {
    String current = clean(name);
    for (int hops = 0; hops < 8 && links.containsKey(current); hops++) {
      current = links.get(current);
    }
    return current;
  }

  private static String beside(String name, String link) {
    int slash = name.lastIndexOf('/');
    return clean(slash < 0 ? link : name.substring(0, slash) + "/" + link);
  }

  private static String clean(String name) {
    return TreePaths.clean(name).substring(1);
  }
}
