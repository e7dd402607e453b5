import java.nio.file.Path;

/** One subject of the benchmark, chosen by its name on the command line. */
interface Suite {
  /** Measures with engines of its own and leaves nothing running. */
  void measure(Settings settings, Figures figures) throws Exception;

  /**
   * What the command line says.
   *
   * @param checkout the folder with bin/berthd
   * @param runs how often a figure is taken
   */
  record Settings(Path checkout, int runs) {}
}
