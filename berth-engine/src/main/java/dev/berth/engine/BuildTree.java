package dev.berth.engine;

import dev.berth.build.Workshop;
import dev.berth.core.UndoStack;
import dev.berth.engine.Builds.BuildParts;
import dev.berth.image.Digest;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of an image with a writable layer upon them, mounted while a step of a build works on
 * them. An engine that is killed meanwhile finds the intent at its next start and removes it.
 */
final class BuildTree implements Workshop.Tree {
  private final BuildParts parts;
  private final String id;
  private final Path mounted;
  private final Fd root;

  private BuildTree(BuildParts parts, String id, Path mounted) {
    this.parts = parts;
    this.id = id;
    this.mounted = mounted;
    this.root = FileCalls.open(mounted.toString(), FileFlags.O_RDONLY | FileFlags.O_DIRECTORY);
  }

  static BuildTree open(BuildParts parts, @Nullable Digest image) {
    Features features = parts.features();
    String id = features.surroundings().ids().next();
    try (UndoStack undo = new UndoStack("open the files of a build")) {
      parts.table().begin(id, features.clock().instant());
      undo.push("forget the intent", () -> parts.table().abandon(id));
      undo.push("remove the root", () -> features.roots().remove(id));
      features.roots().prepareBare(id, image);
      BuildTree tree = new BuildTree(parts, id, features.roots().mount(id));
      undo.commit();
      return tree;
    }
  }

  @Override
  public Fd root() {
    return root;
  }

  @Override
  public Workshop.Owner owner(String user) {
    boolean number = !user.isEmpty() && user.chars().allMatch(Character::isDigit);
    try (ImageFiles files = new ImageFiles(mounted)) {
      PasswordFiles.Identity identity =
          files.passwords().resolve(number ? user + ":" + user : user, List.of());
      return new Workshop.Owner((int) identity.uid(), (int) identity.gid());
    }
  }

  @Override
  public Digest commit(Workshop.Step step) {
    return EngineWorkshop.commit(parts, id, step);
  }

  @Override
  public void close() {
    root.close();
    Quietly.run("remove the files of a build", () -> parts.features().roots().remove(id));
    Quietly.run("forget the intent of " + id, () -> parts.table().abandon(id));
  }
}
