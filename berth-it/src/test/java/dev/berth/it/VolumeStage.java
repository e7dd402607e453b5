package dev.berth.it;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An engine with the busybox image, and short words for what tests of volumes do all the time. */
final class VolumeStage implements AutoCloseable {
  private final EngineUnderTest engine;

  private VolumeStage(EngineUnderTest engine) {
    this.engine = engine;
  }

  static VolumeStage open() {
    return on(EngineUnderTest.start());
  }

  static VolumeStage on(EngineUnderTest engine) {
    return new VolumeStage(engine.withBusybox());
  }

  /**
   * An engine whose data lies on a new file system in an image file.
   *
   * @param make the program that makes it, to which the file's name is added
   */
  static VolumeStage onFileSystem(String make) {
    EngineUnderTest engine = EngineUnderTest.prepare();
    Path image = engine.folder().resolve("root.img");
    Path root = engine.dataRoot();
    engine
        .onHost(
            "sh",
            "-c",
            "truncate -s 1G %1$s && %2$s %1$s && mkdir -p %3$s && mount -o loop %1$s %3$s"
                .formatted(image, make, root))
        .run()
        .ok();
    engine.startEngine();
    return on(engine);
  }

  EngineUnderTest engine() {
    return engine;
  }

  ApiClient api() {
    return engine.api();
  }

  /** A Docker command; whether it ended well is the caller's to judge. */
  Command.Result docker(String... words) {
    return engine.docker(words).run();
  }

  /** A shell line in a new container that is removed afterwards. */
  Command.Result run(String line, String... options) {
    List<String> words = new ArrayList<>(List.of("run", "--rm"));
    words.addAll(Arrays.asList(options));
    words.addAll(List.of("busybox", "sh", "-c", line));
    return docker(words.toArray(String[]::new));
  }

  /** A container that runs until it is removed. */
  void keep(String name, String... options) {
    List<String> words = new ArrayList<>(List.of("run", "--detach", "--name", name));
    words.addAll(Arrays.asList(options));
    words.addAll(List.of("busybox", "sleep", "600"));
    docker(words.toArray(String[]::new)).ok();
  }

  /** A shell line in a running container. */
  Command.Result exec(String container, String line) {
    return docker("exec", container, "sh", "-c", line);
  }

  /** Asks for a container with these members of HostConfig. */
  ApiClient.Answer create(String hostConfig) {
    return api()
        .post(
            "/v1.51/containers/create",
            "{\"Image\":\"busybox\",\"HostConfig\":{" + hostConfig + "}}");
  }

  /** Asks for a container with these mounts, a JSON list. */
  ApiClient.Answer mounts(String list) {
    return create("\"Mounts\":" + list);
  }

  /** Builds an image from a container after a shell line in it. */
  void image(String name, String line) {
    docker("run", "--name", "maker", "busybox", "sh", "-c", line).ok();
    byte[] tree = engine.docker("export", "maker").run().ok().output();
    engine.docker("import", "--change", "CMD [\"sh\"]", "-", name).input(tree).run().ok();
    docker("rm", "maker").ok();
  }

  /** What the client prints of the events between that moment and now. */
  List<String> events(Instant since, String filter, String format) {
    return docker(
            "events",
            "--since",
            seconds(since),
            "--until",
            seconds(Instant.now()),
            "--filter",
            filter,
            "--format",
            format)
        .ok()
        .lines();
  }

  /** A moment as the API takes it, to the nanosecond. */
  static String seconds(Instant time) {
    return time.getEpochSecond() + "." + String.format("%09d", time.getNano());
  }

  String onHost(String line) {
    return engine.onHost("sh", "-c", line).run().ok().line();
  }

  /** Takes away all containers and volumes. */
  void clear() {
    for (String id : docker("ps", "--all", "--quiet").lines()) {
      docker("rm", "--force", "--volumes", id);
    }
    for (String name : docker("volume", "ls", "--quiet").lines()) {
      docker("volume", "rm", "--force", name);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
