package dev.berth.build;

import dev.berth.archive.ArchiveUnpacker;
import dev.berth.archive.Compression;
import dev.berth.archive.TarReader;
import dev.berth.archive.TreePaths;
import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A COPY or ADD instruction: what it takes in, and how that gets into the image's tree. */
final class CopyStep implements AutoCloseable {
  private static final Pattern OCTAL = Pattern.compile("0?[0-7]{1,4}");
  private static final int FOLDER = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;

  private final StageRun.Surroundings around;
  private final Instruction.Copy copy;
  private final IgnorePatterns excludes;
  private final List<Runnable> opened = new ArrayList<>();
  private final List<CopyItem> items = new ArrayList<>();

  /** Finds what the instruction names. */
  CopyStep(StageRun.Surroundings around, Instruction.Copy copy) throws InterruptedException {
    this.around = around;
    this.copy = copy;
    this.excludes = IgnorePatterns.of(copy.choices().excludes());
    try {
      find();
    } catch (RuntimeException | InterruptedException failure) {
      close();
      throw failure;
    }
  }

  private boolean adds() {
    return copy.keyword().equals("ADD");
  }

  private void find() throws InterruptedException {
    String from = copy.choices().from();
    Fd tree = from.isEmpty() ? null : imageTree(around.builder().source(from));
    try {
      for (String source : copy.sources()) {
        if (Downloads.isAddress(source)) {
          items.add(downloaded(source));
        } else {
          Fd root = tree == null ? around.context().root() : tree;
          items.addAll(new CopySources(root, tree == null, adds(), excludes).find(source));
        }
      }
    } catch (EngineException failure) {
      throw new EngineException(
          failure.kind(), copy.keyword() + " failed: " + failure.text(), failure);
    }
    for (Heredoc text : copy.texts()) {
      items.add(written(text));
    }
    if (items.isEmpty()) {
      throw EngineException.invalid(copy.keyword() + " failed: no source files were specified");
    }
    if (items.size() > 1 && !endsInFolder()) {
      throw EngineException.invalid(
          "When using "
              + copy.keyword()
              + " with more than one source file, the destination must be a directory and end with"
              + " a /");
    }
  }

  private boolean endsInFolder() {
    String destination = copy.destination();
    return destination.endsWith("/") || destination.equals(".") || destination.endsWith("/.");
  }

  private Fd imageTree(Workshop.Base source) {
    Workshop.Tree tree = around.workshop().tree(source.id());
    opened.add(tree::close);
    return tree.root();
  }

  private CopyItem downloaded(String address) throws InterruptedException {
    if (!adds()) {
      throw EngineException.invalid("source can't be a URL for COPY");
    }
    Downloads.Download file =
        Downloads.fetch(
            address, around.workshop().folder(), "Downloading", around.output().progress());
    around.output().text("\n");
    String checksum = copy.choices().checksum();
    if (!checksum.isEmpty()
        && !checksum.toLowerCase(Locale.ROOT).equals("sha256:" + file.sha256())) {
      throw EngineException.invalid("digest mismatch sha256:" + file.sha256() + ": " + checksum);
    }
    if (file.name().isEmpty() && endsInFolder()) {
      throw EngineException.invalid("cannot determine filename for source " + address);
    }
    String name = file.name().isEmpty() ? "__unnamed__" : file.name();
    String hash = "file:" + ContentHash.of(name + " " + file.sha256());
    return new CopyItem(
        folderOf(file.file()), "/" + file.file().getFileName(), name, false, hash, false);
  }

  private CopyItem written(Heredoc text) {
    try {
      Path file = Files.createTempFile(around.workshop().folder(), "text-", "");
      Files.writeString(file, text.text(), StandardCharsets.UTF_8);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      String hash = "file:" + ContentHash.of(text.name() + " " + text.text());
      return new CopyItem(
          folderOf(file), "/" + file.getFileName(), text.name(), false, hash, false);
    } catch (IOException failure) {
      throw EngineException.internal("a text of the Dockerfile cannot be written", failure);
    }
  }

  private Fd folderOf(Path file) {
    Fd folder = FileCalls.open(String.valueOf(file.getParent()), FOLDER);
    opened.add(folder::close);
    return folder;
  }

  /** The instruction for the history, with a digest of what it takes in. */
  String describe() {
    String hash =
        items.size() == 1
            ? items.getFirst().hash()
            : "multi:"
                + ContentHash.of(
                    items.stream().map(CopyItem::hash).collect(Collectors.joining(",")));
    Instruction.CopyChoices choices = copy.choices();
    StringBuilder flags = new StringBuilder();
    if (!choices.owner().isEmpty()) {
      flags.append("--chown=").append(choices.owner()).append(' ');
    }
    if (!choices.mode().isEmpty()) {
      flags.append("--chmod=").append(choices.mode()).append(' ');
    }
    if (choices.parents()) {
      flags.append("--parents ");
    }
    return copy.keyword() + " " + flags + hash + " in " + copy.destination() + " ";
  }

