package dev.berth.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client connection. The event loop decodes and queues; a virtual thread of the connection
 * serves its requests one after the other with blocking code. A request therefore has a thread of
 * its own, and answers leave in the order of the requests.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private static final System.Logger LOG = System.getLogger(Connection.class.getName());
  private static final long MAX_DRAINED_BYTES = 16L * 1024 * 1024;

  private final Channel channel;
  private final Consumer<Exchange> dispatcher;
  private final Consumer<Connection> whenClosed;
  private final ReadGate gate;
  private final Inbound inbound;
  private final Outbound outbound;
  private volatile @Nullable Exchange exchange;
  private volatile boolean raw;
  private volatile boolean clientLeft;

  Connection(Channel channel, Consumer<Exchange> dispatcher, Consumer<Connection> whenClosed) {
    this.channel = channel;
    this.dispatcher = dispatcher;
    this.whenClosed = whenClosed;
    this.gate = new ReadGate(channel);
    this.inbound = new Inbound(channel.eventLoop(), gate);
    this.outbound = new Outbound(channel);
  }

  /** Puts the handlers into the channel; served once the channel is active. */
  void install() {
    channel.pipeline().addLast(new RequestDecoder(gate), new HttpResponseEncoder(), this);
  }

  /** Whether no request is being served at present. */
  boolean idle() {
    return exchange == null;
  }

  /** Closes the connection, whatever it is doing. */
  void close() {
    ChannelFuture _ = channel.close();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    Thread.ofVirtual().name("http-", 0).start(this::serve);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    inbound.put(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      if (raw) {
        inbound.put(Inbound.END);
      } else {
        clientGone();
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    outbound.signal();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    inbound.put(Inbound.END);
    outbound.signal();
    clientGone();
    whenClosed.accept(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.log(System.Logger.Level.DEBUG, "connection failed", cause);
    ChannelFuture _ = context.close();
  }

  private void clientGone() {
    clientLeft = true;
    Exchange running = exchange;
    if (running != null) {
      running.clientGone();
    }
  }

  private void serve() {
    try {
      boolean another = true;
      while (another) {
        another = inbound.take() instanceof HttpRequest request && serve(request);
      }
      if (!raw) {
        outbound.flushFully(Unpooled.EMPTY_BUFFER);
      }
    } catch (IOException failure) {
      LOG.log(System.Logger.Level.DEBUG, "connection ended", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      if (!raw) {
        ChannelFuture _ = channel.close();
      }
      inbound.discard();
    }
  }

  private boolean serve(HttpRequest request) throws IOException, InterruptedException {
    if (request.decoderResult().isFailure()) {
      new Exchange(this, request, inbound, outbound).refuseMalformed();
      return false;
    }
    Exchange current = new Exchange(this, request, inbound, outbound);
    exchange = current;
    if (clientLeft) {
      current.clientGone();
    }
    try {
      dispatcher.accept(current);
      if (!current.finish(MAX_DRAINED_BYTES)) {
        return false;
      }
    } finally {
      exchange = null;
      boolean cleared = Thread.interrupted();
      if (cleared) {
        LOG.log(System.Logger.Level.DEBUG, "a request was interrupted");
      }
    }
    decodeNext();
    return true;
  }

  private void decodeNext() {
    channel
        .eventLoop()
        .execute(() -> {
          RequestDecoder decoder = channel.pipeline().get(RequestDecoder.class);
          ChannelHandlerContext context = channel.pipeline().context(RequestDecoder.class);
          if (decoder == null || context == null) {
            return;
          }
          try {
            decoder.next(context);
          } catch (Exception failure) {
            context.fireExceptionCaught(failure);
          }
        });
  }

  /**
   * Leaves HTTP: sends the head as it is and hands the bytes of both directions over.
   *
   * @param frames between the bytes and the wire, or null for bytes as they are
   */
  RawStream hijack(byte[] head, @Nullable WebSocketFrames frames) throws IOException {
    try {
      channel.eventLoop().submit(() -> leaveHttp(head, frames)).await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("taking over the connection was stopped", interrupted);
    }
    return new RawStream(channel, inbound, outbound, frames == null);
  }

  private void leaveHttp(byte[] head, @Nullable WebSocketFrames frames) {
    raw = true;
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(RequestDecoder.class) == null) {
      return;
    }
    pipeline.remove(HttpResponseEncoder.class);
    ChannelFuture _ = channel.writeAndFlush(Unpooled.wrappedBuffer(head));
    if (frames != null) {
      String own = pipeline.context(this).name();
      for (ChannelHandler handler : frames.handlers()) {
        pipeline.addBefore(own, null, handler);
      }
    }
    pipeline.remove(RequestDecoder.class);
  }
}
