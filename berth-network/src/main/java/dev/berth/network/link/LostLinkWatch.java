package dev.berth.network.link;

import dev.berth.linux.EventLoop;
import dev.berth.linux.LinuxException;
import dev.berth.linux.RouteSocket;
import dev.berth.network.firewall.HostNamespace;
import java.util.List;
import java.util.function.Consumer;

/** Listens to the kernel's notices of deleted links on a thread of its own. */
final class LostLinkWatch implements LinkKernel.LinkWatch {
  private static final System.Logger LOG = System.getLogger(LostLinkWatch.class.getName());

  private final RouteSocket notices;
  private final EventLoop loop;
  private final Consumer<String> lost;

  private LostLinkWatch(RouteSocket notices, EventLoop loop, Consumer<String> lost) {
    this.notices = notices;
    this.loop = loop;
    this.lost = lost;
  }

  static LostLinkWatch start(HostNamespace host, Consumer<String> lost) {
    RouteSocket notices = host.call(RouteSocket::open);
    LostLinkWatch watch = new LostLinkWatch(notices, EventLoop.start("berth-link-watch"), lost);
    notices.subscribeLinks();
    watch.loop.register(notices.fd(), EventLoop.READABLE, events -> watch.take());
    return watch;
  }

  private void take() {
    List<String> names;
    try {
      names = notices.takeLostLinks();
    } catch (LinuxException missed) {
      LOG.log(System.Logger.Level.DEBUG, "notices of links were lost", missed);
      names = List.of("");
    }
    names.forEach(
        name -> Thread.ofVirtual().name("berth-lost-link").start(() -> lost.accept(name)));
  }

  @Override
  public void close() {
    loop.close();
    notices.close();
  }
}
