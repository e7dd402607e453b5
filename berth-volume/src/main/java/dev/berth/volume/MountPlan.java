package dev.berth.volume;

import dev.berth.core.EngineException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What will be mounted into a new container: one mount for each destination, the outer ones before
 * those inside them. Pure: no volume is made, no directory created.
 *
 * <p>Rules, which are Docker's: mounts of other containers ({@code --volumes-from}) give way to the
 * container's own; two own mounts on one destination are refused; a declared anonymous volume gives
 * way to everything.
 *
 * @param points by nesting
 * @param tmpfs those of {@code --tmpfs}; they win over inherited mounts at the same destination
 * @param warnings to be shown to the user
 */
public record MountPlan(List<MountPoint> points, List<TmpfsMount> tmpfs, List<String> warnings) {

  /** Copies the lists. */
  public MountPlan {
    points = List.copyOf(points);
    tmpfs = List.copyOf(tmpfs);
    warnings = List.copyOf(warnings);
  }

  /**
   * Plans the mounts of a container.
   *
   * @param options what the user and the image ask for
   * @param mountsOf the mounts of another container by its name or id; throws where there is none
   * @param exists whether a path of the host exists
   * @param dataRoot the engine's own directory: a bind of it, or of something that holds it, is
   *     made a slave so that no container keeps its mounts busy
   * @throws EngineException INVALID with Docker's text
   */
  public static MountPlan of(
      MountOptions options,
      Function<String, ? extends Collection<MountPoint>> mountsOf,
      Predicate<String> exists,
      Path dataRoot) {
    return new Builder(options, new MountParser(exists), dataRoot).build(mountsOf);
  }

  /** The order in which nested mounts must be made: fewer path elements first. */
  static Comparator<MountPoint> byNesting() {
    return Comparator.<MountPoint>comparingInt(point -> CleanPath.depth(point.destination()))
        .thenComparing(MountPoint::destination);
  }

  /** Collects the mounts in the order in which they override each other. */
  private static final class Builder {
    private final MountOptions options;
    private final MountParser parser;
    private final String dataRoot;
    private final Map<String, MountPoint> points = new LinkedHashMap<>();
    private final Set<String> own = new HashSet<>();
    private final List<String> warnings = new ArrayList<>();

    Builder(MountOptions options, MountParser parser, Path dataRoot) {
      this.options = options;
      this.parser = parser;
      this.dataRoot = dataRoot.toString();
    }

    MountPlan build(Function<String, ? extends Collection<MountPoint>> mountsOf) {
      checkAll();
      for (String from : options.volumesFrom()) {
        inherit(MountParser.parseVolumesFrom(from), mountsOf);
      }
      options.binds().forEach(this::addBind);
      options.mounts().forEach(this::addMount);
      new TreeSet<>(options.volumes()).forEach(this::addDeclared);
      return new MountPlan(
          points.values().stream().sorted(byNesting()).toList(), tmpfs(), warnings);
    }

    private void checkAll() {
      for (MountRequest request : options.mounts()) {
        if (request.type().equals(MountType.IMAGE.word())) {
          warnings.add("Image mount is an experimental feature");
        }
        parser.check(request);
      }
      options.tmpfs().forEach(MountParser::checkTmpfs);
      options.volumes().forEach(MountParser::checkDeclared);
    }

    private void inherit(
        MountParser.VolumesFrom from, Function<String, ? extends Collection<MountPoint>> mountsOf) {
      for (MountPoint point : mountsOf.apply(from.container())) {
        points.put(point.destination(), point.inherited(from.writable()));
      }
    }

    private void addBind(String text) {
      MountPoint point = slaveOfDataRoot(parser.parseBind(text, options.volumeDriver()));
      if (options.tmpfs().containsKey(point.destination())) {
        throw duplicate(point.destination());
      }
      addOwn(point, point.destination());
    }

    private void addMount(MountRequest request) {
      addOwn(slaveOfDataRoot(parser.parse(request)), request.target());
    }

    private void addOwn(MountPoint point, String shownAs) {
      if (!own.add(point.destination())) {
        throw duplicate(shownAs);
      }
      points.put(point.destination(), point);
    }

    private static EngineException duplicate(String destination) {
      return EngineException.invalid("Duplicate mount point: " + destination);
    }

    private void addDeclared(String declared) {
      String destination = CleanPath.of(declared);
      if (!points.containsKey(destination) && !options.tmpfs().containsKey(destination)) {
        points.put(destination, MountParser.anonymous(destination, options.volumeDriver()));
      }
    }

    private List<TmpfsMount> tmpfs() {
      List<TmpfsMount> mounts = new ArrayList<>();
      new TreeMap<>(options.tmpfs())
          .forEach((destination, text) -> mounts.add(new TmpfsMount(destination, text)));
      mounts.sort(
          Comparator.comparingInt(mount -> CleanPath.depth(CleanPath.of(mount.destination()))));
      return mounts;
    }

    private MountPoint slaveOfDataRoot(MountPoint point) {
      if (point.type() != MountType.BIND || !touchesDataRoot(point.source())) {
        return point;
      }
      String asked = point.bindOptions().propagation();
      return switch (asked) {
        case "" -> point.withPropagation("rslave");
        case "rslave", "rshared" -> point;
        default ->
            throw EngineException.invalid(
                "invalid mount config: must use either propagation mode \"rslave\" or \"rshared\""
                    + " when mount source is within the daemon root, daemon root: \""
                    + dataRoot
                    + "\", bind mount source: \""
                    + point.source()
                    + "\", propagation: \""
                    + asked
                    + "\"");
      };
    }

    private boolean touchesDataRoot(String source) {
      return isWithin(source, dataRoot) || isWithin(dataRoot, source);
    }

    private static boolean isWithin(String path, String folder) {
      return path.equals(folder) || folder.equals("/") || path.startsWith(folder + "/");
    }
  }
}
