package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Plugins that the engine installs and runs, with the Docker client and a real registry. */
@Tag("blackbox")
class ManagedPluginTest {
  private static final String NAME = "sample/volumes";
  private static VolumeStage stage;
  private static Path context;

  @BeforeAll
  static void start() throws Exception {
    stage = VolumeStage.open();
    context = Files.createDirectories(stage.engine().folder().resolve("plugin"));
    Path rootfs = context.resolve("rootfs");
    stage
        .engine()
        .onHost(EngineUnderTest.script("busybox-rootfs").toString(), rootfs.toString())
        .run()
        .ok();
    stage.onHost(
        "cd "
            + rootfs
            + " && mkdir -p data state run/docker/plugins usr/lib/x86_64-linux-gnu"
            + " && cp --parents -L $(ldd /usr/bin/perl | grep -o '/[^ ]*') /usr/bin/perl ."
            + " && cp -r /usr/lib/x86_64-linux-gnu/perl-base usr/lib/x86_64-linux-gnu/");
    try (InputStream script = ManagedPluginTest.class.getResourceAsStream("/plugin/volumes.pl")) {
      Files.copy(java.util.Objects.requireNonNull(script), rootfs.resolve("volumes.pl"));
    }
    Files.writeString(context.resolve("config.json"), configuration("docker.volumedriver/1.0"));
  }

  private static String configuration(String type) {
    return """
    {"description": "volumes for tests", "documentation": "none",
     "entrypoint": ["/usr/bin/perl", "/volumes.pl"], "workdir": "/",
     "interface": {"types": ["%s"], "socket": "volumes.sock"},
     "network": {"type": "host"}, "propagatedMount": "/data",
     "linux": {"capabilities": ["CAP_SYS_ADMIN"]},
     "mounts": [{"name": "state", "source": "/tmp", "destination": "/state",
                 "type": "bind", "options": ["rbind"], "settable": ["source"]}],
     "env": [{"name": "FLAVOUR", "settable": ["value"], "value": "plain"}]}
    """
        .formatted(type);
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @AfterEach
  void clear() {
    stage.clear();
    for (String name : stage.docker("plugin", "ls", "--format", "{{.Name}}").lines()) {
      stage.docker("plugin", "rm", "--force", name).ok();
    }
    assertThat(stage.onHost("ls " + stage.engine().dataRoot() + "/plugins")).isEqualTo("blobs");
    assertThat(stage.onHost("ls " + stage.engine().dataRoot() + "/plugins/blobs")).isEmpty();
    assertThat(stage.onHost("grep -c propagated-mount /proc/mounts; true")).isEqualTo("0");
  }

  private static void create() {
    stage.docker("plugin", "create", NAME, context.toString()).ok();
  }

  private static void refused(String message, String... words) {
    Command.Result result = stage.docker(words);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.errors()).contains(message);
  }

  @Test
  void holdsVolumesFromItsEnablingToItsRemoval() {
    create();
    assertThat(stage.docker("plugin", "ls").ok().text())
        .containsPattern("sample/volumes:latest +volumes for tests +false");
    refused(
        "plugin \"" + NAME + ":latest\" already exists",
        "plugin",
        "create",
        NAME,
        context.toString());
    refused("not found", "volume", "create", "--driver", NAME, "early");
    refused("invalid filter 'enabled=[maybe]'", "plugin", "ls", "--filter", "enabled=maybe");
    assertThat(stage.docker("plugin", "ls", "-q", "--filter", "enabled=true").ok().line())
        .isEmpty();
    stage.docker("plugin", "enable", NAME).ok();
    refused("is enabled", "plugin", "enable", NAME);
    refused("is enabled", "plugin", "rm", NAME);
    stage.docker("volume", "create", "--driver", NAME, "vv").ok();
    assertThat(stage.run("grep ' /v ' /proc/mounts; echo hello > /v/f", "-v", "vv:/v").ok().line())
        .startsWith("plugin-plain /v tmpfs");
    stage.keep("cc", "-v", "vv:/v");
    assertThat(
            stage
                .docker("volume", "inspect", "--format", "{{.Driver}} {{.Mountpoint}}", "vv")
                .ok()
                .line())
        .startsWith(NAME + ":latest " + stage.engine().dataRoot() + "/plugins/")
        .endsWith("/propagated-mount/vv");
    refused("is in use", "plugin", "disable", NAME);
    stage.docker("rm", "--force", "cc").ok();
    stage.docker("volume", "rm", "vv").ok();
    stage.docker("plugin", "disable", NAME).ok();
    refused("found but disabled", "plugin", "disable", NAME);
    stage.docker("plugin", "rm", NAME).ok();
    refused("plugin \"" + NAME + "\" not found", "plugin", "inspect", NAME);
  }

