package dev.berth.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import java.security.cert.X509Certificate;
import java.util.List;

/** What lies between a socket and HTTP: nothing, or TLS. */
interface Transport {
  /** Bytes as they are. */
  Transport PLAIN =
      new Transport() {
        @Override
        public void install(ChannelPipeline pipeline) {}

        @Override
        public void endOutput(Channel channel) {
          if (channel instanceof DuplexChannel duplex && channel.isActive()) {
            ChannelFuture _ = duplex.shutdownOutput();
          }
        }

        @Override
        public List<X509Certificate> peerCertificates(Channel channel) {
          return List.of();
        }
      };

  /** Puts its handlers in front of all others. */
  void install(ChannelPipeline pipeline);

  /** Tells the client that no more comes; it may go on sending. */
  void endOutput(Channel channel);

  /** The certificates by which the client has proved who it is, its own first. */
  List<X509Certificate> peerCertificates(Channel channel);
}
