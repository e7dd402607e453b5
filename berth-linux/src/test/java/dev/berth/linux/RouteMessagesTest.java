package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The expected bytes are laid out by hand after rtnetlink(7), for a little-endian machine. */
class RouteMessagesTest {
  private static void assertBytes(NetlinkRequest request, String... parts) {
    String expected = String.join("", parts).replace(" ", "");
    assertThat(HexFormat.of().formatHex(request.message())).isEqualTo(expected);
  }

  private static InetAddress ip(String text) throws Exception {
    return InetAddress.getByName(text);
  }

  @Test
  void aBridge() {
    BridgeOptions options =
        new BridgeOptions(
            Optional.of(true),
            OptionalInt.of(0),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty());
    assertBytes(
        Links.create(LinkSpec.of("br0", new LinkKind.Bridge(options)).broughtUp()),
        "4c000000 1000 0506 00000000 00000000",
        "00 00 0000 00000000 01000000 01000000",
        "0800 0300 62723000",
        "2400 1280",
        "0b00 0100 62726964676500 00",
        "1400 0280",
        "0500 0700 01 000000",
        "0600 2700 0000 0000");
  }

  @Test
  void aVethWithItsPeerElsewhere() {
    LinkKind.Peer peer =
        new LinkKind.Peer(
            "eth0",
            Optional.of(MacAddress.parse("02:42:ac:11:00:02")),
            OptionalInt.of(1500),
            Fd.borrow(77),
            OptionalInt.of(2));
    assertBytes(
        Links.create(
            LinkSpec.of("v", new LinkKind.Veth(peer))
                .withMaster(9)
                .withMtuBytes(1500)
                .withIndex(5)),
        "88000000 1000 0506 00000000 00000000",
        "00 00 0000 05000000 00000000 00000000",
        "0600 0300 7600 0000",
        "0800 0400 dc050000",
        "0800 0a00 09000000",
        "5000 1280",
        "0900 0100 7665746800 000000",
        "4000 0280",
        "3c00 0180",
        "00 00 0000 02000000 00000000 00000000",
        "0900 0300 6574683000 000000",
        "0a00 0100 0242ac110002 0000",
        "0800 0400 dc050000",
        "0800 1c00 4d000000");
  }

