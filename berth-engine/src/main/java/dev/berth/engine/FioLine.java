package dev.berth.engine;

import dev.berth.core.EngineException;

/**
 * The line of figures that fio prints in its terse format, version 3.
 *
 * @see <a href="https://fio.readthedocs.io/en/latest/fio_doc.html#terse-output">fio: terse
 *     output</a>
 */
final class FioLine {
  private static final String VERSION = "3;";
  private static final int FIELDS = 87;
  private static final int READ = 5;
  private static final int WRITE = 46;
  private static final int RATE = 1;
  private static final int OPERATIONS = 2;
  private static final int PERCENTILES = 12;
  private static final int PERCENTILE_COUNT = 20;
  private static final int MEAN = 34;
  private static final double KIBI = 1024;

  private FioLine() {}

  /** The figures of the first line in fio's output; rates are in KiB a second there. */
  static VolumeBench.Result result(String name, String output, String note) {
    String[] fields =
        output
            .lines()
            .filter(line -> line.startsWith(VERSION))
            .map(line -> line.split(";", -1))
            .filter(parts -> parts.length >= FIELDS)
            .findFirst()
            .orElseThrow(() -> EngineException.internal("fio's figures cannot be read", null));
    double reads = number(fields, READ + OPERATIONS);
    double writes = number(fields, WRITE + OPERATIONS);
    double all = Math.max(reads + writes, 1);
    double mean =
        (number(fields, READ + MEAN) * reads + number(fields, WRITE + MEAN) * writes) / all;
    return new VolumeBench.Result(
        name,
        number(fields, READ + RATE) * KIBI,
        number(fields, WRITE + RATE) * KIBI,
        reads,
        writes,
        mean,
        Math.max(percentile(fields, READ), percentile(fields, WRITE)),
        note);
  }

  private static double percentile(String[] fields, int direction) {
    for (int i = 0; i < PERCENTILE_COUNT; i++) {
      String field = fields[direction + PERCENTILES + i];
      if (field.startsWith("99.000000%=")) {
        return Double.parseDouble(field.substring(field.indexOf('=') + 1));
      }
    }
    return 0;
  }

  private static double number(String[] fields, int index) {
    return fields[index].isEmpty() ? 0 : Double.parseDouble(fields[index]);
  }
}
