package dev.berth.runtime.driver.seccomp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/** Numbers of the system calls by name, for the three call conventions of an amd64 kernel. */
final class SyscallTable {
  private static final int X32_BIT = 0x4000_0000;

  private final Map<SeccompArchitecture, Map<String, Integer>> numbers;

  private SyscallTable(Map<SeccompArchitecture, Map<String, Integer>> numbers) {
    this.numbers = numbers;
  }

  /** Reads the table that comes with this module. */
  static SyscallTable amd64() {
    Map<SeccompArchitecture, Map<String, Integer>> numbers =
        new EnumMap<>(SeccompArchitecture.class);
    for (SeccompArchitecture architecture : SeccompArchitecture.values()) {
      numbers.put(architecture, new HashMap<>());
    }
    try (InputStream resource =
            Objects.requireNonNull(
                SyscallTable.class.getResourceAsStream("syscalls-amd64.txt"), "syscall table");
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(resource, StandardCharsets.US_ASCII))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith("#")) {
          readLine(line.split(" "), numbers);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return new SyscallTable(numbers);
  }

  private static void readLine(
      String[] cells, Map<SeccompArchitecture, Map<String, Integer>> numbers) {
    put(numbers, SeccompArchitecture.X86_64, cells[0], cells[1], 0);
    put(numbers, SeccompArchitecture.X86, cells[0], cells[2], 0);
    put(numbers, SeccompArchitecture.X32, cells[0], cells[3], X32_BIT);
  }

  private static void put(
      Map<SeccompArchitecture, Map<String, Integer>> numbers,
      SeccompArchitecture architecture,
      String name,
      String cell,
      int bit) {
    if (!cell.equals("-")) {
      Objects.requireNonNull(numbers.get(architecture)).put(name, Integer.parseInt(cell) | bit);
    }
  }

  /** The number, if that convention has the call. */
  OptionalInt number(SeccompArchitecture architecture, String name) {
    Integer number = Objects.requireNonNull(numbers.get(architecture)).get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }
}
