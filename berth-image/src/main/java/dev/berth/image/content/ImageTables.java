package dev.berth.image.content;

import dev.berth.store.Table;

/** The tables of this feature. */
public final class ImageTables {
  /** Images by id. */
  public static final Table<ImageRecord> IMAGES = new Table<>("images", ImageRecord.class);

  /** Image ids by name. */
  public static final Table<ReferenceRecord> REFERENCES =
      new Table<>("image_references", ReferenceRecord.class);

  /** Layers by diff id. */
  public static final Table<LayerRecord> LAYERS = new Table<>("image_layers", LayerRecord.class);

  /** Containers' writable layers by container id. */
  public static final Table<RootFilesystemRecord> ROOT_FILESYSTEMS =
      new Table<>("root_filesystems", RootFilesystemRecord.class);

  private ImageTables() {}
}
