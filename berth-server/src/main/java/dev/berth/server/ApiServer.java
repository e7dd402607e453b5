package dev.berth.server;

import dev.berth.core.EngineException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Serves the Engine API over unix and TCP sockets. Started once and closed once, by one thread. */
public final class ApiServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ApiServer.class.getName());
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 * 1024, 512 * 1024);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final int BACKLOG = 1024;

  private final Dispatcher dispatcher;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final List<Channel> listening = new ArrayList<>();
  private final List<UnixSocketFile> files = new ArrayList<>();
  private @Nullable EventLoopGroup eventLoops;

  /**
   * @param router the routes to serve
   * @param serverVersion the engine's version, for the Server header
   * @param authorization asked about each request
   */
  public ApiServer(Router router, String serverVersion, Authorization authorization) {
    this(router, serverVersion, authorization, new ApiTimes());
  }

  /**
   * The same for whoever wants to know how long requests took.
   *
   * @param times counts it
   */
  public ApiServer(
      Router router, String serverVersion, Authorization authorization, ApiTimes times) {
    this.dispatcher = new Dispatcher(router, serverVersion, authorization, times);
  }

  /**
   * Loads the native transport, which takes a while and needs nothing else: whoever starts an
   * engine lets it happen beside other work. Optional, and harmless when repeated.
   */
  public static void preload() {
    Epoll.isAvailable();
  }

  /**
   * Takes connections at all the listeners; at none of them when one fails.
   *
   * @throws EngineException CONFLICT when a socket is served by another process, INTERNAL when an
   *     address cannot be bound
   */
  public void start(List<Listener> listeners) {
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("http-io", true),
            LastingInterest.of(EpollIoHandler.newFactory()));
    eventLoops = group;
    try {
      for (Listener listener : listeners) {
        listen(group, listener);
      }
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
  }

  /** The TCP addresses that are served, with the ports that were picked. */
  public List<InetSocketAddress> tcpAddresses() {
    return listening.stream()
        .map(Channel::localAddress)
        .filter(InetSocketAddress.class::isInstance)
        .map(InetSocketAddress.class::cast)
        .toList();
  }

  private void listen(EventLoopGroup group, Listener listener) {
    switch (listener) {
      case Listener.Unix unix -> {
        UnixSocketFile file = new UnixSocketFile(unix);
        file.clear();
        ServerBootstrap bootstrap =
            bootstrap(group, Transport.PLAIN).channel(EpollServerDomainSocketChannel.class);
        await(bootstrap.bind(new DomainSocketAddress(unix.path().toFile())), listener);
        files.add(file);
        file.protect();
      }
      case Listener.Tcp tcp -> {
        if (tcp.address().isUnresolved()) {
          throw EngineException.invalid("cannot listen on " + tcp + ": no such host");
        }
        ServerBootstrap bootstrap =
            tcpBootstrap(group, transport(tcp.tls()))
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true);
        await(bootstrap.bind(tcp.address()), listener);
      }
      case Listener.Inherited inherited -> await(register(group, inherited), listener);
    }
  }

  private ChannelFuture register(EventLoopGroup group, Listener.Inherited inherited) {
    int descriptor = inherited.descriptor();
    ChannelFactory<ServerChannel> made =
        inherited.local()
            ? () -> new EpollServerDomainSocketChannel(descriptor)
            : () -> new EpollServerSocketChannel(descriptor);
    ServerBootstrap bootstrap =
        inherited.local()
            ? bootstrap(group, Transport.PLAIN)
            : tcpBootstrap(group, transport(inherited.tls()));
    return bootstrap.channelFactory(made).register();
  }

  private static Transport transport(@Nullable TlsSettings tls) {
    return tls == null ? Transport.PLAIN : new TlsTransport(TlsFiles.load(tls));
  }

  private ServerBootstrap tcpBootstrap(EventLoopGroup group, Transport transport) {
    return bootstrap(group, transport)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true);
  }

  private ServerBootstrap bootstrap(EventLoopGroup group, Transport transport) {
    return new ServerBootstrap()
        .group(group)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .childHandler(new Connections(transport));
  }

  private void await(ChannelFuture listens, Listener listener) {
    Throwable failure;
    try {
      ChannelFuture bound = listens.await();
      if (bound.isSuccess()) {
        listening.add(bound.channel());
        LOG.log(System.Logger.Level.DEBUG, "API listens on " + listener);
        return;
      }
      failure = bound.cause();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      failure = interrupted;
    }
    throw EngineException.internal("cannot listen on " + listener + ": " + reason(failure), failure);
  }

  /** Without the name and number by which Netty tells what call it was. */
  private static String reason(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    int call = text.indexOf("failed with error(");
    int end = text.indexOf("): ", Math.max(call, 0));
    return call < 0 || end < 0
        ? text
        : text.substring(end + "): ".length()).toLowerCase(Locale.ROOT);
  }

  /**
   * Takes no more connections, lets running requests finish for two seconds, then cuts them off.
   */
  @Override
  public void close() {
    listening.forEach(channel -> channel.close().awaitUninterruptibly());
    files.forEach(UnixSocketFile::remove);
    connections.stream().filter(Connection::idle).forEach(Connection::close);
    awaitConnections();
    connections.forEach(Connection::close);
    EventLoopGroup group = eventLoops;
    if (group != null) {
      group
          .shutdownGracefully(0, GRACE.toMillis(), TimeUnit.MILLISECONDS)
          .awaitUninterruptibly(GRACE.toMillis());
    }
  }

  private void awaitConnections() {
    long deadline = System.nanoTime() + GRACE.toNanos();
    try {
      while (!connections.isEmpty() && System.nanoTime() < deadline) {
        Thread.sleep(Duration.ofMillis(5));
        connections.stream().filter(Connection::idle).forEach(Connection::close);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives each accepted channel its handlers. */
  private final class Connections extends ChannelInitializer<Channel> {
    private final Transport transport;

    Connections(Transport transport) {
      this.transport = transport;
    }

    @Override
    protected void initChannel(Channel channel) {
      Connection connection =
          new Connection(channel, transport, dispatcher::dispatch, connections::remove);
      connections.add(connection);
      connection.install();
    }
  }
}
