package dev.berth.image;

import dev.berth.image.content.ImageTables;
import dev.berth.store.ReadTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which images a client wants to see, and how they came about. */
final class ImageListing {
  private final ImageStorage storage;
  private final ImageView view;

  ImageListing(ImageStorage storage, ImageView view) {
    this.storage = storage;
    this.view = view;
  }

  List<Image> list(ImageFilters filters, boolean all) {
    return storage.store().view(transaction -> list(transaction, filters, all));
  }

  private List<Image> list(ReadTransaction transaction, ImageFilters filters, boolean all) {
    Predicate<Image> wanted = timeFilter(transaction, filters).and(labelFilter(filters));
    Map<String, List<Reference>> references = referencesById(transaction);
    Set<String> parents = new HashSet<>();
    transaction
        .all(ImageTables.IMAGES)
        .values()
        .forEach(image -> {
          if (image.parent() != null) {
            parents.add(image.parent());
          }
        });
    List<Pattern> patterns = filters.references().stream().map(Glob::compile).toList();
    List<Image> images = new ArrayList<>();
    for (String id : transaction.all(ImageTables.IMAGES).keySet()) {
      List<Reference> names =
          references.getOrDefault(id, List.of()).stream()
              .filter(name -> patterns.isEmpty() || matches(patterns, name))
              .toList();
      boolean intermediate = !all && parents.contains(id);
      if (isShown(names, intermediate, filters)) {
        Image image = view.image(transaction, Digest.parse(id), names);
        if (wanted.test(image)) {
          images.add(image);
        }
      }
    }
    images.sort(
        Comparator.comparing((Image image) -> image.created().orElse(Instant.EPOCH))
            .reversed()
            .thenComparing(Image::id));
    return images;
  }

  private static boolean isShown(
      List<Reference> names, boolean intermediate, ImageFilters filters) {
    boolean onlyDangling = filters.dangling().orElse(false);
    if (names.isEmpty()) {
      boolean excluded =
          (filters.dangling().isPresent() && !onlyDangling) || !filters.references().isEmpty();
      return !intermediate && !excluded;
    }
    return !onlyDangling || names.stream().allMatch(name -> name.tag() == null);
  }

  private static boolean matches(List<Pattern> patterns, Reference name) {
    return patterns.stream()
        .anyMatch(pattern ->
            pattern.matcher(name.familiar()).matches()
                || pattern.matcher(name.familiarName()).matches());
  }

  private Map<String, List<Reference>> referencesById(ReadTransaction transaction) {
    Map<String, List<Reference>> references = new HashMap<>();
    transaction
        .all(ImageTables.REFERENCES)
        .forEach((name, record) ->
            references
                .computeIfAbsent(record.image(), id -> new ArrayList<>())
                .add(Reference.parse(name)));
    return references;
  }

  private Predicate<Image> timeFilter(ReadTransaction transaction, ImageFilters filters) {
    Instant before = filters.until();
    for (String name : filters.before()) {
      Instant created = created(transaction, name);
      before = before == null || created.isBefore(before) ? created : before;
    }
    Instant since = null;
    for (String name : filters.since()) {
      Instant created = created(transaction, name);
      since = since == null || created.isAfter(since) ? created : since;
    }
    return between(since, before);
  }

  private static Predicate<Image> between(@Nullable Instant since, @Nullable Instant before) {
    return image -> {
      Instant created = image.created().orElse(null);
      if (created == null) {
        return since == null && before == null;
      }
      return (since == null || created.isAfter(since))
          && (before == null || created.isBefore(before));
    };
  }

  private Instant created(ReadTransaction transaction, String name) {
    Digest id = storage.catalogue().find(transaction, name);
    return view.image(transaction, id).created().orElse(Instant.EPOCH);
  }

  static Predicate<Image> labelFilter(ImageFilters filters) {
    return image -> {
      Map<String, String> labels = image.config().labels();
      return filters.labels().stream().allMatch(wanted -> hasLabel(labels, wanted))
          && filters.withoutLabels().stream().noneMatch(unwanted -> hasLabel(labels, unwanted));
    };
  }

  private static boolean hasLabel(Map<String, String> labels, String wanted) {
    int equals = wanted.indexOf('=');
    if (equals < 0) {
      return labels.containsKey(wanted);
    }
    return wanted.substring(equals + 1).equals(labels.get(wanted.substring(0, equals)));
  }

  List<LayerHistory> history(String name) {
    return storage
        .store()
        .view(transaction -> history(transaction, storage.catalogue().find(transaction, name)));
  }

  private List<LayerHistory> history(ReadTransaction transaction, Digest id) {
    Image image = view.image(transaction, id);
    List<LayerHistory> steps = new ArrayList<>();
    int layer = 0;
    for (ImageDocument.HistoryEntry entry : image.document().history()) {
      long size = 0;
      List<Digest> diffIds = image.document().diffIds();
      if (!entry.emptyLayer() && layer < diffIds.size()) {
        size = dev.berth.image.content.Catalogue.size(transaction, List.of(diffIds.get(layer++)));
      }
      steps.addFirst(
          new LayerHistory(
              "<missing>", entry.created(), entry.createdBy(), List.of(), size, entry.comment()));
    }
    nameSteps(transaction, image, steps);
    return steps;
  }

  private void nameSteps(ReadTransaction transaction, Image image, List<LayerHistory> steps) {
    Image current = image;
    for (int i = 0; i < steps.size(); i++) {
      LayerHistory step = steps.get(i);
      steps.set(
          i,
          new LayerHistory(
              current.id().toString(),
              step.created(),
              step.createdBy(),
              current.repoTags(),
              step.sizeBytes(),
              step.comment()));
      Digest parent = current.parent();
      if (parent == null || transaction.find(ImageTables.IMAGES, parent.toString()).isEmpty()) {
        return;
      }
      current = view.image(transaction, parent);
    }
  }

  Map<Digest, Long> sharedBytes() {
    return storage
        .store()
        .view(transaction -> {
          Map<String, Integer> uses = new HashMap<>();
          var images = transaction.all(ImageTables.IMAGES);
          images
              .values()
              .forEach(image ->
                  new HashSet<>(image.diffIds())
                      .forEach(diffId -> uses.merge(diffId, 1, Integer::sum)));
          Map<Digest, Long> shared = new HashMap<>();
          images.forEach((id, image) ->
              shared.put(Digest.parse(id), sharedOf(transaction, image.diffIds(), uses)));
          return shared;
        });
  }

  private static long sharedOf(
      ReadTransaction transaction, List<String> diffIds, Map<String, Integer> uses) {
    return dev.berth.image.content.Catalogue.size(
        transaction,
        diffIds.stream()
            .filter(diffId -> uses.getOrDefault(diffId, 0) > 1)
            .map(Digest::parse)
            .toList());
  }
}
