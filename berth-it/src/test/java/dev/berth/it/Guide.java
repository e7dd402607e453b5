package dev.berth.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The desk of somebody who follows a guide: a shell on the engine's host in which {@code docker}
 * speaks to the engine, and the images that guides use, each of them a small web server that tells
 * who it is on the port of its namesake.
 */
final class Guide implements AutoCloseable {
  /** What a reader waits for at most; a line may hold several commands. */
  private static final Duration LIMIT = Patience.of(Duration.ofMinutes(3));

  private final Scene scene;
  private final Path folder;

  private Guide(Scene scene, Path folder) {
    this.scene = scene;
    this.folder = folder;
  }

  static Guide open(String... flags) {
    Scene scene = Scene.open(flags);
    Guide guide = new Guide(scene, scene.engine().folder());
    guide.image("alpine", "exec sleep 1000", "");
    guide.server("nginx", 80);
    guide.server("elasticsearch:2", 9200);
    guide.server("redis", 6379);
    guide.server("postgres:13-alpine", 5432);
    guide.server("my-api", 3000);
    return guide;
  }

  private void server(String image, int port) {
    String line =
        "mkdir -p /www; echo %s on $(hostname) > /www/index.html; exec httpd -f -p %d -h /www"
            .formatted(image, port);
    image(image, line, "--change 'EXPOSE " + port + "'");
  }

  private void image(String name, String line, String change) {
    String command = "CMD [\"sh\", \"-c\", \"" + line + "\"]";
    String tree = scene.engine().folder().resolve("busybox").toString();
    types(
            "tar -C %s -c . | docker import --change '%s' %s - %s"
                .formatted(tree, command, change, name))
        .ok();
  }

  Scene scene() {
    return scene;
  }

  /** The folder in which the reader types. */
  Path folder() {
    return folder;
  }

  /** The same desk, with the shell in another folder. */
  Guide in(Path other) {
    return new Guide(scene, other);
  }

  /** What the reader types, and what comes of it. */
  Command.Result types(String lines) {
    return scene
        .engine()
        .onHost("sh", "-c", "cd " + folder + "\n" + lines)
        .with("DOCKER_HOST", scene.engine().host())
        .with("DOCKER_CONFIG", scene.engine().folder().resolve("docker-config").toString())
        .within(LIMIT)
        .run();
  }

  /** What the reader types must work; returns what is on the screen then. */
  String does(String lines) {
    return types(lines).ok().line();
  }

  /** The reader tries again until it says so, as a server takes a moment to start. */
  void sees(String wanted, String lines) {
    Eventually.equal(wanted, () -> types(lines).line());
  }

  /** What the reader types works, at the latest when tried again. */
  void gets(String lines) {
    Eventually.holds(lines, () -> works(lines));
  }

  boolean works(String lines) {
    return types(lines).exitCode() == 0;
  }

  List<String> lists(String lines) {
    return types(lines).ok().lines();
  }

  /** Takes everything away that the reader made. */
  void clear() {
    scene.clear();
  }

  @Override
  public void close() {
    scene.close();
  }
}
