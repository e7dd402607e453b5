package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docker commit: images made of containers. */
@Tag("blackbox")
class CommitTest {
  private static VolumeStage stage;

  @BeforeAll
  static void start() {
    stage = VolumeStage.open();
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @AfterEach
  void clear() {
    stage.clear();
  }

  private static String image(String name, String format) {
    return stage.docker("image", "inspect", "--format", format, name).ok().line();
  }

  @Test
  void keepsWhatAContainerChanged() {
    stage
        .docker(
            "run",
            "--name",
            "maker",
            "busybox",
            "sh",
            "-c",
            "echo kept > /root/file; ln /root/file /root/twin; chmod 4711 /root/file;"
                + " rm /etc/passwd; mkdir /empty; ln -s file /root/link")
        .ok();
    String id =
        stage.docker("commit", "-a", "somebody", "-m", "why", "maker", "committed:1").ok().line();

    assertThat(id).matches("sha256:[0-9a-f]{64}");
    assertThat(
            stage
                .docker(
                    "run",
                    "--rm",
                    "committed:1",
                    "sh",
                    "-c",
                    "cat /root/link; stat -c '%a %h' /root/file; ls -d /empty; ls /etc/passwd")
                .lines())
        .startsWith("kept", "4711 2", "/empty");
    assertThat(image("committed:1", "{{.Author}} {{.Comment}} {{len .RootFS.Layers}}"))
        .isEqualTo("somebody why 2");
    assertThat(stage.docker("history", "--format", "{{.Comment}}", "committed:1").lines())
        .startsWith("why");
    assertThat(image("committed:1", "{{.Id}}")).isEqualTo(id);
    assertThat(image("committed:1", "{{json .Config.Cmd}}")).startsWith("[\"sh\",\"-c\",");
    stage.docker("rmi", "committed:1").ok();
  }

  @Test
  void takesDockerfileInstructions() {
    stage.docker("create", "--name", "maker", "-e", "A=1", "-l", "own=yes", "busybox", "true").ok();
    stage
        .docker(
            "commit",
            "--change",
            "ENV B=2",
            "--change",
            "CMD [\"echo\",\"hello\"]",
            "--change",
            "EXPOSE 80",
            "--change",
            "LABEL more=also",
            "--change",
            "WORKDIR /root",
            "--change",
            "USER 7",
            "maker",
            "changed")
        .ok();

    assertThat(stage.docker("run", "--rm", "changed").ok().line()).isEqualTo("hello");
    assertThat(image("changed", "{{json .Config.Env}}")).contains("A=1", "B=2");
    assertThat(image("changed", "{{json .Config.Labels}}"))
        .isEqualTo("{\"more\":\"also\",\"own\":\"yes\"}");
    assertThat(image("changed", "{{json .Config.ExposedPorts}} {{.Config.WorkingDir}}"))
        .isEqualTo("{\"80/tcp\":{}} /root");
    assertThat(stage.docker("run", "--rm", "changed", "id", "-u").ok().line()).isEqualTo("7");
    Command.Result refused = stage.docker("commit", "--change", "NONSENSE x", "maker");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.errors()).contains("unknown instruction: NONSENSE");
    stage.docker("rmi", "changed").ok();
  }

  @Test
  void freezesARunningContainerUnlessToldNotTo() {
    stage.keep("running");
    stage.exec("running", "echo one > /root/file").ok();
    Instant begin = Instant.now();
    String first = stage.docker("commit", "running").ok().line();
    String second = stage.docker("commit", "--pause=false", "running").ok().line();
    List<String> events = stage.events(begin, "container=running", "{{.Action}}");
    assertThat(events).containsSubsequence("pause", "unpause", "commit", "commit");
    assertThat(events).filteredOn("pause"::equals).hasSize(1);
    assertThat(stage.exec("running", "echo runs").ok().line()).isEqualTo("runs");
    assertThat(stage.docker("run", "--rm", first, "cat", "/root/file").ok().line())
        .isEqualTo("one");
    stage.docker("rmi", "-f", first, second);
  }

  @Test
  void leavesOutVolumesAndWhatTheEngineWrote() {
    stage.keep("running", "-v", "data:/data", "--tmpfs", "/scratch");
    stage.exec("running", "echo x > /data/inside; echo x > /scratch/inside").ok();
    stage.docker("commit", "running", "clean").ok();
    assertThat(stage.docker("run", "--rm", "clean", "ls", "/data", "/scratch").ok().output())
        .asString()
        .doesNotContain("inside");
    assertThat(stage.docker("diff", "running").lines()).noneMatch(line -> line.contains("hosts"));
    stage.docker("rmi", "clean").ok();
  }

  @Test
  void byBerthsOwnClient() {
    stage.docker("run", "--name", "maker", "busybox", "touch", "/made").ok();
    String id = stage.engine().berth("commit", "-m", "own", "maker", "own:2").run().ok().line();
    assertThat(image("own:2", "{{.Id}} {{.Comment}}")).isEqualTo(id + " own");
    assertThat(stage.docker("run", "--rm", "own:2", "ls", "/made").ok().line()).isEqualTo("/made");
    stage.docker("rmi", "own:2").ok();
  }

  @Test
  void refusesWhatIsNotThere() {
    ApiClient.Answer answer = stage.api().post("/v1.51/commit?container=nosuch", "");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.message()).isEqualTo("No such container: nosuch");
    stage.docker("create", "--name", "maker", "busybox").ok();
    ApiClient.Answer named = stage.api().post("/v1.51/commit?container=maker&repo=UPPER", "");
    assertThat(named.status()).isEqualTo(400);
    assertThat(named.message())
        .isEqualTo("invalid reference format: repository name (library/UPPER) must be lowercase");
  }
}
