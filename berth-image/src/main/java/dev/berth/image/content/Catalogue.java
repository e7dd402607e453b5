package dev.berth.image.content;

import dev.berth.core.EngineException;
import dev.berth.image.Digest;
import dev.berth.image.ImageDocument;
import dev.berth.image.Reference;
import dev.berth.store.ReadTransaction;
import dev.berth.store.WriteTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Which images there are and what they are called; works on a transaction of the caller's. */
public final class Catalogue {
  private static final Pattern ID_PREFIX = Pattern.compile("(?:sha256:)?([0-9a-f]{1,64})");

  private final Map<String, ImageDocument> documents = new ConcurrentHashMap<>();

  /** The configuration of an image. */
  public ImageDocument document(String id, ImageRecord image) {
    return documents.computeIfAbsent(
        id, ignored -> ConfigurationCodec.parse(image.configuration()));
  }

  /** Forgets what it knows of an image that was removed. */
  public void forget(Digest id) {
    documents.remove(id.toString());
  }

  /**
   * Finds an image's id by name, id, start of an id, or digest.
   *
   * @throws EngineException of kind NOT_FOUND in Docker's words, or INVALID for what is no
   *     reference
   */
  public Digest find(ReadTransaction transaction, String name) {
    if (Reference.isIdentifier(name)) {
      Digest id = name.indexOf(':') < 0 ? Digest.sha256(name) : Digest.parse(name);
      if (transaction.find(ImageTables.IMAGES, id.toString()).isPresent()) {
        return id;
      }
      throw missing(id.toString());
    }
    Reference reference = Reference.parse(name);
    Optional<Digest> named = byReference(transaction, reference);
    if (named.isPresent()) {
      return named.get();
    }
    return byPrefix(transaction, name)
        .orElseThrow(() -> missing(reference.withDefaultTag().familiar()));
  }

  /** The error for an image that is not here. */
  public static EngineException missing(String familiar) {
    return EngineException.notFound("No such image: " + familiar);
  }

  /** The image a reference names. */
  public Optional<Digest> byReference(ReadTransaction transaction, Reference reference) {
    Reference whole = reference.withDefaultTag();
    Digest digest = whole.digest();
    if (digest != null) {
      // With both a tag and a digest the digest decides, as in Docker.
      return transaction
          .find(ImageTables.REFERENCES, whole.withDigest(digest).toString())
          .map(record -> Digest.parse(record.image()));
    }
    return transaction
        .find(ImageTables.REFERENCES, whole.toString())
        .map(record -> Digest.parse(record.image()));
  }

  private static Optional<Digest> byPrefix(ReadTransaction transaction, String name) {
    var matcher = ID_PREFIX.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String prefix = "sha256:" + matcher.group(1);
    String found = null;
    for (String id : transaction.all(ImageTables.IMAGES).keySet()) {
      if (id.startsWith(prefix)) {
        if (found != null) {
          return Optional.empty();
        }
        found = id;
      }
    }
    return Optional.ofNullable(found).map(Digest::parse);
  }

  /** Whether what a client called an image is its id or the start of it. */
  public static boolean isIdPrefix(Digest id, String name) {
    return !name.isEmpty() && (id.hex().startsWith(name) || id.toString().startsWith(name));
  }

  /** All names of an image, sorted. */
  public List<Reference> references(ReadTransaction transaction, Digest id) {
    List<Reference> references = new ArrayList<>();
    String wanted = id.toString();
    transaction
        .all(ImageTables.REFERENCES)
        .forEach((name, record) -> {
          if (record.image().equals(wanted)) {
            references.add(Reference.parse(name));
          }
        });
    return references;
  }

  /** The images that were made from an image here. */
  public List<Digest> children(ReadTransaction transaction, Digest id) {
    List<Digest> children = new ArrayList<>();
    transaction
        .all(ImageTables.IMAGES)
        .forEach((childId, child) -> {
          if (id.toString().equals(child.parent())) {
            children.add(Digest.parse(childId));
          }
        });
    return children;
  }

  /** Points a name to an image, taking it from another. */
  public void name(WriteTransaction transaction, Reference reference, Digest id, Instant now) {
    transaction.put(
        ImageTables.REFERENCES, reference.toString(), new ReferenceRecord(id.toString()));
    if (reference.tag() != null) {
      transaction
          .find(ImageTables.IMAGES, id.toString())
          .ifPresent(
              image -> transaction.put(ImageTables.IMAGES, id.toString(), image.taggedAt(now)));
    }
  }

  /** The size of an image's layers, unpacked. */
  public static long size(ReadTransaction transaction, List<Digest> diffIds) {
    long size = 0;
    for (Digest diffId : diffIds) {
      size +=
          transaction
              .find(ImageTables.LAYERS, diffId.toString())
              .map(LayerRecord::sizeBytes)
              .orElse(0L);
    }
    return size;
  }
}
