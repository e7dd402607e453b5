package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Images: import, tag, list, inspect, save, load, remove, and a real registry. */
@Order(SpineFirst.FIRST)
@Tag("blackbox")
class ImageTest {
  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start().withBusybox();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  private static String id(String image) {
    return engine.docker("image", "inspect", "--format", "{{.Id}}", image).run().ok().line();
  }

  @Test
  void listsByFilter() {
    engine.docker("tag", "busybox", "filtered:one").run().ok();
    assertThat(
            engine
                .docker("images", "--format", "{{.Repository}}:{{.Tag}}", "filtered")
                .run()
                .ok()
                .line())
        .isEqualTo("filtered:one");
    assertThat(engine.docker("images", "-q", "--filter", "reference=filter*:o*").run().ok().lines())
        .hasSize(1);
    assertThat(engine.docker("images", "-q", "--filter", "dangling=true").run().ok().line())
        .isEmpty();
    engine.docker("rmi", "filtered:one").run().ok();
  }

  @Test
  void importsWithChanges() {
    byte[] tar =
        engine.docker("run", "--rm", "busybox", "tar", "-c", "-f", "-", "bin").run().ok().output();
    engine
        .docker(
            "import",
            "-c",
            "ENV A=1",
            "-c",
            "WORKDIR /w",
            "-c",
            "EXPOSE 80",
            "-c",
            "USER 33",
            "-m",
            "made",
            "-",
            "changed:1")
        .input(tar)
        .run()
        .ok();
    assertThat(
            engine
                .docker(
                    "inspect",
                    "--format",
                    "{{.Config.Env}} {{.Config.WorkingDir}} {{.Config.User}} {{.Config.ExposedPorts}}",
                    "changed:1")
                .run()
                .ok()
                .line())
        .isEqualTo("[A=1] /w 33 map[80/tcp:{}]");
    assertThat(engine.docker("history", "--format", "{{.Comment}}", "changed:1").run().ok().line())
        .isEqualTo("made");
    engine.docker("rmi", "changed:1").run().ok();
  }

  @Test
  void savesAndLoadsTheSameImage() {
    String before = id("busybox");
    Path archive = engine.folder().resolve("saved.tar");
    engine.docker("tag", "busybox", "travels:1").run().ok();
    engine.docker("save", "-o", archive.toString(), "travels:1").run().ok();
    engine.docker("rmi", "travels:1").run().ok();
    assertThat(engine.docker("load", "-i", archive.toString()).run().ok().line())
        .isEqualTo("Loaded image: travels:1");
    assertThat(id("travels:1")).isEqualTo(before);
    for (String compress : List.of("gzip", "zstd")) {
      engine.docker("rmi", "travels:1").run().ok();
      byte[] bytes = Command.of(compress, "-c", archive.toString()).run().ok().output();
      engine.docker("load").input(bytes).run().ok();
      assertThat(id("travels:1")).isEqualTo(before);
    }
    engine.docker("rmi", "travels:1").run().ok();
  }

