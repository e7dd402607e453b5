package dev.berth.image;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.image.content.Catalogue;
import dev.berth.image.content.ChainIds;
import dev.berth.image.content.ImageRecord;
import dev.berth.image.content.ImageTables;
import dev.berth.store.ReadTransaction;
import dev.berth.store.WriteTransaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Removes images and names under Docker's rules. The plan of one removal is made and carried out
 * within one transaction; the users of images are asked before it, layers are deleted after it.
 */
final class ImageRemover {
  private final ImageStorage storage;
  private final ImageUsers users;
  private final ImageEvents events;

  ImageRemover(ImageStorage storage, ImageUsers users, ImageEvents events) {
    this.storage = storage;
    this.users = users;
    this.events = events;
  }

  private record Happened(String action, Digest id, Map<String, String> labels) {}

  /** What one removal needs to carry along. */
  private final class Removal {
    private final WriteTransaction transaction;
    private final Map<Digest, List<ImageUsers.User>> usersById;
    private final List<ImageRemoval> removals = new ArrayList<>();
    private final List<Happened> happened = new ArrayList<>();

    Removal(WriteTransaction transaction, Map<Digest, List<ImageUsers.User>> usersById) {
      this.transaction = transaction;
      this.usersById = usersById;
    }

    private List<ImageUsers.User> usersOf(Digest id) {
      return usersById.getOrDefault(id, List.of());
    }

    void remove(String name, boolean force, boolean pruneParents) {
      Digest id = storage.catalogue().find(transaction, name);
      List<Reference> references = storage.catalogue().references(transaction, id);
      boolean byName = !Catalogue.isIdPrefix(id, name);
      if (byName) {
        if (!force && isSingle(references)) {
          refuseUsedName(name, id);
        }
        untagNamed(Reference.parseTagged(name), id);
        if (!storage.catalogue().references(transaction, id).isEmpty()) {
          return;
        }
      } else if (isSingle(references)) {
        conflict(id, true, !force, false)
            .ifPresent(found -> {
              throw EngineException.conflict(found.message);
            });
        references.forEach(reference -> untag(reference, id));
      }
      delete(id, force, pruneParents, byName);
    }

    private void refuseUsedName(String name, Digest id) {
      usersOf(id).stream()
          .findFirst()
          .ifPresent(user -> {
            throw EngineException.conflict(
                "conflict: unable to remove repository reference \""
                    + name
                    + "\" (must force) - container "
                    + Ids.shortId(user.containerId())
                    + " is using its referenced image "
                    + id.shortHex());
          });
    }

    /** Removes a name; when it was the repository's last tag, its digests go too. */
    private void untagNamed(Reference reference, Digest id) {
      Reference stored = reference.digest() == null ? reference : digestOnly(reference);
      untag(stored, id);
      if (stored.digest() != null) {
        return;
      }
      List<Reference> same =
          storage.catalogue().references(transaction, id).stream()
              .filter(other -> other.name().equals(stored.name()))
              .toList();
      if (same.stream().allMatch(other -> other.tag() == null)) {
        for (Reference digest : same) {
          transaction.remove(ImageTables.REFERENCES, digest.toString());
          removals.add(new ImageRemoval.Untagged(digest.familiar()));
        }
      }
    }

    private void untag(Reference reference, Digest id) {
      transaction.remove(ImageTables.REFERENCES, reference.toString());
      removals.add(new ImageRemoval.Untagged(reference.familiar()));
      happened.add(new Happened("untag", id, labels(id)));
    }

    private Map<String, String> labels(Digest id) {
      return record(id)
          .map(image -> storage.catalogue().document(id.toString(), image).config().labels())
          .orElse(Map.of());
    }

    private Optional<ImageRecord> record(Digest id) {
      return transaction.find(ImageTables.IMAGES, id.toString());
    }

    private void delete(Digest id, boolean force, boolean pruneParents, boolean quiet) {
      Optional<Conflict> conflict = conflict(id, true, !force, true);
      if (conflict.isPresent()) {
        boolean dangling =
            storage.catalogue().references(transaction, id).isEmpty()
                && storage.catalogue().children(transaction, id).isEmpty();
        if (quiet && (!dangling || conflict.get().used)) {
          return;
        }
        throw EngineException.conflict(conflict.get().message);
      }
      ImageRecord image = record(id).orElseThrow(() -> Catalogue.missing(id.toString()));
      for (Reference reference : storage.catalogue().references(transaction, id)) {
        untag(reference, id);
      }
      happened.add(new Happened("delete", id, labels(id)));
      transaction.remove(ImageTables.IMAGES, id.toString());
      removals.add(new ImageRemoval.Deleted(id, 0));
      addRemovedLayers(image);
      String parent = image.parent();
      if (pruneParents && parent != null && record(Digest.parse(parent)).isPresent()) {
        delete(Digest.parse(parent), false, true, true);
      }
    }

