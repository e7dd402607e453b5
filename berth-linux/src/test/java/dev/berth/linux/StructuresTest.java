package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class StructuresTest {
  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void internetAddresses() throws Exception {
    InetSocketAddress v4 = new InetSocketAddress(InetAddress.getByName("127.0.0.11"), 53);
    assertThat(hex(SocketAddressCodec.encode(v4))).isEqualTo("020000357f00000b0000000000000000");
    InetSocketAddress v6 = new InetSocketAddress(InetAddress.getByName("fd00::1"), 8080);
    assertThat(hex(SocketAddressCodec.encode(v6)))
        .isEqualTo("0a001f9000000000fd00000000000000000000000000000100000000");
    for (InetSocketAddress address : List.of(v4, v6)) {
      ByteBuffer buffer = ByteBuffer.wrap(SocketAddressCodec.encode(address));
      assertThat(SocketAddressCodec.decode(buffer)).isEqualTo(address);
    }
  }

  @Test
  void pathAddresses() {
    assertThat(hex(SocketAddressCodec.encodeUnix("/a"))).isEqualTo("01002f6100");
    assertThat(hex(SocketAddressCodec.encodeUnix("@a"))).isEqualTo("01000061");
    assertThatThrownBy(() -> SocketAddressCodec.encodeUnix("/".repeat(108)))
        .hasMessageEndingWith("file name too long");
  }

  @Test
  void fileStatus() {
    ByteBuffer statx = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
    statx.putInt(4, 4096).putLong(8, 0x2000).putInt(16, 2).putInt(20, 1000).putInt(24, 100);
    statx.putShort(28, (short) 0x81A4).putLong(32, 99).putLong(40, 12345).putLong(48, 32);
    statx.putLong(64, 1).putLong(80, 2).putLong(96, 3).putLong(112, 4).putInt(120, 5);
    statx.putInt(128, 8).putInt(132, 1).putInt(136, 254).putInt(140, 3).putLong(144, 77);
    FileStatus status = FileStatus.decode(statx);
    assertThat(status)
        .isEqualTo(
            new FileStatus(
                0x81A4,
                1000,
                100,
                2,
                99,
                12345,
                32,
                4096,
                Instant.ofEpochSecond(1),
                Instant.ofEpochSecond(4, 5),
                Instant.ofEpochSecond(3),
                Instant.ofEpochSecond(2),
                8,
                1,
                254,
                3,
                77,
                true));
    assertThat(status.isRegular()).isTrue();
    assertThat(status.permissions()).isEqualTo(0644);
  }

  @Test
  void directoryEntries() {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                "01000000000000000200000000000000"
                    + "1800042e00000000"
                    + "07000000000000000300000000000000"
                    + "1800086162000000");
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    List<DirectoryEntry> entries = new ArrayList<>();
    DirectoryEntry.decode(buffer, bytes.length, entries);
    assertThat(entries).containsExactly(new DirectoryEntry("ab", 7, FileFlags.S_IFREG));
  }

  @Test
  void notices() {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                "01000000000100000000000004000000"
                    + "61620000"
                    + "ffffffff004000000000000000000000");
    List<Inotify.Notice> notices = new ArrayList<>();
    Inotify.decode(bytes, bytes.length, notices);
    assertThat(notices)
        .containsExactly(
            new Inotify.Notice(1, Inotify.IN_CREATE, "ab"),
            new Inotify.Notice(-1, Inotify.IN_Q_OVERFLOW, ""));
  }

  @Test
  void exitStatus() {
    ByteBuffer siginfo = ByteBuffer.allocate(128).order(ByteOrder.nativeOrder());
    siginfo.putInt(8, 1).putInt(24, 42);
    assertThat(ExitStatus.decode(siginfo)).isEqualTo(new ExitStatus(42, false));
    siginfo.putInt(8, 2).putInt(24, 9);
    assertThat(ExitStatus.decode(siginfo)).isEqualTo(new ExitStatus(9, true));
    assertThat(ExitStatus.decode(siginfo).shellCode()).isEqualTo(137);
  }

  @Test
  void deviceNumbersAreThoseOfTheKernel() {
    assertThat(FileCalls.deviceNumber(1, 3)).isEqualTo(0x103);
    assertThat(FileCalls.deviceNumber(259, 70_000)).isEqualTo(0x11110370L);
  }

  @Test
  void fileSystems() {
    ByteBuffer statfs = ByteBuffer.allocate(120).order(ByteOrder.nativeOrder());
    statfs.putLong(0, 0x9123683EL).putLong(8, 4096).putLong(16, 1000).putLong(24, 500);
    statfs.putLong(32, 400).putLong(40, 10).putLong(48, 5).putLong(80, 0x1021);
    FileSystemStatus status = FileSystemStatus.decode(statfs);
    assertThat(status)
        .isEqualTo(new FileSystemStatus(0x9123683EL, 4096, 1000, 500, 400, 10, 5, 0x1021));
    assertThat(status.typeName()).isEqualTo("btrfs");
  }

  @Test
  void setElements() throws Exception {
    SetElement element =
        SetElement.of(
            SetElement.Fields.begin().protocol(6).port(8080),
            SetElement.Fields.begin().address(InetAddress.getByName("10.0.0.2")).port(80));
    List<NetlinkRequest> messages =
        new NetfilterBatch().add(NetfilterBatch.FAMILY_IP, "t", "s", List.of(element)).messages();
    assertThat(messages).hasSize(3);
    assertThat(hex(messages.get(0).message()))
        .isEqualTo("14000000" + "10000100" + "0000000000000000" + "0000000a");
    assertThat(hex(messages.get(1).message()))
        .isEqualTo(
            "4c000000"
                + "0c0a0504"
                + "0000000000000000"
                + "02000000"
                + "0600010074000000"
                + "0600020073000000"
                + "28000380"
                + "24000180"
                + "10000180"
                + "0c000100"
                + "06000000"
                + "1f900000"
                + "10000280"
                + "0c000100"
                + "0a000002"
                + "00500000");
    assertThat(hex(messages.get(2).message())).startsWith("14000000" + "1100");
  }

  @Test
  void mountTables() {
    List<MountInfo> mounts =
        MountInfo.parse(
            """
            36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue
            40 36 0:5 / /with\\040space\\134 ro - tmpfs none rw,size=64k
            """);
    assertThat(mounts.getFirst())
        .isEqualTo(
            new MountInfo(
                36,
                35,
                98,
                0,
                "/mnt1",
                "/mnt2",
                List.of("rw", "noatime"),
                List.of("master:1", "shared:7"),
                "ext3",
                "/dev/root",
                List.of("rw", "errors=continue")));
    assertThat(mounts.getFirst().isShared()).isTrue();
    assertThat(mounts.getFirst().isSlave()).isTrue();
    assertThat(mounts.get(1).mountPoint()).isEqualTo("/with space\\");
    assertThat(mounts.get(1).superOption("size")).hasValue("64k");
    assertThat(mounts.get(1).superOption("mode")).isEmpty();
  }

  @Test
  void attributeNames() {
    byte[] names = "user.a\0trusted.b\0".getBytes(StandardCharsets.US_ASCII);
    assertThat(ExtendedAttributes.split(names)).containsExactly("user.a", "trusted.b");
  }
}
