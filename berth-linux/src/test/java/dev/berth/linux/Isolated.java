package dev.berth.linux;

import java.util.List;
import java.util.concurrent.Callable;

/** Runs the kernel tests of this module on threads that have namespaces of their own. */
final class Isolated {
  private Isolated() {}

  interface Body {
    void run() throws Exception;
  }

  /** Fresh network and mount namespaces, loopback up, everything private, a tmpfs at /mnt. */
  static void run(Body body) {
    Namespaces.call(
        (Callable<Void>)
            () -> {
              Namespaces.unshare(NamespaceKind.NETWORK, NamespaceKind.MOUNT, NamespaceKind.UTS);
              Mounts.propagation("/", MountFlags.MS_PRIVATE | MountFlags.MS_REC);
              Mounts.mount("tmpfs", "/mnt", "tmpfs", 0, "mode=755");
              try (RouteSocket socket = RouteSocket.open()) {
                socket.apply(Links.up("lo"));
              }
              body.run();
              return null;
            });
  }

  /** What a program prints, run in the namespaces of the calling thread. */
  static String output(String... command) {
    Capture.Result result = Capture.run(SpawnRequest.of(List.of(command)));
    if (!result.status().isSuccess()) {
      throw new AssertionError(result.toString());
    }
    return result.output();
  }
}
