package dev.berth.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a raw stream into the frames of a websocket and back, so that what serves a
 * hijacked connection serves a websocket too. Pings are answered; either side may begin to close,
 * and a client that never confirms is not waited for long. Source: RFC 6455.
 */
final class WebSocketFrames extends ChannelDuplexHandler {
  private static final int MAX_FRAME_BYTES = 4 * 1024 * 1024;
  private static final long CLOSING_MILLIS = 1000;

  private final boolean binary;
  private boolean closeSent;
  private @Nullable ChannelPromise closing;

  /**
   * @param binary whether what is sent goes in binary frames; otherwise in text frames
   */
  WebSocketFrames(boolean binary) {
    this.binary = binary;
  }

  /** The handlers to put into the channel, in this order. */
  ChannelHandler[] handlers() {
    WebSocketDecoderConfig config =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(MAX_FRAME_BYTES)
            .allowExtensions(false)
            .withUTF8Validator(false)
            .closeOnProtocolViolation(false)
            .build();
    return new ChannelHandler[] {
      new WebSocket13FrameEncoder(false), new WebSocket13FrameDecoder(config), this
    };
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    switch (message) {
      case PingWebSocketFrame ping -> {
        ChannelFuture _ = context.writeAndFlush(new PongWebSocketFrame(ping.content()));
      }
      case PongWebSocketFrame pong -> pong.release();
      case CloseWebSocketFrame close -> closedByClient(context, close);
      case WebSocketFrame data -> pass(context, data);
      default -> context.fireChannelRead(message);
    }
  }

  private static void pass(ChannelHandlerContext context, WebSocketFrame data) {
    if (data.content().isReadable()) {
      context.fireChannelRead(data.content());
    } else {
      data.release();
    }
  }

  private void closedByClient(ChannelHandlerContext context, CloseWebSocketFrame close) {
    if (closeSent) {
      close.release();
    } else {
      closeSent = true;
      ChannelFuture _ = context.writeAndFlush(close);
    }
    ChannelPromise waiting = closing;
    if (waiting == null) {
      context.fireChannelRead(Inbound.END);
    } else {
      closeNow(context, waiting);
    }
  }

  private static void closeNow(ChannelHandlerContext context, ChannelPromise promise) {
    if (!promise.isDone()) {
      ChannelFuture _ = context.close(promise);
    }
  }

  /** A client that breaks the rules is told so and left. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException broken && !closeSent) {
      closeSent = true;
      ChannelFuture _ =
          context
              .writeAndFlush(new CloseWebSocketFrame(broken.closeStatus(), ""))
              .addListener(ChannelFutureListener.CLOSE);
    } else {
      context.fireExceptionCaught(cause);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    boolean data = message instanceof ByteBuf bytes && bytes.isReadable();
    if (data && closeSent) {
      ((ByteBuf) message).release();
      promise.tryFailure(new ClientGoneException());
    } else {
      ChannelFuture _ = context.write(data ? frame((ByteBuf) message) : message, promise);
    }
  }

  private WebSocketFrame frame(ByteBuf bytes) {
    return binary ? new BinaryWebSocketFrame(bytes) : new TextWebSocketFrame(bytes);
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (closing != null || closeSent || !context.channel().isActive()) {
      ChannelFuture _ = context.close(promise);
      return;
    }
    closing = promise;
    closeSent = true;
    CloseWebSocketFrame close = new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE, "");
    ChannelFuture _ =
        context.writeAndFlush(close).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    ScheduledFuture<?> _ =
        context
            .executor()
            .schedule(() -> closeNow(context, promise), CLOSING_MILLIS, TimeUnit.MILLISECONDS);
  }
}
