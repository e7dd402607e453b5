package dev.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.engine.ContainerConfig.Streams;
import dev.berth.testing.Waiting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttachTest {
  @TempDir Path directory;

  private static final class Client implements ClientStreams {
    final PipedOutputStream typing = new PipedOutputStream();
    final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PipedInputStream stdin;
    volatile boolean finished;

    Client() throws IOException {
      stdin = new PipedInputStream(typing);
    }

    @Override
    public InputStream stdin() {
      return stdin;
    }

    @Override
    public OutputStream stdout() {
      return shown;
    }

    @Override
    public OutputStream stderr() {
      return shown;
    }

    @Override
    public void finish() {
      finished = true;
    }
  }

  private static ContainerSpec spec(boolean tty) {
    return Specs.spec()
        .withConfig(
            Specs.withStreams(Specs.config("cat"), new Streams(true, true, true, tty, true, true)));
  }

  private static Thread run(Attachments.Session session, Client client) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            session.run(client);
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Test
  void aClientMayComeBeforeTheProcess() throws Exception {
    TestEngine engine = new TestEngine(directory);
    String id = engine.create("web", spec(false));
    Client client = new Client();
    try (Attachments.Session session =
        engine.attachments.attach(
            id, new Attachments.Options(true, true, true, false, true, null))) {
      Thread running = run(session, client);
      engine.containers.start(id);
      FakeProcess process = engine.runtime.process(id);
      process.write("hello");
      client.typing.write("abc".getBytes(StandardCharsets.UTF_8));
      client.typing.close();
      Waiting.until(() -> String.join("", process.typed).equals("abc<end>"));
      engine.end(id, 0);
      running.join();
    }
    assertThat(client.shown.toString(StandardCharsets.UTF_8)).isEqualTo("hello");
    assertThat(client.finished).isTrue();
    assertThat(engine.actions()).containsExactly("create", "attach", "start", "die");
  }

  @Test
  void detachKeysLeaveTheContainerRunning() throws Exception {
    TestEngine engine = new TestEngine(directory);
    String id = engine.create("web", spec(true));
    engine.containers.start(id);
    Client client = new Client();
    try (Attachments.Session session =
        engine.attachments.attach(
            id, new Attachments.Options(true, true, true, false, true, null))) {
      assertThat(session.tty()).isTrue();
      Thread running = run(session, client);
      client.typing.write(new byte[] {'x', 16, 17});
      client.typing.flush();
      running.join();
    }
    assertThat(engine.runtime.process(id).typed).containsExactly("x");
    assertThat(engine.runtime.process(id).clients).isEmpty();
    assertThat(engine.live(id).run()).isNotNull();
  }

  @Test
  void aStartThatFailsEndsTheWaitingClient() throws Exception {
    TestEngine engine = new TestEngine(directory);
    String id = engine.create("web", spec(false));
    Client client = new Client();
    try (Attachments.Session session =
        engine.attachments.attach(
            id, new Attachments.Options(false, true, true, false, true, null))) {
      Thread running = run(session, client);
      engine.runtime.refuse(
          new dev.berth.runtime.LaunchException(
              dev.berth.runtime.LaunchException.Kind.NOT_FOUND, "not found"));
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> engine.containers.start(id))
          .hasMessage("not found");
      running.join();
    }
    assertThat(client.finished).isTrue();
  }
}
