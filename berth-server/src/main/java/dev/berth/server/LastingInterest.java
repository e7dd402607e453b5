package dev.berth.server;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Keeps channels in the epoll set. Netty 4.2.18 takes a channel out of it when it has no more
 * interest in any event, which is so once the client has closed its sending side, and then fails to
 * change what is no longer there: the first write that finds the socket full ended the connection
 * in the middle of a stream. Such a channel stays in the set here, and waits for one report of an
 * error or of the end, which the kernel gives anyway.
 */
final class LastingInterest implements IoHandler {
  private static final EpollIoOps ENDS = EpollIoOps.EPOLLERR.with(EpollIoOps.EPOLLET);

  private final IoHandler handler;

  private LastingInterest(IoHandler handler) {
    this.handler = handler;
  }

  /** Wraps what the factory makes. */
  static IoHandlerFactory of(IoHandlerFactory factory) {
    return new IoHandlerFactory() {
      @Override
      public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new LastingInterest(factory.newHandler(executor));
      }

      @Override
      public boolean isChangingThreadSupported() {
        return factory.isChangingThreadSupported();
      }
    };
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return new Lasting(handler.register(handle));
  }

  @Override
  public void initialize() {
    handler.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return handler.run(context);
  }

  @Override
  public void prepareToDestroy() {
    handler.prepareToDestroy();
  }

  @Override
  public void destroy() {
    handler.destroy();
  }

  @Override
  public void wakeup() {
    handler.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> type) {
    return handler.isCompatible(type);
  }

  private record Lasting(IoRegistration registration) implements IoRegistration {
    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // the signature is Netty's
    public <T> T attachment() {
      return registration.attachment();
    }

    @Override
    public long submit(IoOps wanted) {
      boolean none = wanted instanceof EpollIoOps interest && interest.value() == 0;
      return registration.submit(none ? ENDS : wanted);
    }

    @Override
    public boolean isValid() {
      return registration.isValid();
    }

    @Override
    public boolean cancel() {
      return registration.cancel();
    }
  }
}
