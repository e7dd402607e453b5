package dev.berth.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * TLS under HTTP. Each side is closed on its own, as attach and exec need it: the client's
 * close_notify ends the input, and the server's own leaves the input open (RFC 8446, section 6.1;
 * in TLS 1.2 the first one closes both).
 */
final class TlsTransport implements Transport {
  private static final byte[] PLAIN_REFUSED =
      "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final SslContext context;
  private final Executor handshakes = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param context with the server's certificate
   */
  TlsTransport(SslContext context) {
    this.context = context;
  }

  @Override
  public void install(ChannelPipeline pipeline) {
    pipeline.addLast(new FirstBytes(), new InputEnd());
  }

  @Override
  public void endOutput(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null && channel.isActive()) {
      ChannelFuture _ = tls.closeOutbound();
    }
  }

  @Override
  public List<X509Certificate> peerCertificates(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      return List.of();
    }
    try {
      Certificate[] shown = tls.engine().getSession().getPeerCertificates();
      return Arrays.stream(shown)
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException anonymous) {
      return List.of();
    }
  }

  /** Tells TLS from plain HTTP, so that who speaks the latter learns what is wrong. */
  private final class FirstBytes extends OptionalSslHandler {
    FirstBytes() {
      super(context);
    }

    @Override
    protected SslHandler newSslHandler(ChannelHandlerContext channel, SslContext unused) {
      return context.newHandler(channel.alloc(), handshakes);
    }

    @Override
    protected ChannelHandler newNonSslHandler(ChannelHandlerContext channel) {
      return new PlainRefusal();
    }
  }

  private static final class PlainRefusal extends ChannelInboundHandlerAdapter {
    private boolean refused;

    @Override
    public void channelRead(ChannelHandlerContext channel, Object message) {
      ReferenceCountUtil.release(message);
      if (!refused) {
        refused = true;
        ChannelFuture _ =
            channel
                .writeAndFlush(Unpooled.wrappedBuffer(PLAIN_REFUSED))
                .addListener(ChannelFutureListener.CLOSE);
      }
    }
  }

  /** Lets the end of the encrypted input look like the end of the socket's. */
  private static final class InputEnd extends ChannelInboundHandlerAdapter {
    private boolean ended;

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) {
      boolean end =
          event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent;
      if (!end) {
        channel.fireUserEventTriggered(event);
      } else if (!ended) {
        ended = true;
        channel.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      }
    }
  }
}
