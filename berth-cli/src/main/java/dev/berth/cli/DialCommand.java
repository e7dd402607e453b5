package dev.berth.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import picocli.CommandLine.Command;

/**
 * The far end of {@code ssh://}: joins standard input and output to the engine's socket, byte for
 * byte. The end of the input closes the sending side only, so that streams that are still read go
 * on; the end of the engine's side ends the command.
 */
@Command(
    name = "dial-stdio",
    description = "Proxy the standard streams to the engine's socket, for ssh:// hosts.")
final class DialCommand extends Base {
  private static final int BUFFER_BYTES = 32 * 1024;

  @Override
  public Integer call() {
    try (SocketChannel engine = engine().dial()) {
      Thread feeder = new Thread(() -> feed(engine), "stdin");
      feeder.setDaemon(true);
      feeder.start();
      copy(Channels.newInputStream(engine), out());
      return 0;
    } catch (IOException broken) {
      throw new CliException(1, "the connection to the engine broke: " + broken.getMessage());
    }
  }

  private void feed(SocketChannel engine) {
    try {
      copy(in(), Channels.newOutputStream(engine));
      engine.shutdownOutput();
    } catch (IOException ended) {
      // The engine's side is gone; the copy from it ends the command.
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
      to.write(buffer, 0, count);
      to.flush();
    }
  }
}
