package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Volumes on a real SMB server. */
class CifsCases {
  private static Scene scene;
  private static Wire wire;
  private static FileServer server;

  @BeforeAll
  static void start() {
    scene = GuestHost.shared().scene();
    wire = GuestHost.shared().wire();
    server = FileServer.start(scene, wire).smb();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void clear() {
    scene.clear();
    server.removeVolumes();
    assertThat(scene.host("grep -c ' cifs ' /proc/mounts").line()).isEqualTo("0");
  }

  private static Command.Result run(String volume, String line) {
    return scene.docker("run", "--rm", "-v", volume + ":/d", "busybox", "sh", "-c", line);
  }

  @Test
  @DisplayName("a share by the server's name, with a password that nobody is shown")
  void served() throws IOException {
    Files.writeString(server.export().resolve("greeting"), "hello\n");
    String login = "username=root,password=" + FileServer.SECRET + ",vers=3.0,file_mode=0640";
    server.volume("shared", "cifs", "//" + FileServer.NAME + "/share", login);
    assertThat(run("shared", "cat /d/greeting; stat -c %a /d/greeting; echo x > /d/new").lines())
        .as(server::log)
        .containsExactly("hello", "640");
    assertThat(Files.readString(server.export().resolve("new"))).isEqualTo("x\n");
    Eventually.equal("", () -> server.mounted("shared"));
    unseen("shared");
  }

  @Test
  @DisplayName("a wrong password and an unknown share are the server's own answers")
  void refused() {
    String login = "addr=" + FileServer.NAME + ",username=root,vers=3.0,password=";
    server.volume("wrong", "cifs", "//any/share", login + "not" + FileServer.SECRET);
    assertThat(run("wrong", "true").errors())
        .contains("failed to mount local volume: mount //any/share:")
        .contains("permission denied")
        .doesNotContain(FileServer.SECRET);
    server.volume("absent", "cifs", "//" + FileServer.NAME + "/absent", login + FileServer.SECRET);
    assertThat(run("absent", "true").errors())
        .contains("no such file or directory")
        .doesNotContain(FileServer.SECRET);
    unseen("wrong");
  }

  /** Looks for the password wherever the engine shows or writes anything. */
  private static void unseen(String volume) {
    String inspected = scene.docker("volume", "inspect", volume).ok().text();
    assertThat(inspected).contains("username=root").doesNotContain(FileServer.SECRET);
    String events =
        scene.docker("events", "--since", "1h", "--until", "0s", "--format", "json").ok().text();
    assertThat(events).contains("\"volume\"").doesNotContain(FileServer.SECRET);
    assertThat(scene.get("/volumes").text()).doesNotContain(FileServer.SECRET);
    assertThat(scene.engine().logText()).doesNotContain(FileServer.SECRET);
  }

  @Test
  @DisplayName("a server that does not answer is an error")
  void silent() {
    server.volume(
        "shared",
        "cifs",
        "//" + FileServer.NAME + "/share",
        "username=root,password=" + FileServer.SECRET);
    server.silence();
    try {
      Command.Result failed = run("shared", "true");
      assertThat(failed.exitCode()).isEqualTo(125);
      assertThat(failed.errors())
          .contains("failed to mount local volume")
          .doesNotContain(FileServer.SECRET);
      scene.docker("run", "--rm", "busybox", "true").ok();
    } finally {
      server.speak();
    }
  }
}