  @Test
  void runsWithWhatIsSet() {
    create();
    stage.docker("plugin", "set", NAME, "FLAVOUR=bitter").ok();
    refused(
        "setting \"nosuch\" not found in the plugin configuration",
        "plugin",
        "set",
        NAME,
        "nosuch=1");
    refused("\"state.type\" is not settable", "plugin", "set", NAME, "state.type=tmpfs");
    stage.docker("plugin", "enable", NAME).ok();
    refused("cannot set on an active plugin", "plugin", "set", NAME, "FLAVOUR=x");
    assertThat(
            stage
                .run("grep ' /v ' /proc/mounts", "-v", "vv:/v", "--volume-driver", NAME)
                .ok()
                .line())
        .startsWith("plugin-bitter /v tmpfs");
    assertThat(stage.docker("plugin", "inspect", "--format", "{{.Settings.Env}}", NAME).ok().line())
        .isEqualTo("[FLAVOUR=bitter]");
    stage.docker("volume", "rm", "vv").ok();
  }

  @Test
  void outlivesTheEngineAndIsStartedAgainWhenItEnds() {
    create();
    stage.docker("plugin", "enable", NAME).ok();
    String before = stage.onHost("pgrep -f '[/]volumes.pl'");
    stage.engine().killEngine();
    stage.engine().startEngine();
    assertThat(stage.onHost("pgrep -f '[/]volumes.pl'")).isEqualTo(before);
    assertThat(stage.docker("plugin", "ls", "--filter", "enabled=true", "-q").lines()).hasSize(1);
    stage.docker("volume", "create", "--driver", NAME, "vv").ok();
    stage.docker("volume", "rm", "vv").ok();
    stage.onHost("kill -9 " + before);
    Eventually.holds(
        "it runs again",
        () ->
            !stage.onHost("pgrep -f '[/]volumes.pl'; true").isEmpty()
                && stage.docker("volume", "create", "--driver", NAME, "ww").exitCode() == 0);
    stage.docker("volume", "rm", "ww").ok();
  }

  @Test
  void refusesWhatIsNoPlugin() throws IOException {
    Path bad = Files.createDirectories(stage.engine().folder().resolve("bad"));
    Files.createDirectories(bad.resolve("rootfs"));
    Files.writeString(bad.resolve("config.json"), "{\"description\":\"no entry point\"}");
    refused("entrypoint", "plugin", "create", "sample/bad", bad.toString());
    assertThat(stage.api().post("/v1.51/plugins/create?name=sample/none", "").status())
        .isEqualTo(400);
    refused("not found", "plugin", "enable", "sample/bad");
    assertThat(stage.docker("plugin", "ls", "-q").lines()).isEmpty();
  }

