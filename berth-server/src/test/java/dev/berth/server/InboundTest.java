package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What holds a fast sender back, and lets it go on. */
class InboundTest {
  private static final int PIECE_BYTES = 64 * 1024;

  /** The channel's own event loop: what is left to it waits until it is told to run. */
  private final EmbeddedChannel channel = new EmbeddedChannel();

  private final ReadGate gate = new ReadGate(channel);
  private final Inbound inbound = new Inbound(channel.eventLoop(), gate);

  private static ByteBuf piece() {
    return Unpooled.wrappedBuffer(new byte[PIECE_BYTES]);
  }

  private void fill() {
    while (channel.config().isAutoRead()) {
      inbound.put(piece());
    }
  }

  private void empty() throws InterruptedException {
    while (inbound.ready()) {
      Object piece = inbound.take();
      assertThat(piece).isInstanceOf(ByteBuf.class);
    }
  }

  @Test
  void aFullQueueStopsReadingUntilItWasTaken() throws InterruptedException {
    fill();
    empty();
    assertThat(channel.config().isAutoRead()).isFalse();
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void aQueueThatIsFullAgainStaysShut() throws InterruptedException {
    fill();
    empty();
    for (int i = 0; i <= 8; i++) {
      inbound.put(piece());
    }
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isFalse();
    empty();
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void eitherReasonAloneStopsReading() throws InterruptedException {
    fill();
    gate.undecodedFull(true);
    empty();
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isFalse();
    gate.undecodedFull(false);
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  /** A taker as quick as the sender never leaves the socket unread for good. */
  @Test
  void senderAndTakerInARaceEndWithAnOpenGate() throws Exception {
    try (EventLoop loop = new DefaultEventLoop()) {
      EmbeddedChannel raced = new EmbeddedChannel();
      ReadGate open = new ReadGate(raced);
      Inbound queue = new Inbound(loop, open);
      int pieces = 4000;
      Thread taker =
          Thread.startVirtualThread(() -> {
            try {
              for (int i = 0; i < pieces; i++) {
                queue.take();
              }
            } catch (InterruptedException interrupted) {
              Thread.currentThread().interrupt();
            }
          });
      loop.submit(
              () -> {
                for (int i = 0; i < pieces; i++) {
                  queue.put(piece());
                }
              })
          .get(60, TimeUnit.SECONDS);
      taker.join();
      loop.submit(() -> assertThat(raced.config().isAutoRead()).isTrue()).get(60, TimeUnit.SECONDS);
    }
  }
}