  /**
   * Copies into a tree.
   *
   * @param workingDir from which the destination counts
   */
  void writeTo(Workshop.Tree tree, String workingDir) {
    Workshop.Owner owner = owner(tree);
    String path = TreePaths.clean(CopyPaths.joined(workingDir, copy.destination()));
    TreeCopier copier = new TreeCopier(owner, mode(), excludes);
    Workshop.Owner maker = owner == null ? Workshop.Owner.ROOT : owner;
    try {
      for (CopyItem item : items) {
        String target =
            copy.choices().parents()
                ? TreePaths.clean(path + "/" + TreePaths.parent(item.path()))
                : path;
        write(item, tree.root(), target, new Making(copier, maker));
      }
    } catch (LinuxException failure) {
      throw new EngineException(
          ErrorKind.INVALID,
          "failed to copy files: " + copy.destination() + ": " + failure.errno().text(),
          failure);
    } catch (IOException failure) {
      throw new EngineException(
          ErrorKind.INVALID,
          "failed to copy files: Error processing tar file: " + failure.getMessage(),
          failure);
    }
  }

  private record Making(TreeCopier copier, Workshop.Owner owner) {}

  private Workshop.@Nullable Owner owner(Workshop.Tree tree) {
    Instruction.CopyChoices choices = copy.choices();
    if (choices.owner().isEmpty()) {
      return choices.from().isEmpty() ? Workshop.Owner.ROOT : null;
    }
    try {
      return tree.owner(choices.owner());
    } catch (EngineException failure) {
      throw new EngineException(
          failure.kind(),
          "unable to convert uid/gid chown string to host mapping: " + failure.text(),
          failure);
    }
  }

  private int mode() {
    String mode = copy.choices().mode();
    if (mode.isEmpty()) {
      return -1;
    }
    if (!OCTAL.matcher(mode).matches()) {
      throw EngineException.invalid(
          "invalid chmod parameter: '"
              + mode
              + "'. it should be octal string and between 0 and 07777");
    }
    return Integer.parseInt(mode, 8);
  }

  private void write(CopyItem item, Fd root, String path, Making making) throws IOException {
    FileStatus there = CopyPaths.status(root, path);
    boolean folder = endsInFolder() || copy.choices().parents() || path.equals("/");
    if (item.directory() || (item.unpacked() && isArchive(item))) {
      if (there != null && !there.isDirectory()) {
        throw EngineException.invalid("cannot copy to non-directory: " + path);
      }
      String into =
          item.directory() && copy.choices().parents()
              ? TreePaths.clean(path + "/" + item.name())
              : path;
      try (Fd target = CopyPaths.makeDirectories(root, into, making.owner)) {
        fill(item, target, there == null, making.copier);
      }
      return;
    }
    boolean inside = folder || (there != null && there.isDirectory());
    String parent = inside ? path : TreePaths.parent(path);
    try (Fd target = CopyPaths.makeDirectories(root, parent, making.owner);
        Fd source = required(item, TreePaths.parent(item.path()))) {
      String name = inside ? item.name() : TreePaths.last(path);
      making.copier.one(source, TreePaths.last(item.path()), target, name);
    }
  }

  private void fill(CopyItem item, Fd target, boolean made, TreeCopier copier) throws IOException {
    if (!item.directory()) {
      try (InputStream file = content(item);
          InputStream archive = Compression.openDetected(file);
          ArchiveUnpacker unpacker = ArchiveUnpacker.ofTree(target, 0)) {
        unpacker.unpack(new TarReader(archive));
      }
      return;
    }
    try (Fd source = required(item, item.path())) {
      copier.children(source, target);
      if (made) {
        copier.attributes(source, target);
      }
    }
  }

  private static Fd required(CopyItem item, String path) {
    Fd found = CopyPaths.find(item.root(), path, FOLDER);
    if (found == null) {
      throw EngineException.invalid("source path not found: " + path);
    }
    return found;
  }

  private static boolean isArchive(CopyItem item) throws IOException {
    FileStatus status = CopyPaths.status(item.root(), item.path());
    if (status == null || !status.isRegular()) {
      return false;
    }
    try (Fd file = opened(item)) {
      return BuildContext.isArchive(Path.of(file.procPath()));
    }
  }

  private static Fd opened(CopyItem item) {
    int flags = FileFlags.O_RDONLY | FileFlags.O_NONBLOCK;
    Fd file = CopyPaths.find(item.root(), item.path(), flags);
    if (file == null) {
      throw EngineException.invalid("source path not found: " + item.path());
    }
    return file;
  }

  /** The stream has a descriptor of its own. */
  private static InputStream content(CopyItem item) throws IOException {
    try (Fd file = opened(item)) {
      return Files.newInputStream(Path.of(file.procPath()));
    }
  }

  @Override
  public void close() {
    opened.reversed().forEach(Runnable::run);
    opened.clear();
  }
}