  @Test
  void aPluginThatNeverListensIsNotEnabled() throws IOException {
    Path silent = Files.createDirectories(stage.engine().folder().resolve("silent"));
    stage.onHost("rm -rf " + silent + "/rootfs && cp -a " + context + "/rootfs " + silent);
    Files.writeString(
        silent.resolve("config.json"),
        configuration("docker.volumedriver/1.0").replace("/volumes.pl\"", "-esleep 600\""));
    stage.docker("plugin", "create", "sample/silent", silent.toString()).ok();
    refused("dial unix", "plugin", "enable", "--timeout", "1", "sample/silent");
    assertThat(stage.docker("plugin", "ls", "--filter", "enabled=true", "-q").lines()).isEmpty();
    assertThat(stage.onHost("pgrep -f 'sleep 60[0]'; true")).isEmpty();
  }

  @Test
  void goesToARegistryAndComesBack() throws Exception {
    Path folder = Files.createDirectories(stage.engine().folder().resolve("registry"));
    Path configuration = folder.resolve("config.yml");
    Files.writeString(
        configuration,
        "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: "
            + folder
            + "/data\nhttp:\n  addr: 127.0.0.1:5000\n");
    Process registry =
        new ProcessBuilder(
                stage.engine().hostCommand("docker-registry", "serve", configuration.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    String remote = "127.0.0.1:5000/sample/volumes:1";
    try {
      Eventually.holds(
          "the registry answers",
          () ->
              stage.engine().onHost("curl", "-sf", "http://127.0.0.1:5000/v2/").run().exitCode()
                  == 0);
      stage.docker("plugin", "create", remote, context.toString()).ok();
      assertThat(stage.docker("plugin", "push", remote).ok().text()).contains("1: digest: sha256:");
      stage.docker("plugin", "rm", remote).ok();
      assertThat(stage.api().get("/v1.51/plugins/privileges?remote=" + remote).text())
          .contains("\"Name\":\"network\"", "\"Name\":\"mount\"", "CAP_SYS_ADMIN");
      assertThat(stage.api().post("/v1.51/plugins/pull?name=mine&remote=" + remote, "[]").text())
          .contains("incorrect privileges");
      stage
          .docker(
              "plugin",
              "install",
              "--grant-all-permissions",
              "--alias",
              "mine",
              remote,
              "FLAVOUR=sour")
          .ok();
      assertThat(
              stage
                  .run("grep ' /v ' /proc/mounts", "-v", "vv:/v", "--volume-driver", "mine")
                  .ok()
                  .line())
          .startsWith("plugin-sour /v tmpfs");
      stage.docker("volume", "rm", "vv").ok();
      assertThat(
              stage
                  .docker("plugin", "inspect", "--format", "{{.PluginReference}}", "mine")
                  .ok()
                  .line())
          .isEqualTo(remote);
      stage.docker("plugin", "disable", "mine").ok();
      stage.docker("plugin", "upgrade", "--grant-all-permissions", "mine", remote).ok();
      assertThat(
              stage
                  .docker("plugin", "inspect", "--format", "{{.Settings.Env}}", "mine")
                  .ok()
                  .line())
          .isEqualTo("[FLAVOUR=plain]");
      refused("(image)", "plugin", "install", "--grant-all-permissions", pushedImage());
    } finally {
      registry.descendants().forEach(ProcessHandle::destroyForcibly);
      registry.destroyForcibly();
    }
  }

  private static String pushedImage() {
    String image = "127.0.0.1:5000/sample/image:1";
    stage.docker("tag", "busybox", image).ok();
    stage.docker("push", image).ok();
    stage.docker("rmi", image).ok();
    return image;
  }

  @Test
  void tellsOfItself() {
    Instant since = Instant.now();
    create();
    stage.docker("plugin", "enable", NAME).ok();
    stage.docker("plugin", "disable", NAME).ok();
    stage.docker("plugin", "rm", NAME).ok();
    assertThat(stage.events(since, "type=plugin", "{{.Action}} {{.Actor.Attributes.name}}"))
        .containsExactly(
            "create " + NAME + ":latest",
            "enable " + NAME + ":latest",
            "disable " + NAME + ":latest",
            "remove " + NAME + ":latest");
  }
}
