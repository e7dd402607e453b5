package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.it.ComposeDesk.Project;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The Compose files of guides that are about volumes, by Docker Compose 2. */
@Tag("blackbox")
class ComposeVolumesTest {
  /** What asks for more processors or servers than a test has, in the words of a second file. */
  private static final String SMALL =
      """
      services:
        %s:
          deploy: {resources: {limits: {cpus: '0.5'}, reservations: {cpus: '0.25'}}}
      """;

  private static ComposeDesk desk;

  @BeforeAll
  static void start() {
    desk = ComposeDesk.open();
  }

  @AfterAll
  static void stop() {
    desk.close();
  }

  @AfterEach
  void clear() {
    desk.clear();
  }

  private static JsonNode mount(Project project, String service, String target) {
    for (JsonNode mount : project.container(service).path("Mounts")) {
      if (mount.path("Destination").asText().equals(target)) {
        return mount;
      }
    }
    throw new AssertionError(
        "nothing at " + target + ": " + project.container(service).path("Mounts"));
  }

  @Test
  @DisplayName("named, bound, anonymous and read-only; a volume on a folder of the host")
  void webAndDatabase() {
    Project project = desk.project("web-and-database").file("static/index.html", "static\n");
    project.does("docker compose up -d");
    assertThat(project.lists("docker volume ls -q"))
        .contains("web-and-database_web_data", "web-and-database_postgres_data");
    assertThat(project.in("db", "echo row > /var/lib/postgresql/data/table").exitCode()).isZero();
    assertThat(project.does("cat /mnt/host/postgres/data/table")).isEqualTo("row");
    assertThat(project.in("web", "cat /usr/share/nginx/html/index.html").line())
        .isEqualTo("static");
    assertThat(project.in("web", "rm /usr/share/nginx/html/index.html").errors())
        .contains("Read-only file system");
    assertThat(mount(project, "web", "/var/log/nginx").path("Name").asText()).hasSize(64);
    assertThat(mount(project, "web", "/etc/nginx/conf.d").path("Source").asText())
        .isEqualTo(project.folder().resolve("config").toString());
    project.upAgainChangesNothing();
    project.does("docker compose down");
    assertThat(project.lists("docker volume ls -q")).contains("web-and-database_web_data");
    project.does("docker compose up -d");
    assertThat(project.in("db", "cat /var/lib/postgresql/data/table").line()).isEqualTo("row");
    project.does("docker compose down --volumes");
    assertThat(project.lists("docker volume ls -q --filter label=com.docker.compose.project"))
        .isEmpty();
    assertThat(project.does("cat /mnt/host/postgres/data/table")).isEqualTo("row");
  }

  @Test
  @DisplayName("notebooks, their data read-only, and a database that writes to a folder")
  void notebooks() {
    Project project = desk.project("notebooks").file("data/table.csv", "1,2\n");
    project.does("docker compose up -d");
    assertThat(project.in("jupyter", "cat /home/jovyan/data/table.csv").line()).isEqualTo("1,2");
    assertThat(project.in("postgres", "echo dump > /backups/today").exitCode()).isZero();
    assertThat(project.does("cat backups/today")).isEqualTo("dump");
    assertThat(project.in("jupyter", "touch /home/jovyan/work/a.ipynb").exitCode()).isZero();
    project.does("docker compose rm --stop --force jupyter; docker compose up -d");
    assertThat(project.in("jupyter", "ls /home/jovyan/work").line()).isEqualTo("a.ipynb");
    project.does("docker compose down -v");
  }

  @Test
  @DisplayName("a volume, a read-only folder and a tmpfs")
  void volumes() {
    Project project = desk.project("volumes").file("local_dir/app.conf", "on\n");
    project.does("docker compose up -d");
    assertThat(project.in("app", "grep -c '^tmpfs /app/temp tmpfs' /proc/mounts").line())
        .isEqualTo("1");
    assertThat(project.in("app", "cat /app/config/app.conf; touch /app/config/x").line())
        .isEqualTo("on");
    assertThat(mount(project, "app", "/app/data").path("Name").asText())
        .isEqualTo("volumes_my_volume");
    project.upAgainChangesNothing();
    project.does("docker compose down -v");
    assertThat(project.lists("docker volume ls -q")).isEmpty();
  }

  @Test
  @DisplayName("a file bound by the long form, and a volume without what the image has there")
  void advanced() {
    Project project = desk.project("volumes-advanced").file("init.sql", "select 1;\n");
    project.does("docker compose up -d");
    assertThat(project.in("db", "cat /docker-entrypoint-initdb.d/init.sql").line())
        .isEqualTo("select 1;");
    assertThat(mount(project, "db", "/docker-entrypoint-initdb.d/init.sql").path("RW").asBoolean())
        .isFalse();
    // The volume is copied up from the image, as it is empty.
    assertThat(project.does("cat /mnt/nvme/db_data/PG_VERSION")).isEqualTo("14");
    assertThat(project.in("app", "ls -A /shared").line()).isEmpty();
    project.upAgainChangesNothing();
    project.does("docker compose down -v; rm init.sql");
    assertThat(project.types("docker compose up -d").errors())
        .contains("bind source path does not exist: " + project.folder() + "/init.sql");
  }

