package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class NftablesKernelTest {
  private static final String RULESET =
      """
      table ip berth {
        map ports { type inet_proto . inet_service : ipv4_addr . inet_service; }
        set names { type ifname; }
        map jumps { type ipv4_addr : verdict; }
        chain web { }
        chain pre {
          type nat hook prerouting priority dstnat; policy accept;
          dnat ip to meta l4proto . th dport map @ports
        }
      }
      """;

  private static SetElement.Fields port(int number) {
    return SetElement.Fields.begin().protocol(6).port(number);
  }

  private static SetElement.Fields target(String address, int port) throws Exception {
    return SetElement.Fields.begin().address(InetAddress.getByName(address)).port(port);
  }

  @Test
  void elementsComeAndGoInBatches() {
    Isolated.run(() -> {
      try (Nftables nftables = Nftables.in(Namespaces.current(NamespaceKind.NETWORK));
          NetfilterSocket socket = NetfilterSocket.open()) {
        assertThat(nftables.run(RULESET)).isEmpty();
        SetElement element = SetElement.of(port(8080), target("10.0.0.2", 80));
        SetElement jump =
            SetElement.jump(
                SetElement.Fields.begin().address(InetAddress.getByName("10.0.0.9")), "web");
        socket.commit(
            new NetfilterBatch()
                .add(NetfilterBatch.FAMILY_IP, "berth", "ports", List.of(element))
                .add(NetfilterBatch.FAMILY_IP, "berth", "jumps", List.of(jump))
                .add(
                    NetfilterBatch.FAMILY_IP,
                    "berth",
                    "names",
                    List.of(SetElement.of(SetElement.Fields.begin().interfaceName("br0")))));
        assertThat(Isolated.output("nft", "list", "ruleset"))
            .contains("tcp . 8080 : 10.0.0.2 . 80", "10.0.0.9 : jump web", "\"br0\"");
        assertThat(nftables.listJson()).contains("\"map\": {\"family\": \"ip\"", "8080");
        socket.commit(
            new NetfilterBatch()
                .delete(NetfilterBatch.FAMILY_IP, "berth", "ports", List.of(element)));
        assertThat(Isolated.output("nft", "list", "ruleset")).doesNotContain("8080");
      }
    });
  }

  @Test
  void smallTablesAreMadeOfExpressions() {
    Isolated.run(() -> {
      Inet4Address resolver = Inet4Address.ofLiteral("127.0.0.11");
      RuleExpressions redirect =
          RuleExpressions.begin()
              .destination(resolver)
              .protocol(17)
              .destinationPort(53)
              .destinationNat(resolver, 4053);
      NetfilterBatch batch =
          new NetfilterBatch()
              .createTable(NetfilterBatch.FAMILY_IP, "names")
              .createOutputNatChain(NetfilterBatch.FAMILY_IP, "names", "output")
              .appendRule(NetfilterBatch.FAMILY_IP, "names", "output", redirect);
      try (NetfilterSocket socket = NetfilterSocket.open()) {
        socket.commit(batch);
        assertThat(Isolated.output("nft", "list", "ruleset"))
            .contains("type nat hook output priority -100; policy accept;")
            .contains("ip daddr 127.0.0.11 udp dport 53 dnat to 127.0.0.11:4053");
        LinuxException again =
            catchThrowableOfType(LinuxException.class, () -> socket.commit(batch));
        assertThat(again.errno()).isEqualTo(Errno.EEXIST);
        socket.commit(new NetfilterBatch().deleteTable(NetfilterBatch.FAMILY_IP, "names"));
        assertThat(Isolated.output("nft", "list", "ruleset")).isEmpty();
      }
    });
  }

  @Test
  void theLibraryIsRefusedWhereItWouldEndTheProcess() {
    List<Fd> many = new ArrayList<>();
    try (Fd low = Fd.borrow(2)) {
      while (many.isEmpty() || many.getLast().number() < 1100) {
        many.add(low.duplicate());
      }
      LinuxException refusal = catchThrowableOfType(LinuxException.class, Nftables::open);
      assertThat(refusal.errno()).isEqualTo(Errno.EMFILE);
      assertThat(refusal).hasMessageContaining("1023");
    } finally {
      many.forEach(Fd::close);
    }
  }

  @Test
  void aThousandElementsGoInOneBatchOrNotAtAll() {
    Isolated.run(() -> {
      try (Nftables nftables = Nftables.open();
          NetfilterSocket socket = NetfilterSocket.open()) {
        nftables.run(RULESET);
        SetElement.Fields to = target("10.0.0.2", 80);
        List<SetElement> many =
            IntStream.range(1, 1001).mapToObj(i -> SetElement.of(port(i), to)).toList();
        socket.commit(new NetfilterBatch().add(NetfilterBatch.FAMILY_IP, "berth", "ports", many));
        assertThat(nftables.listJson("list map ip berth ports").split("10.0.0.2")).hasSize(1001);
        LinuxException failure =
            catchThrowableOfType(
                LinuxException.class,
                () ->
                    socket.commit(
                        new NetfilterBatch()
                            .flush(NetfilterBatch.FAMILY_IP, "berth", "ports")
                            .add(NetfilterBatch.FAMILY_IP, "berth", "absent", many)));
        assertThat(failure.errno()).isEqualTo(Errno.ENOENT);
        assertThat(failure).hasMessageStartingWith("NFT_MSG_NEWSETELEM berth absent");
        assertThat(nftables.listJson("list map ip berth ports").split("10.0.0.2")).hasSize(1001);
      }
    });
  }

  @Test
  void aMistakeIsExplained() {
    Isolated.run(() -> {
      try (Nftables nftables = Nftables.open()) {
        LinuxException failure =
            catchThrowableOfType(
                LinuxException.class, () -> nftables.run("add rule ip none none accept"));
        assertThat(failure).hasMessageContaining("No such file or directory");
        assertThat(nftables.run("add table ip fine")).isEmpty();
      }
    });
  }

  @Test
  void changesByOthersAreNoticed() {
    Isolated.run(() -> {
      CountDownLatch noticed = new CountDownLatch(1);
      try (NetfilterSocket monitor = NetfilterSocket.open();
          EventLoop loop = EventLoop.start("test-monitor")) {
        int before = monitor.generation();
        monitor.subscribe();
        loop.register(
            monitor.fd(),
            EventLoop.READABLE,
            _ -> {
              if (monitor.takeNotices().stream()
                  .anyMatch(change -> change.process().equals("nft"))) {
                noticed.countDown();
              }
            });
        Isolated.output("nft", "add", "table", "ip", "other");
        assertThat(noticed.await(90, TimeUnit.SECONDS)).isTrue();
        try (NetfilterSocket again = NetfilterSocket.open()) {
          assertThat(again.generation()).isNotEqualTo(before);
        }
      }
    });
  }
}
