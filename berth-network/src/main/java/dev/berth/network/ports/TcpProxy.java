package dev.berth.network.ports;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;

/** Carries TCP connections from a held port to a container, half-closes included. */
final class TcpProxy implements Runnable {
  private static final System.Logger LOG = System.getLogger(TcpProxy.class.getName());
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int MAXIMUM_CONNECTIONS = 4096;
  private static final long PAUSE_AFTER_FAILURE_MILLIS = 50;

  private final ServerSocketChannel server;
  private final HeldPort port;
  private final Semaphore connections = new Semaphore(MAXIMUM_CONNECTIONS);

  TcpProxy(ServerSocketChannel server, HeldPort port) {
    this.server = server;
    this.port = port;
  }

  @Override
  public void run() {
    while (server.isOpen()) {
      try {
        connections.acquire();
        SocketChannel visitor = server.accept();
        Thread.ofVirtual().name("berth-proxy").start(() -> carry(visitor));
      } catch (ClosedChannelException e) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (IOException e) {
        connections.release();
        LOG.log(System.Logger.Level.WARNING, "cannot accept on " + server, e);
        pause();
      }
    }
  }

  /** Out of descriptors, most likely: gives others time to return some. */
  private static void pause() {
    try {
      Thread.sleep(PAUSE_AFTER_FAILURE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carry(SocketChannel visitor) {
    try (visitor) {
      InetSocketAddress peer = (InetSocketAddress) visitor.getRemoteAddress();
      InetSocketAddress target = port.target(peer.getAddress());
      if (target == null) {
        visitor.setOption(StandardSocketOptions.SO_LINGER, 0);
        return;
      }
      try (SocketChannel container = port.open(SocketChannel::open)) {
        container.connect(target);
        visitor.setOption(StandardSocketOptions.TCP_NODELAY, true);
        container.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Thread inward = Thread.ofVirtual().start(() -> copy(visitor, container));
        copy(container, visitor);
        inward.join();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "connection to a container failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.release();
    }
  }

  private static void copy(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      closeBoth(from, to);
    }
  }

  private static void closeBoth(SocketChannel one, SocketChannel other) {
    try (one;
        other) {
      LOG.log(System.Logger.Level.TRACE, "connection broken");
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot close", e);
    }
  }
}