  @Test
  void refusesABrokenArchiveAndLeavesNothing() throws IOException {
    engine.docker("tag", "busybox", "broken:1").run().ok();
    byte[] whole = engine.docker("save", "broken:1").run().ok().output();
    engine.docker("rmi", "broken:1").run().ok();
    byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);
    List<Path> before = layers();
    Command.Result load = engine.docker("load").input(half).run();
    assertThat(load.exitCode()).isEqualTo(1);
    assertThat(load.errors()).isNotBlank();
    assertThat(layers()).isEqualTo(before);
    assertThat(engine.docker("load").input("this is no archive").run().exitCode()).isEqualTo(1);
    assertThat(engine.docker("images", "-q", "broken").run().line()).isEmpty();
  }

  private static List<Path> layers() throws IOException {
    try (Stream<Path> entries = Files.list(engine.dataRoot().resolve("layers"))) {
      return entries.sorted().toList();
    }
  }

  @Test
  void refusesToRemoveWhatIsUsed() {
    engine.docker("create", "--name", "user", "busybox").run().ok();
    try {
      Command.Result used = engine.docker("rmi", "busybox").run();
      assertThat(used.exitCode()).isEqualTo(1);
      assertThat(used.errors())
          .contains(
              "conflict: unable to remove repository reference \"busybox\" (must force) - container ");
      assertThat(engine.docker("rmi", "nosuch").run().errors())
          .contains("No such image: nosuch:latest");
      assertThat(engine.docker("run", "--pull", "never", "nosuch").run().errors())
          .contains("No such image: nosuch:latest");
      assertThat(engine.docker("tag", "busybox", "UPPER").run().errors())
          .contains("must be lowercase");
    } finally {
      engine.docker("rm", "user").run();
    }
  }

  @Test
  void prunesWhatNobodyNames() {
    byte[] tar =
        Command.of("tar", "-c", "-C", engine.folder().resolve("busybox").toString(), "etc")
            .run()
            .ok()
            .output();
    String id = engine.docker("import", "-").input(tar).run().ok().line();
    assertThat(
            engine.docker("images", "-q", "--filter", "dangling=true", "--no-trunc").run().line())
        .isEqualTo(id);
    assertThat(engine.docker("image", "prune", "-f").run().ok().text()).contains("deleted: " + id);
  }

  @Test
  void pushesToAndPullsFromARegistry() throws IOException {
    Path folder = Files.createDirectories(engine.folder().resolve("registry"));
    Path configuration = folder.resolve("config.yml");
    Files.writeString(
        configuration,
        "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: "
            + folder
            + "/data\n  delete:\n    enabled: true\nhttp:\n  addr: 127.0.0.1:5000\n");
    Process registry =
        new ProcessBuilder(engine.hostCommand("docker-registry", "serve", configuration.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      Eventually.holds(
          "the registry answers",
          () -> engine.onHost("curl", "-sf", "http://127.0.0.1:5000/v2/").run().exitCode() == 0);
      String before = id("busybox");
      engine.docker("tag", "busybox", "127.0.0.1:5000/team/tool:1").run().ok();
      assertThat(engine.docker("push", "127.0.0.1:5000/team/tool:1").run().ok().text())
          .contains("1: digest: sha256:");
      assertThat(engine.docker("push", "127.0.0.1:5000/team/tool:1").run().ok().text())
          .contains("Layer already exists");
      engine.docker("rmi", "127.0.0.1:5000/team/tool:1").run().ok();
      Command.Result pull = engine.docker("pull", "127.0.0.1:5000/team/tool:1").run().ok();
      assertThat(pull.text())
          .contains("Status: Downloaded newer image for 127.0.0.1:5000/team/tool:1");
      assertThat(id("127.0.0.1:5000/team/tool:1")).isEqualTo(before);
      assertThat(engine.docker("pull", "127.0.0.1:5000/team/tool:1").run().ok().text())
          .contains("Status: Image is up to date");
      JsonNode remote = engine.api().get("/distribution/127.0.0.1:5000/team/tool:1/json").json();
      assertThat(engine.docker("inspect", "-f", "{{.RepoDigests}}", before).run().ok().line())
          .contains(remote.at("/Descriptor/digest").asText());
      assertThat(remote.at("/Platforms/0/os").asText()).isEqualTo("linux");
      assertThat(engine.api().get("/distribution/127.0.0.1:5000/team/tool:2/json").status())
          .isEqualTo(404);
      assertThat(
              engine
                  .docker("manifest", "inspect", "--insecure", "127.0.0.1:5000/team/tool:1")
                  .run()
                  .ok()
                  .text())
          .contains("\"schemaVersion\": 2");
      Command.Result missing = engine.docker("pull", "127.0.0.1:5000/team/nosuch:1").run();
      assertThat(missing.exitCode()).isEqualTo(1);
      assertThat(missing.errors()).contains("not found");
      engine.docker("rmi", "127.0.0.1:5000/team/tool:1").run().ok();
    } finally {
      registry.descendants().forEach(ProcessHandle::destroyForcibly);
      registry.destroyForcibly();
    }
  }

  @Test
  void asksAClosedRegistryForItsUsers() throws IOException {
    Path folder = Files.createDirectories(engine.folder().resolve("closed"));
    Command.of("htpasswd", "-Bbc", folder.resolve("users").toString(), "anna", "secret").run().ok();
    Path configuration = folder.resolve("config.yml");
    Files.writeString(
        configuration,
        "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: "
            + folder
            + "/data\nhttp:\n  addr: 127.0.0.1:5001\nauth:\n  htpasswd:\n    realm: closed\n    path: "
            + folder
            + "/users\n");
    Process registry =
        new ProcessBuilder(engine.hostCommand("docker-registry", "serve", configuration.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      Eventually.holds(
          "the registry answers",
          () ->
              engine
                      .onHost("curl", "-s", "-u", "anna:secret", "-f", "http://127.0.0.1:5001/v2/")
                      .run()
                      .exitCode()
                  == 0);
      String name = "127.0.0.1:5001/team/closed:1";
      engine.docker("tag", "busybox", name).run().ok();
      assertThat(engine.docker("push", name).run().errors()).contains("no basic auth credentials");
      Command.Result wrong =
          engine
              .docker("login", "-u", "anna", "--password-stdin", "127.0.0.1:5001")
              .input("guess")
              .run();
      assertThat(wrong.exitCode()).isEqualTo(1);
      assertThat(wrong.errors()).contains("unauthorized");
      Command.Result right =
          engine
              .docker("login", "-u", "anna", "--password-stdin", "127.0.0.1:5001")
              .input("secret")
              .run()
              .ok();
      assertThat(right.text()).contains("Login Succeeded");
      engine.docker("push", name).run().ok();
      engine.docker("rmi", name).run().ok();
      engine.docker("pull", name).run().ok();
      String digests =
          engine.docker("inspect", "--format", "{{.RepoDigests}}", name).run().ok().line();
      engine.docker("logout", "127.0.0.1:5001").run().ok();
      assertThat(digests).contains("127.0.0.1:5001/team/closed@sha256:");
      engine.docker("rmi", name).run().ok();
      assertThat(engine.docker("pull", name).run().exitCode()).isEqualTo(1);
    } finally {
      registry.descendants().forEach(ProcessHandle::destroyForcibly);
      registry.destroyForcibly();
    }
  }
}