  @Test
  @DisplayName("a database on several disks with a tmpfs; limits beyond the machine are refused")
  void database() {
    Project project =
        desk.project("database")
            .file("limits.yaml", SMALL.formatted("postgres"))
            .file(
                "archive.yaml",
                "volumes: {pg_archive: {driver_opts: {type: none, o: bind, device:"
                    + " /mnt/ssd/app_logs}}}\n");
    if (Runtime.getRuntime().availableProcessors() < 8) {
      assertThat(project.types("docker compose up -d").errors())
          .contains("range of CPUs is from 0.01 to ", "CPUs available");
      project.does("docker compose down -v");
    }
    project.does(
        "export COMPOSE_FILE=compose.yaml:limits.yaml:archive.yaml; docker compose up -d");
    JsonNode host = project.container("postgres").path("HostConfig");
    assertThat(host.path("NanoCpus").asLong()).isEqualTo(500_000_000);
    assertThat(host.path("Memory").asLong()).isEqualTo(16L << 30);
    assertThat(host.path("MemoryReservation").asLong()).isEqualTo(8L << 30);
    assertThat(project.in("postgres", "grep -c '^tmpfs /pg_temp .*size=4194304k' /proc/mounts"))
        .extracting(Command.Result::line)
        .isEqualTo("1");
    assertThat(project.in("postgres", "grep ' /pg_wal ' /proc/mounts").line()).contains("noatime");
    assertThat(project.does("docker logs database-postgres-1")).startsWith("started with ");
    project.does(
        "export COMPOSE_FILE=compose.yaml:limits.yaml:archive.yaml; docker compose down -v");
    assertThat(project.lists("docker volume ls -q")).isEmpty();
  }

  @Test
  @DisplayName("defaults for volumes by an anchor, labels, consistency, a sized tmpfs")
  void production() {
    Project project =
        desk.project("production-volumes")
            .file("config/app.conf", "on\n")
            .file("limits.yaml", SMALL.formatted("app"));
    project.does("docker compose -f compose.yaml -f limits.yaml up -d");
    assertThat(project.lists("docker volume ls -q --filter label=performance=critical"))
        .containsExactly("production-volumes_app_data");
    assertThat(project.in("app", "echo x > /app/data/file; stat -c %a /app/cache").line())
        .isEqualTo("1777");
    assertThat(project.does("cat /mnt/nvme/app_data/file")).isEqualTo("x");
    assertThat(mount(project, "app", "/app/config").path("RW").asBoolean()).isFalse();
    project.does("docker compose -f compose.yaml -f limits.yaml down -v");
  }

  @Test
  @DisplayName("a database with its log on another disk, none of the image's files copied")
  void optimized() {
    Project project =
        desk.project("optimized-stack").file("limits.yaml", SMALL.formatted("database"));
    project.does("docker compose -f compose.yaml -f limits.yaml up -d");
    assertThat(project.does("ls -A /mnt/nvme/db_data")).isEmpty();
    assertThat(project.in("database", "touch /var/lib/postgresql/wal/1").exitCode()).isZero();
    assertThat(project.lists("ls /mnt/nvme/db_wal")).containsExactly("1");
    project.does("docker compose -f compose.yaml -f limits.yaml down -v");
  }

  @Test
  @DisplayName("a server of files that is not there is named; what was made can be taken down")
  void networkFileSystem() {
    Project project = desk.project("nfs-volume");
    Command.Result up = project.types("docker compose up -d");
    assertThat(up.exitCode()).isNotZero();
    assertThat(up.errors())
        .contains("failed to mount local volume: mount :/export/data:")
        .contains("addr=192.168.1.100");
    assertThat(project.does("docker volume inspect nfs-volume_nfs_data -f '{{.Options.device}}'"))
        .isEqualTo(":/export/data");
    project.does("docker compose down -v");
    assertThat(project.lists("docker volume ls -q; docker ps -aq")).isEmpty();
  }

  @Test
  @DisplayName("a volume driver that is not here is named, and nothing is left")
  void foreignDriver() {
    Project project = desk.project("foreign-driver");
    Command.Result up = project.types("docker compose up -d");
    assertThat(up.exitCode()).isNotZero();
    assertThat(up.errors()).contains("plugin \"rexray/ebs\" not found");
    project.does("docker compose down -v");
    assertThat(project.lists("docker volume ls -q; docker ps -aq")).isEmpty();
  }
}
