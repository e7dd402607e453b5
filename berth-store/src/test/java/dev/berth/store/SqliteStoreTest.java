package dev.berth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {
  @TempDir private Path folder;

  @Override
  Store open() {
    return SqliteStore.open(folder.resolve("contract.db"));
  }

  private static Set<String> keys(Store store) {
    Map<String, Sample> all = store.view(tx -> tx.all(Sample.TABLE));
    return all.keySet();
  }

  private static void put(Store store, String key, int count) {
    store.update(tx -> {
      tx.put(Sample.TABLE, key, Sample.of(key, count));
      return null;
    });
  }

  @Test
  void whatWasCommittedIsThereAgain() {
    Path file = folder.resolve("a.db");
    try (Store store = SqliteStore.open(file)) {
      put(store, "a", 1);
      put(store, "b", 2);
      store.update(tx -> {
        tx.remove(Sample.TABLE, "a");
        return null;
      });
    }
    try (Store store = SqliteStore.open(file)) {
      assertThat(keys(store)).containsExactly("b");
    }
  }

  @Test
  void othersCannotReadTheFile() throws IOException {
    Path file = folder.resolve("a.db");
    try (Store store = SqliteStore.open(file)) {
      put(store, "a", 1);
      try (var files = Files.list(folder)) {
        assertThat(files.filter(path -> path.getFileName().toString().startsWith("a.db")))
            .allSatisfy(path ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void aSecondEngineIsRefused() {
    Path file = folder.resolve("a.db");
    try (Store store = SqliteStore.open(file)) {
      put(store, "a", 1);
      assertThatThrownBy(() -> SqliteStore.open(file))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining(file + " cannot be opened: it is in use by another engine");
    }
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    Path file = folder.resolve("a.db");
    Files.writeString(file, "this is no database, however long one looks at it. ".repeat(100));
    assertThatThrownBy(() -> SqliteStore.open(file))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(file + " cannot be opened: the file is damaged");
  }

  @Test
  void aDamagedPageIsNoticedAtOpening() throws IOException {
    Path file = folder.resolve("a.db");
    try (Store store = SqliteStore.open(file)) {
      for (int i = 0; i < 300; i++) {
        put(store, "key" + i, i);
      }
    }
    byte[] bytes = Files.readAllBytes(file);
    java.util.Arrays.fill(bytes, 8192, bytes.length, (byte) 0x5a);
    Files.write(file, bytes);
    assertThatThrownBy(() -> SqliteStore.open(file))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("the file is damaged");
  }

  @Test
  void anotherProgramsDatabaseIsLeftAlone() throws Exception {
    Path file = folder.resolve("a.db");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE theirs (x)");
    }
    assertThatThrownBy(() -> SqliteStore.open(file))
        .hasMessageContaining("is another program's file");
  }

  @Test
  void aNewerFormatIsRefused() throws Exception {
    Path file = folder.resolve("a.db");
    SqliteStore.open(file).close();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA user_version = 99");
    }
    assertThatThrownBy(() -> SqliteStore.open(file))
        .hasMessageContaining("was written by a newer version of Berth");
  }

  @Test
  void aMissingFolderIsNamed() {
    Path file = folder.resolve("none/a.db");
    assertThatThrownBy(() -> SqliteStore.open(file))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(file + " cannot be created");
  }

  @Test
  void aFullDiskChangesNothing() throws Exception {
    Path file = folder.resolve("a.db");
    SqliteStore.open(file).close();
    SqliteJournal journal = SqliteJournal.open(file);
    journal.limitPages(8);
    try (Store store = new JournaledStore(journal, false)) {
      put(store, "a", 1);
      String big = "x".repeat(200_000);
      assertThatThrownBy(() -> put(store, big, 1))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("cannot be written: the disk is full");
      put(store, "b", 2);
      assertThat(keys(store)).containsExactly("a", "b");
    }
    try (Store store = SqliteStore.open(file)) {
      assertThat(keys(store)).containsExactly("a", "b");
    }
  }

  @Test
  void whatWasAnsweredSurvivesAKill() throws Exception {
    Path file = folder.resolve("a.db");
    Process writer =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int answered = -1;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      while (answered < 300) {
        String line = lines.readLine();
        assertThat(line).isNotNull();
        answered = Integer.parseInt(line);
      }
      writer.toHandle().destroyForcibly();
      writer.waitFor();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answered = line.isEmpty() ? answered : Integer.parseInt(line);
      }
    }
    try (Store store = SqliteStore.open(file)) {
      Map<String, Sample> all = store.view(tx -> tx.all(Sample.TABLE));
      int first = all.get("first").count();
      assertThat(first).isGreaterThanOrEqualTo(answered);
      assertThat(all.get("second").count()).isEqualTo(first);
    }
  }

  /** Commits two records together, for ever, and tells each number that was committed. */
  static final class KilledWriter {
    private KilledWriter() {}

    public static void main(String[] arguments) {
      try (Store store = SqliteStore.open(Path.of(arguments[0]))) {
        for (int i = 0; i < 1_000_000; i++) {
          int count = i;
          store.update(tx -> {
            tx.put(Sample.TABLE, "first", Sample.of("first", count));
            tx.put(Sample.TABLE, "second", Sample.of("second", count));
            return null;
          });
          System.out.println(count);
        }
      }
    }
  }
}
