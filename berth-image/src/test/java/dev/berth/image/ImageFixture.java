package dev.berth.image;

import dev.berth.archive.Trees;
import dev.berth.core.Event;
import dev.berth.image.content.ImageTables;
import dev.berth.store.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The image feature in a temporary directory, with fakes around it. */
final class ImageFixture implements AutoCloseable {
  static final Instant NOW = Instant.parse("2025-01-01T00:00:00Z");

  final Path root;
  final MemoryStore store = new MemoryStore();
  final ImageStorage storage;
  final Images images;
  final RootFilesystems rootFilesystems;
  final List<Event> events = new ArrayList<>();
  final Map<Digest, List<ImageUsers.User>> users = new HashMap<>();
  final List<ProgressSink.Message> messages = new ArrayList<>();

  ImageFixture(Path root) {
    this(root, "overlay2");
  }

  ImageFixture(Path root, String driver) {
    this.root = root;
    this.storage =
        new ImageStorage(
            new ImageStorageSettings(root, driver, List.of()), store, new SplittableRandom(7));
    this.images =
        new Images(
            storage,
            id -> users.getOrDefault(id, List.of()),
            events::add,
            () -> NOW,
            RegistrySettings.DEFAULT);
    this.rootFilesystems = new RootFilesystems(storage);
    storage.layers().start(root.resolve("earlier"));
  }

  List<Image> load(byte[] archive) {
    return images.load(new ByteArrayInputStream(archive), null, false, messages::add);
  }

  Image loadOne(byte[] archive) {
    return load(archive).getFirst();
  }

  String output() {
    StringBuilder text = new StringBuilder();
    messages.stream()
        .map(ProgressSink.Message::stream)
        .filter(line -> line != null)
        .forEach(text::append);
    return text.toString();
  }

  List<String> actions() {
    return events.stream().map(Event::action).toList();
  }

  /** What lies in the directories of the layers and of the drivers. */
  List<String> directories() throws IOException {
    List<String> names = new ArrayList<>();
    for (String kind : List.of("layers", "overlay2", "vfs", "btrfs")) {
      if (Files.isDirectory(root.resolve(kind))) {
        try (Stream<Path> children = Files.list(root.resolve(kind))) {
          children.forEach(child -> names.add(String.valueOf(child.getFileName())));
        }
      }
    }
    return names.stream().sorted().toList();
  }

  /** Where the top layer's files are, whichever driver there is. */
  Path layerOf(Image image) {
    String top = image.document().diffIds().getLast().toString();
    return store.view(transaction ->
        storage.layers().files(transaction.find(ImageTables.LAYERS, top).orElseThrow()));
  }

  /** Where the top layer's files are. */
  Path topLayer(Image image) {
    return Path.of(String.valueOf(image.graphDriver().data().get("UpperDir")));
  }

  @Override
  public void close() {
    storage.close();
    store.close();
    for (String kind : List.of("layers", "overlay2", "vfs")) {
      Trees.delete(root.resolve(kind));
    }
  }
}
