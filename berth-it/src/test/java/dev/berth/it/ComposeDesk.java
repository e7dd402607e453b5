package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The desk of somebody who works with Docker Compose 2: the client's plug-in {@code docker
 * compose}, folders with Compose files in them, and stand-ins for the images that these name.
 *
 * @see <a href="https://docs.docker.com/reference/compose-file/">Compose file reference</a>
 */
final class ComposeDesk implements AutoCloseable {
  private final Guide guide;

  private ComposeDesk(Guide guide) {
    this.guide = guide;
  }

  static ComposeDesk open(String... flags) {
    Guide guide = Guide.open(flags);
    ComposeDesk desk = new ComposeDesk(guide);
    desk.installPlugin();
    desk.alsoCalled("nginx", "nginx:alpine");
    desk.alsoCalled("my-api", "myapi", "myapp", "processor", "trainer", "model-server");
    desk.alsoCalled("alpine", "jupyter/scipy-notebook");
    desk.alsoCalled("busybox", "berth/busybox");
    desk.makePostgres();
    // What the guides' machines have disks for.
    guide.does(
        "mount -t tmpfs tmpfs /mnt; mkdir -p /mnt/host/postgres/data /mnt/nvme0/pgdata"
            + " /mnt/nvme0/fast_tablespace /mnt/nvme1/pgwal /mnt/nvme/db_data /mnt/nvme/db_wal"
            + " /mnt/nvme/app_data /mnt/ssd/app_logs");
    return desk;
  }

  private void installPlugin() {
    try {
      Path plugins = guide.scene().engine().folder().resolve("docker-config/cli-plugins");
      Files.createDirectories(plugins);
      Files.createSymbolicLink(plugins.resolve("docker-compose"), Program.PATH);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void alsoCalled(String image, String... names) {
    for (String name : names) {
      guide.does("docker tag " + image + " " + name);
    }
  }

  /** A server that has a program of its name, as the real one, for files that call it. */
  private void makePostgres() {
    guide.does(
        "docker run --name maker postgres:13-alpine sh -c 'printf \"#!/bin/sh\\necho started with"
            + " \\$# words\\nmkdir -p /www /var/lib/postgresql/data\\necho postgres on \\$(hostname)"
            + " > /www/index.html\\nexec httpd -f -p 5432 -h /www\\n\" > /bin/postgres; chmod 755"
            + " /bin/postgres; mkdir -p /var/lib/postgresql/data; echo 14 >"
            + " /var/lib/postgresql/data/PG_VERSION'");
    guide.does(
        "docker commit --change 'CMD [\"postgres\"]' maker postgres:14; docker rm maker; docker tag"
            + " postgres:14 postgres; docker tag postgres:14 postgres:13");
  }

  /** The program of Debian's package, fetched once. */
  static final class Program {
    static final Path PATH =
        Path.of(
            Command.of(EngineUnderTest.script("compose").toString())
                .within(Duration.ofMinutes(15))
                .run()
                .ok()
                .line());

    private Program() {}
  }

  Guide guide() {
    return guide;
  }

  /** A folder of this name with the Compose file of the same name among the resources. */
  Project project(String name) {
    Project project = empty(name);
    try (InputStream file = ComposeDesk.class.getResourceAsStream("compose/" + name + ".yaml")) {
      assertThat(file).as(name).isNotNull();
      Files.copy(file, project.folder().resolve("compose.yaml"));
      return project;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A folder of this name without any file. */
  Project empty(String name) {
    try {
      Path folder = guide.scene().engine().folder().resolve("projects").resolve(name);
      Leftovers.removeFolder(folder);
      Files.createDirectories(folder);
      return new Project(guide.in(folder), name);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A Compose file's folder, and a shell in it. */
  record Project(Guide shell, String name) {
    Path folder() {
      return shell.folder();
    }

    Project file(String path, String content) {
      try {
        Path file = folder().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    String does(String lines) {
      return shell.does(lines);
    }

    List<String> lists(String lines) {
      return shell.lists(lines);
    }

    Command.Result types(String lines) {
      return shell.types(lines);
    }

    /** What the engine says about the first container of a service. */
    JsonNode container(String service) {
      return shell.scene().container(name + "-" + service + "-1");
    }

    /** A line in the first container of a service. */
    Command.Result in(String service, String line) {
      return shell.scene().in(name + "-" + service + "-1", line);
    }

    /** Once more brings nothing new: the same containers go on. */
    void upAgainChangesNothing() {
      String facts = "docker compose ps -aq | sort";
      List<String> before = lists(facts);
      String started = does("docker compose ps -q | sort | xargs docker inspect -f " + STARTED);
      assertThat(types("docker compose up -d").ok().errors())
          .doesNotContain("Recreate")
          .doesNotContain("Created");
      assertThat(lists(facts)).isEqualTo(before);
      assertThat(does("docker compose ps -q | sort | xargs docker inspect -f " + STARTED))
          .isEqualTo(started);
    }

    private static final String STARTED = "'{{.Id}} {{.State.StartedAt}}'";
  }

  /** Takes all projects away, and what they were given from outside. */
  void clear() {
    guide.clear();
    guide.types("docker volume prune --all --force; mountpoint -q /mnt && rm -rf /mnt/*/*/*");
  }

  @Override
  public void close() {
    guide.close();
  }
}
