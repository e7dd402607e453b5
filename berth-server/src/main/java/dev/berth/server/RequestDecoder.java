package dev.berth.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Decodes one request and then waits until it was answered. So pipelined requests are served in
 * order, and the bytes behind a request that turns into a raw stream are never taken for HTTP: they
 * pass on untouched when this decoder is removed.
 *
 * <p>The end of the input travels as {@link Inbound#END} behind the last message; the event of it
 * is passed on at once, because it tells that a running request lost its client.
 */
final class RequestDecoder extends HttpRequestDecoder {
  private static final int MAX_INITIAL_LINE_BYTES = 64 * 1024;
  private static final int MAX_HEADERS_BYTES = 256 * 1024;
  private static final int MAX_PIECE_BYTES = 64 * 1024;
  private static final int MAX_WAITING_BYTES = 128 * 1024;

  private final ReadGate gate;
  private boolean waiting;
  private boolean inputClosed;
  private boolean throttled;

  RequestDecoder(ReadGate gate) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_INITIAL_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADERS_BYTES)
            .setMaxChunkSize(MAX_PIECE_BYTES));
    this.gate = gate;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (waiting) {
      if (buffer.readableBytes() > MAX_WAITING_BYTES && !throttled) {
        throttled = true;
        gate.undecodedFull(true);
      }
      return;
    }
    int before = out.size();
    super.decode(context, buffer, out);
    for (int i = before; i < out.size(); i++) {
      waiting |= out.get(i) instanceof LastHttpContent;
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (!(event instanceof ChannelInputShutdownEvent)) {
      super.userEventTriggered(context, event);
      return;
    }
    inputClosed = true;
    if (waiting) {
      context.fireUserEventTriggered(event);
    } else {
      super.userEventTriggered(context, event);
      context.fireChannelRead(Inbound.END);
    }
  }

  /** The request was answered: decode the next one. Called on the event loop. */
  void next(ChannelHandlerContext context) throws Exception {
    waiting = false;
    if (throttled) {
      throttled = false;
      gate.undecodedFull(false);
    }
    channelRead(context, Unpooled.EMPTY_BUFFER);
    if (inputClosed && !waiting) {
      super.userEventTriggered(context, ChannelInputShutdownEvent.INSTANCE);
      context.fireChannelRead(Inbound.END);
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
    super.handlerRemoved0(context);
    if (throttled) {
      gate.undecodedFull(false);
    }
    if (inputClosed) {
      context.fireChannelRead(Inbound.END);
    }
  }
}