  @Test
  void aPeersNumberAloneIsRefused() {
    LinkKind.Peer peer =
        new LinkKind.Peer("eth0", Optional.empty(), OptionalInt.empty(), null, OptionalInt.of(2));
    assertThatThrownBy(() -> Links.create(LinkSpec.of("v", new LinkKind.Veth(peer))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesOfWrongLengthAreRefused() {
    assertThatThrownBy(() -> Links.rename(1, "sixteen-letters!"))
        .isInstanceOf(LinuxException.class);
    assertThatThrownBy(() -> Links.rename(1, "")).isInstanceOf(LinuxException.class);
  }

  @Test
  void tunnelsAndSubInterfaces() throws Exception {
    assertBytes(
        Links.create(
            LinkSpec.of("x", new LinkKind.Vxlan(42, 4789, ip("10.0.0.1"), null, 3, false))),
        "64000000 1000 0506 00000000 00000000",
        "00 00 0000 00000000 00000000 00000000",
        "0600 0300 7800 0000",
        "3c00 1280",
        "0a00 0100 76786c616e00 0000",
        "2c00 0280",
        "0800 0100 2a000000",
        "0600 0f00 12b5 0000",
        "0500 0700 00 000000",
        "0800 0400 0a000001",
        "0800 0300 03000000");
    assertBytes(
        Links.create(
            LinkSpec.of(
                "i", new LinkKind.Ipvlan(4, LinkKind.IpvlanMode.L3, LinkKind.IpvlanFlag.PRIVATE))),
        "54000000 1000 0506 00000000 00000000",
        "00 00 0000 00000000 00000000 00000000",
        "0600 0300 6900 0000",
        "0800 0500 04000000",
        "2400 1280",
        "0b00 0100 6970766c616e00 00",
        "1400 0280",
        "0600 0100 0100 0000",
        "0600 0200 0100 0000");
    assertBytes(
        Links.create(LinkSpec.of("t", new LinkKind.Vlan(4, 100))),
        "4c000000 1000 0506 00000000 00000000",
        "00 00 0000 00000000 00000000 00000000",
        "0600 0300 7400 0000",
        "0800 0500 04000000",
        "1c00 1280",
        "0900 0100 766c616e00 000000",
        "0c00 0280",
        "0600 0100 6400 0000");
  }

  @Test
  void addresses() throws Exception {
    assertBytes(
        Addresses.add(LinkAddress.of(2, ip("10.0.1.2"), 24)),
        "30000000 1400 0506 00000000 00000000",
        "02 18 00 00 02000000",
        "0800 0200 0a000102",
        "0800 0100 0a000102",
        "0800 0400 0a0001ff");
    assertBytes(
        Addresses.delete(LinkAddress.of(2, ip("fd00::1"), 64)),
        "48000000 1500 0500 00000000 00000000",
        "0a 40 00 00 02000000",
        "1400 0200 fd000000000000000000000000000001",
        "1400 0100 fd000000000000000000000000000001",
        "0800 0800 02000000");
  }

  @Test
  void routes() throws Exception {
    assertBytes(
        Routes.add(Route.byDefault(ip("10.0.1.1"), 2)),
        "2c000000 1800 0506 00000000 00000000",
        "02 00 00 00 fe 04 00 01 00000000",
        "0800 0500 0a000101",
        "0800 0400 02000000");
    assertBytes(
        Routes.delete(Route.to(ip("10.5.0.0"), 16, null, 3)),
        "2c000000 1900 0500 00000000 00000000",
        "02 10 00 00 fe 00 fd 00 00000000",
        "0800 0100 0a050000",
        "0800 0400 03000000");
  }

  @Test
  void answersAreReadBack() throws Exception {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                "48000000 1000 0200 07000000 00000000 00000100 05000000 43100100 00000000"
                        .replace(" ", "")
                    + "0800030076300000"
                    + "08000400dc050000"
                    + "0a0001000242ac1100020000"
                    + "08000a0009000000"
                    + "0400ff00");
    List<NetlinkSocket.Message> messages = NetlinkSocket.split(bytes);
    assertThat(messages).hasSize(1);
    assertThat(messages.getFirst().sequence()).isEqualTo(7);
    Link link = Link.decode(messages.getFirst().payload());
    assertThat(link.name()).isEqualTo("v0");
    assertThat(link.index()).isEqualTo(5);
    assertThat(link.isUp()).isTrue();
    assertThat(link.mtuBytes()).isEqualTo(1500);
    assertThat(link.masterIndex()).isEqualTo(9);
    assertThat(link.mac()).hasValue(MacAddress.parse("02-42-ac-11-00-02"));
    assertThat(link.statistics()).isEmpty();
  }

  @Test
  void aRefusalCarriesTheKernelsWords() {
    ByteBuffer payload = ByteBuffer.allocate(4 + 16 + 8).order(ByteOrder.nativeOrder());
    payload.putInt(-17).position(20);
    payload.putShort((short) 8).putShort((short) 1).put(new byte[] {'n', 'o', '!', 0});
    NetlinkSocket.Message refusal = new NetlinkSocket.Message(2, 1, 0, payload);
    assertThat(NetlinkSocket.failure(refusal, "RTM_NEWLINK", "br0"))
        .hasMessage("RTM_NEWLINK br0: file exists (no!)");
    assertThat(NetlinkSocket.failure(null, "RTM_NEWLINK", "br0"))
        .hasMessage("RTM_NEWLINK br0: input/output error (not acknowledged)");
  }

  @Test
  void truncatedMessagesEndTheReading() {
    assertThat(NetlinkSocket.split(new byte[] {64, 0, 0, 0, 1, 2})).isEmpty();
    byte[] shortLength = new byte[32];
    shortLength[0] = 8;
    assertThat(NetlinkSocket.split(shortLength)).isEmpty();
  }
}