    /** Names the layers, by chain id, that now belong to no image. */
    private void addRemovedLayers(ImageRecord image) {
      List<Digest> diffIds = image.diffIds().stream().map(Digest::parse).toList();
      List<Digest> chain = ChainIds.of(diffIds);
      for (int depth = diffIds.size(); depth > 0; depth--) {
        List<String> below = image.diffIds().subList(0, depth);
        if (isUsed(below)) {
          return;
        }
        long size = Catalogue.size(transaction, List.of(diffIds.get(depth - 1)));
        removals.add(new ImageRemoval.Deleted(chain.get(depth - 1), size));
      }
    }

    private boolean isUsed(List<String> below) {
      return transaction.all(ImageTables.IMAGES).values().stream()
              .anyMatch(other -> startsWith(other.diffIds(), below))
          || transaction.all(ImageTables.ROOT_FILESYSTEMS).values().stream()
              .anyMatch(container -> startsWith(container.diffIds(), below));
    }

    private Optional<Conflict> conflict(
        Digest id, boolean hard, boolean soft, boolean withReferences) {
      if (hard && !storage.catalogue().children(transaction, id).isEmpty()) {
        return Optional.of(Conflict.hard(id, false, "image has dependent child images"));
      }
      for (ImageUsers.User user : usersOf(id)) {
        if (hard && user.running()) {
          return Optional.of(
              Conflict.hard(
                  id,
                  true,
                  "image is being used by running container " + Ids.shortId(user.containerId())));
        }
      }
      if (soft && withReferences && !storage.catalogue().references(transaction, id).isEmpty()) {
        return Optional.of(
            Conflict.soft(id, false, "image is referenced in multiple repositories"));
      }
      for (ImageUsers.User user : usersOf(id)) {
        if (soft && !user.running()) {
          return Optional.of(
              Conflict.soft(
                  id,
                  true,
                  "image is being used by stopped container " + Ids.shortId(user.containerId())));
        }
      }
      return Optional.empty();
    }
  }

  private record Conflict(boolean used, String message) {
    static Conflict hard(Digest id, boolean used, String reason) {
      return of(id, used, "cannot be forced", reason);
    }

    static Conflict soft(Digest id, boolean used, String reason) {
      return of(id, used, "must be forced", reason);
    }

    private static Conflict of(Digest id, boolean used, String force, String reason) {
      return new Conflict(
          used, "conflict: unable to delete " + id.shortHex() + " (" + force + ") - " + reason);
    }
  }

  private static Reference digestOnly(Reference reference) {
    Digest digest = reference.digest();
    return digest == null ? reference : reference.withDigest(digest);
  }

  private static boolean startsWith(List<String> whole, List<String> start) {
    return whole.size() >= start.size() && whole.subList(0, start.size()).equals(start);
  }

  /** Whether all names are one tag with the digests of the same repository, or fewer. */
  private static boolean isSingle(List<Reference> references) {
    if (references.size() <= 1) {
      return true;
    }
    Set<String> digestNames = new HashSet<>();
    Reference single = null;
    for (Reference reference : references) {
      if (reference.tag() == null) {
        digestNames.add(reference.name());
      } else if (single == null) {
        single = reference;
      } else {
        return false;
      }
    }
    String name = single == null ? references.getFirst().name() : single.name();
    return digestNames.size() == 1 && digestNames.contains(name);
  }

  List<ImageRemoval> remove(String name, boolean force, boolean pruneParents) {
    Map<Digest, List<ImageUsers.User>> usersById = usersByChain(name);
    Removal removal =
        storage
            .store()
            .update(transaction -> {
              Removal attempt = new Removal(transaction, usersById);
              attempt.remove(name, force, pruneParents);
              return attempt;
            });
    for (Happened event : removal.happened) {
      events.of(event.action, event.id, event.labels);
      if (event.action.equals("delete")) {
        storage.catalogue().forget(event.id);
      }
    }
    storage.layers().collect();
    return removal.removals;
  }

  /** The users of an image and of all its parents, asked for outside the transaction. */
  private Map<Digest, List<ImageUsers.User>> usersByChain(String name) {
    List<Digest> chain =
        storage
            .store()
            .view(transaction -> {
              List<Digest> ids = new ArrayList<>();
              Digest next = storage.catalogue().find(transaction, name);
              while (next != null && !ids.contains(next)) {
                ids.add(next);
                next = parent(transaction, next);
              }
              return ids;
            });
    Map<Digest, List<ImageUsers.User>> usersById = new HashMap<>();
    chain.forEach(id -> usersById.put(id, users.usersOf(id)));
    return usersById;
  }

  private static @org.jspecify.annotations.Nullable Digest parent(
      ReadTransaction transaction, Digest id) {
    return transaction
        .find(ImageTables.IMAGES, id.toString())
        .map(ImageRecord::parent)
        .map(Digest::parse)
        .orElse(null);
  }
}
