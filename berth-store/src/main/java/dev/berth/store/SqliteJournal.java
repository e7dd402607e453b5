package dev.berth.store;

import dev.berth.core.EngineException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/** Commits in a SQLite file. See <a href="https://sqlite.org/wal.html">sqlite.org/wal.html</a>. */
final class SqliteJournal implements Journal {
  private static final System.Logger LOG = System.getLogger(SqliteJournal.class.getName());

  /** "Brth", so that a foreign SQLite file is told apart from a state store. */
  private static final int APPLICATION_ID = 0x42727468;

  private static final int FORMAT = 1;

  private final Path file;
  private final Connection connection;
  private @Nullable Statements statements;

  private record Statements(
      PreparedStatement begin,
      PreparedStatement put,
      PreparedStatement remove,
      PreparedStatement commit) {
    void close() throws SQLException {
      try (begin;
          put;
          remove;
          commit) {
        // closes all of them
      }
    }
  }

  private SqliteJournal(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  static SqliteJournal open(Path file) {
    createPrivately(file);
    Connection connection = null;
    try {
      connection = JDBC.createConnection("jdbc:sqlite:" + file, properties());
      prepare(file, connection);
      return new SqliteJournal(file, connection);
    } catch (SQLException e) {
      closeQuietly(connection);
      throw failure(file, "cannot be opened", e);
    } catch (EngineException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  /** Before SQLite does, because it would leave the mode to the umask. */
  private static void createPrivately(Path file) {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      // the usual case
    } catch (IOException e) {
      throw EngineException.internal("state store " + file + " cannot be created", e);
    }
  }

  private static Properties properties() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(0);
    config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    return config.toProperties();
  }

  private static void prepare(Path file, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int format = number(statement, "PRAGMA user_version");
      int application = number(statement, "PRAGMA application_id");
      boolean fresh = number(statement, "SELECT count(*) FROM sqlite_schema") == 0;
      if (!fresh && application != APPLICATION_ID) {
        throw EngineException.internal("state store " + file + " is another program's file", null);
      }
      if (format > FORMAT) {
        throw EngineException.internal(
            "state store " + file + " was written by a newer version of Berth", null);
      }
      if (fresh) {
        statement.executeUpdate("BEGIN IMMEDIATE");
        statement.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
        statement.executeUpdate("PRAGMA user_version = " + FORMAT);
        statement.executeUpdate(
            "CREATE TABLE record (kind TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL,"
                + " PRIMARY KEY (kind, key)) WITHOUT ROWID");
        statement.executeUpdate("COMMIT");
      }
    }
  }

  private static int number(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  @Override
  public Map<String, Map<String, String>> load() {
    Map<String, Map<String, String>> tables = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT kind, key, json FROM record")) {
      while (rows.next()) {
        tables
            .computeIfAbsent(rows.getString(1), kind -> new HashMap<>())
            .put(rows.getString(2), rows.getString(3));
      }
      return tables;
    } catch (SQLException e) {
      throw failure(file, "cannot be read", e);
    }
  }

  @Override
  public void write(List<Entry> entries) {
    try {
      Statements prepared = statements();
      prepared.begin().executeUpdate();
      for (Entry entry : entries) {
        write(prepared, entry);
      }
      prepared.commit().executeUpdate();
    } catch (SQLException e) {
      rollBack();
      forgetStatements();
      throw failure(file, "cannot be written", e);
    }
  }

  private static void write(Statements prepared, Entry entry) throws SQLException {
    PreparedStatement statement = entry.json() == null ? prepared.remove() : prepared.put();
    statement.setString(1, entry.table());
    statement.setString(2, entry.key());
    if (entry.json() != null) {
      statement.setString(3, entry.json());
    }
    statement.executeUpdate();
  }

  private Statements statements() throws SQLException {
    Statements known = statements;
    if (known == null) {
      known =
          new Statements(
              connection.prepareStatement("BEGIN IMMEDIATE"),
              connection.prepareStatement(
                  "INSERT INTO record(kind, key, json) VALUES (?, ?, ?)"
                      + " ON CONFLICT(kind, key) DO UPDATE SET json = excluded.json"),
              connection.prepareStatement("DELETE FROM record WHERE kind = ? AND key = ?"),
              connection.prepareStatement("COMMIT"));
      statements = known;
    }
    return known;
  }

  /** The driver finalises a statement that failed, so the next write prepares new ones. */
  private void forgetStatements() {
    Statements known = statements;
    statements = null;
    try {
      if (known != null) {
        known.close();
      }
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing failed statements", e);
    }
  }

  /** Makes the disk as small as a test wants it. */
  void limitPages(int pages) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA max_page_count = " + pages);
    }
  }

  /** SQLite rolls back by itself where the disk failed; then there is no transaction left. */
  private void rollBack() {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("ROLLBACK");
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "state store " + file + ": roll back", e);
    }
  }

  @Override
  public void close() {
    try (connection) {
      forgetStatements();
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.WARNING, "state store " + file + ": close", e);
    }
  }

  private static void closeQuietly(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing after a failed open", e);
    }
  }

  private static EngineException failure(Path file, String what, SQLException cause) {
    int code = cause.getErrorCode() & 0xff;
    String reason =
        switch (SQLiteErrorCode.getErrorCode(code)) {
          case SQLITE_BUSY, SQLITE_LOCKED -> "it is in use by another engine";
          case SQLITE_CORRUPT, SQLITE_NOTADB -> "the file is damaged";
          case SQLITE_FULL -> "the disk is full";
          case SQLITE_READONLY -> "the file or its folder is read-only";
          case SQLITE_PERM, SQLITE_AUTH -> "permission denied";
          case SQLITE_CANTOPEN -> "the file or its folder cannot be opened";
          case SQLITE_IOERR -> "the disk reports an error";
          default -> String.valueOf(cause.getMessage());
        };
    return EngineException.internal("state store " + file + " " + what + ": " + reason, cause);
  }
}
