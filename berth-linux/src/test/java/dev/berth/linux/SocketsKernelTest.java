package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("kernel")
class SocketsKernelTest {
  @TempDir Path temporary;

  @Test
  void packetsKeepTheirBordersAtAPathOfAnyLength() throws Exception {
    Path deep = Files.createDirectories(temporary.resolve("a".repeat(100)).resolve("b".repeat(50)));
    Path path = deep.resolve("attach");
    try (Fd listener = UnixSockets.listenSeqpacket(path, 4);
        Fd client = UnixSockets.connectSeqpacket(path)) {
      FileData.nonBlocking(listener, true);
      try (Fd server = InternetSockets.accept(listener)) {
        assertThat(UnixSockets.peerCredentials(server).pid())
            .isEqualTo((int) ProcessHandle.current().pid());
        UnixSockets.send(client, new byte[] {1, 2, 3}, 0, 3);
        UnixSockets.send(client, new byte[] {4}, 0, 1);
        byte[] buffer = new byte[10];
        assertThat(FileData.read(server, buffer, 0, 10)).isEqualTo(3);
        assertThat(FileData.read(server, buffer, 0, 10)).isEqualTo(1);
        UnixSockets.shutdownOutput(client);
        assertThat(FileData.read(server, buffer, 0, 10)).isZero();
        UnixSockets.send(server, new byte[] {9}, 0, 1);
        assertThat(FileData.read(client, buffer, 0, 10)).isEqualTo(1);
      }
    }
  }

  @Test
  void streamsConnectToJavaChannels() throws Exception {
    Path path = temporary.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      try (Fd client = UnixSockets.connectStream(path);
          var accepted = server.accept()) {
        UnixSockets.send(client, "hi".getBytes(StandardCharsets.UTF_8), 0, 2);
        ByteBuffer got = ByteBuffer.allocate(2);
        accepted.read(got);
        assertThat(got.array()).asString().isEqualTo("hi");
      }
    }
  }

  private static Fd networkWithLoopback() {
    Fd network = Namespaces.createNetwork();
    try (RouteSocket route = RouteSocket.in(network)) {
      route.apply(Links.up("lo"));
    }
    return network;
  }

  @Test
  void datagramsWorkFromOutsideTheNamespace() throws Exception {
    InetSocketAddress local = new InetSocketAddress(InetAddress.getByName("127.0.0.11"), 0);
    try (Fd network = networkWithLoopback();
        Fd server =
            Namespaces.inNetwork(
                network, () -> InternetSockets.bind(InternetSockets.Protocol.UDP, local));
        EventLoop loop = EventLoop.start("test-dns")) {
      InetSocketAddress bound = InternetSockets.localAddress(server);
      assertThat(bound.getAddress()).isEqualTo(local.getAddress());
      assertThat(bound.getPort()).isPositive();
      loop.register(
          server,
          EventLoop.READABLE,
          _ -> {
            byte[] question = new byte[512];
            InternetSockets.Datagram datagram = InternetSockets.receive(server, question);
            if (datagram != null) {
              question[0]++;
              InternetSockets.send(server, question, datagram.length(), datagram.from());
            }
          });
      try (DatagramChannel client =
          Namespaces.inNetwork(
              network,
              () ->
                  DatagramChannel.open(StandardProtocolFamily.INET)
                      .bind(new InetSocketAddress("127.0.0.1", 0)))) {
        client.send(ByteBuffer.wrap(new byte[] {41, 7}), bound);
        ByteBuffer answer = ByteBuffer.allocate(10);
        assertThat(client.receive(answer)).isEqualTo(bound);
        assertThat(answer.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {42, 7}));
      }
    }
  }

  @Test
  void portsAreReservedInBothFamilies() {
    Isolated.run(() -> {
      InetSocketAddress v4 = new InetSocketAddress("0.0.0.0", 8080);
      InetSocketAddress v6 = new InetSocketAddress("::", 8080);
      for (var protocol : List.of(InternetSockets.Protocol.TCP, InternetSockets.Protocol.UDP)) {
        try (Fd one = InternetSockets.bind(protocol, v4);
            Fd two = InternetSockets.bind(protocol, v6)) {
          assertThat(InternetSockets.localAddress(one)).isEqualTo(v4);
          assertThat(InternetSockets.localAddress(two)).isEqualTo(v6);
          LinuxException taken =
              catchThrowableOfType(LinuxException.class, () -> InternetSockets.bind(protocol, v4));
          assertThat(taken.errno()).isEqualTo(Errno.EADDRINUSE);
          assertThat(taken.errno().text()).isEqualTo("address already in use");
        }
      }
    });
  }

  @Test
  void theServiceManagerIsTold() throws Exception {
    Path path = temporary.resolve("notify");
    SpawnRequest listener =
        SpawnRequest.of(
            List.of(
                "python3",
                "-c",
                "import os,socket,sys; s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM);"
                    + "s.bind(sys.argv[1]); os.write(1,b'bound'); os.write(1,s.recv(99))",
                path.toString()));
    try (FileData.Pipe out = FileData.pipe2(0);
        Pidfd child = Processes.spawn(listener.withDescriptors(Map.of(1, out.write())))) {
      byte[] text = new byte[100];
      assertThat(FileData.read(out.read(), text, 0, 100)).isEqualTo(5);
      UnixSockets.notifyServiceManager(path.toString(), "READY=1");
      assertThat(FileData.read(out.read(), text, 0, 100)).isEqualTo(7);
      assertThat(new String(text, 0, 7, StandardCharsets.US_ASCII)).isEqualTo("READY=1");
      assertThat(Processes.await(child, Duration.ofSeconds(10))).isPresent();
    }
  }

  @Test
  void changesInADirectoryAreNoticed() throws Exception {
    CountDownLatch noticed = new CountDownLatch(1);
    try (Inotify inotify = Inotify.create();
        EventLoop loop = EventLoop.start("test-inotify")) {
      int watch = inotify.watch(temporary.toString(), Inotify.IN_CREATE | Inotify.IN_MOVED_TO);
      assertThat(inotify.take()).isEmpty();
      loop.register(
          inotify.fd(),
          EventLoop.READABLE,
          _ -> {
            Inotify.Notice notice = new Inotify.Notice(watch, Inotify.IN_CREATE, "new file");
            if (inotify.take().contains(notice)) {
              noticed.countDown();
            }
          });
      Files.createFile(temporary.resolve("new file"));
      assertThat(noticed.await(90, TimeUnit.SECONDS)).isTrue();
      inotify.unwatch(watch);
      inotify.unwatch(watch);
    }
  }
}
