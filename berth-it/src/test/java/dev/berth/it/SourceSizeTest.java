package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The sizes of the house style, held by a ratchet: what is over a limit today is named below, and
 * the list may only get shorter. A name that is not needed any more fails as well.
 */
class SourceSizeTest {
  private static final int FILE_LINES = 600;
  private static final int METHOD_LINES = 70;
  private static final int PARAMETERS = 5;
  private static final int COLUMNS = 120;

  /** A system call has up to six words beside its number; the rest is a debt. */
  private static final Set<String> ALLOWED =
      Set.of("Frame.syscall", "Frame.function", "Native.call", "TreePacker.entry");

  private final List<String> violations = new ArrayList<>();

  private static Path checkout() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("bin/berthd"))) {
      here = here.getParent();
    }
    return here;
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(checkout())) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("/src/main/java/"))
          .filter(file -> !file.toString().contains("/target/"))
          .sorted()
          .toList();
    }
  }

  @Test
  void staysWithinTheLimits() throws IOException {
    List<Path> sources = sources();
    assertThat(sources).hasSizeGreaterThan(100);
    for (Path source : sources) {
      checkLines(source);
    }
    checkMethods(sources);
    assertThat(violations.stream().filter(name -> !ALLOWED.contains(name.split(": ")[0])).toList())
        .isEmpty();
    assertThat(ALLOWED)
        .allMatch(name -> violations.stream().anyMatch(found -> found.startsWith(name + ": ")));
  }

  private void checkLines(Path source) throws IOException {
    List<String> lines = Files.readAllLines(source);
    if (lines.size() > FILE_LINES) {
      violations.add(source.getFileName() + ": " + lines.size() + " lines");
    }
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).length() > COLUMNS) {
        violations.add(source.getFileName() + ": line " + (i + 1) + " is too long");
      }
    }
  }

  private void checkMethods(List<Path> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new Methods(unit, positions).scan(unit, null);
      }
    }
  }

  private final class Methods extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private String type = "";

    Methods(CompilationUnitTree unit, SourcePositions positions) {
      this.unit = unit;
      this.positions = positions;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
      String outer = type;
      type = tree.getSimpleName().toString();
      super.visitClass(tree, nothing);
      type = outer;
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
      LineMap map = unit.getLineMap();
      long first = map.getLineNumber(positions.getStartPosition(unit, tree));
      long last = map.getLineNumber(positions.getEndPosition(unit, tree));
      String name = type + "." + tree.getName();
      if (last - first + 1 > METHOD_LINES) {
        violations.add(name + ": " + (last - first + 1) + " lines");
      }
      boolean constructor = tree.getReturnType() == null;
      if (tree.getParameters().size() > PARAMETERS && !constructor) {
        violations.add(name + ": " + tree.getParameters().size() + " parameters");
      }
      return super.visitMethod(tree, nothing);
    }
  }
}
