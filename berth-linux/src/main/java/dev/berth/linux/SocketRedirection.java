package dev.berth.linux;

import static dev.berth.linux.Frame.check;

import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Leads what comes for one address and port of a network namespace to sockets that are bound
 * elsewhere in it: a small BPF program, asked by the kernel when it looks for the socket of a
 * packet. Nothing is translated and no connection is tracked, and others may bind the port. It ends
 * with {@link #close} or with the process.
 *
 * <p>TCP connections have the address and port they came for. A datagram that is to seem to come
 * from there is sent by {@link DatagramBatch#sendAs}.
 *
 * @see <a href="https://docs.kernel.org/bpf/prog_sk_lookup.html">BPF sk_lookup program</a>
 */
public final class SocketRedirection implements AutoCloseable {
  private static final int MAP_CREATE = 0;
  private static final int MAP_UPDATE_ELEM = 2;
  private static final int PROG_LOAD = 5;
  private static final int LINK_CREATE = 28;
  private static final int MAP_TYPE_SOCKMAP = 15;
  private static final int PROG_TYPE_SK_LOOKUP = 30;
  private static final int ATTACH_SK_LOOKUP = 36;
  private static final int ATTRIBUTE_BYTES = 128;
  private static final int UDP_KEY = 0;
  private static final int TCP_KEY = 1;

  private final Fd link;

  private SocketRedirection(Fd link) {
    this.link = link;
  }

  /**
   * Begins in the network namespace of the calling thread. Fails with {@link LinuxException} where
   * the kernel (5.9 at least, CONFIG_BPF_SYSCALL) or the process's rights do not allow it.
   *
   * @param address where packets come for
   * @param port where packets come for
   * @param udp gets the datagrams
   * @param tcp a listening socket, gets the connections
   */
  public static SocketRedirection attach(Inet4Address address, int port, Fd udp, Fd tcp) {
    try (Fd map = createMap()) {
      put(map, UDP_KEY, udp);
      put(map, TCP_KEY, tcp);
      try (Fd program = load(program(address, port, map.number()));
          Fd network = Namespaces.current(NamespaceKind.NETWORK);
          Frame frame = new Frame()) {
        MemorySegment attributes = frame.allocate(ATTRIBUTE_BYTES);
        Frame.buffer(attributes)
            .putInt(program.number())
            .putInt(network.number())
            .putInt(ATTACH_SK_LOOKUP);
        return new SocketRedirection(bpf(frame, LINK_CREATE, attributes));
      }
    }
  }

  private static Fd createMap() {
    try (Frame frame = new Frame()) {
      MemorySegment attributes = frame.allocate(ATTRIBUTE_BYTES);
      Frame.buffer(attributes)
          .putInt(MAP_TYPE_SOCKMAP)
          .putInt(Integer.BYTES)
          .putInt(Long.BYTES)
          .putInt(2);
      return bpf(frame, MAP_CREATE, attributes);
    }
  }

  private static void put(Fd map, int key, Fd socket) {
    try (Frame frame = new Frame()) {
      MemorySegment entry = frame.allocate(2L * Long.BYTES);
      Frame.buffer(entry).putInt(0, key).putLong(Long.BYTES, socket.number());
      MemorySegment attributes = frame.allocate(ATTRIBUTE_BYTES);
      Frame.buffer(attributes)
          .putInt(0, map.number())
          .putLong(8, entry.address())
          .putLong(16, entry.address() + Long.BYTES);
      long place = attributes.address();
      check(
          frame.syscall(SyscallNumber.BPF, MAP_UPDATE_ELEM, place, ATTRIBUTE_BYTES),
          "bpf",
          "BPF_MAP_UPDATE_ELEM");
    }
  }

  private static Fd load(byte[] program) {
    try (Frame frame = new Frame()) {
      MemorySegment attributes = frame.allocate(ATTRIBUTE_BYTES);
      // Which helpers a program may call depends on the licence that it names.
      Frame.buffer(attributes)
          .putInt(0, PROG_TYPE_SK_LOOKUP)
          .putInt(4, program.length / Instructions.BYTES)
          .putLong(8, frame.bytes(program))
          .putLong(16, frame.string("GPL"))
          .putInt(68, ATTACH_SK_LOOKUP);
      return bpf(frame, PROG_LOAD, attributes);
    }
  }

  private static Fd bpf(Frame frame, int command, MemorySegment attributes) {
    long result = frame.syscall(SyscallNumber.BPF, command, attributes.address(), ATTRIBUTE_BYTES);
    return Fd.adopt((int) check(result, "bpf", command));
  }

  /**
   * The program: unless the packet is for the address and port, pass; otherwise choose the map's
   * socket of the packet's protocol.
   */
  static byte[] program(Inet4Address address, int port, int map) {
    int end = 23;
    Instructions code = new Instructions();
    code.load(2, 1, Instructions.LOCAL_PORT);
    code.jumpUnless(2, port, end);
    code.load(2, 1, Instructions.LOCAL_ADDRESS);
    code.jumpUnless(
        2, ByteBuffer.wrap(address.getAddress()).order(ByteOrder.nativeOrder()).getInt(), end);
    code.load(3, 1, Instructions.PROTOCOL);
    code.copy(6, 1);
    code.set(4, UDP_KEY);
    code.jumpUnless(3, InternetSockets.Protocol.TCP.number(), 9);
    code.set(4, TCP_KEY);
    code.store(10, -4, 4);
    code.loadMap(1, map);
    code.copy(2, 10);
    code.add(2, -4);
    code.call(Instructions.MAP_LOOKUP_ELEM);
    code.jumpIf(0, 0, end);
    code.copy(7, 0);
    code.copy(1, 6);
    code.copy(2, 7);
    code.set(3, 0);
    code.call(Instructions.SK_ASSIGN);
    code.copy(1, 7);
    code.call(Instructions.SK_RELEASE);
    code.set(0, 1);
    code.exit();
    return code.bytes();
  }

  /** BPF instructions, as far as the program needs them. */
  private static final class Instructions {
    static final int BYTES = 8;
    // Fields of struct bpf_sk_lookup.
    static final int PROTOCOL = 12;
    static final int LOCAL_ADDRESS = 40;
    static final int LOCAL_PORT = 60;
    // Functions of the kernel.
    static final int MAP_LOOKUP_ELEM = 1;
    static final int SK_RELEASE = 86;
    static final int SK_ASSIGN = 124;
    private static final int MAP_BY_DESCRIPTOR = 1;
    private static final int MOST = 32;

    private final ByteBuffer out = ByteBuffer.allocate(MOST * BYTES).order(ByteOrder.nativeOrder());

    private void emit(int operation, int target, int source, int offset, int value) {
      out.put((byte) operation)
          .put((byte) (source << 4 | target))
          .putShort((short) offset)
          .putInt(value);
    }

    private int next() {
      return out.position() / BYTES + 1;
    }

    void load(int target, int source, int offset) {
      emit(0x61, target, source, offset, 0);
    }

    void store(int base, int offset, int source) {
      emit(0x63, base, source, offset, 0);
    }

    void copy(int target, int source) {
      emit(0xbf, target, source, 0, 0);
    }

    void set(int target, int value) {
      emit(0xb7, target, 0, 0, value);
    }

    void add(int target, int value) {
      emit(0x07, target, 0, 0, value);
    }

    /** Compares 32 bits. */
    void jumpUnless(int register, int value, int to) {
      emit(0x56, register, 0, to - next(), value);
    }

    void jumpIf(int register, int value, int to) {
      emit(0x15, register, 0, to - next(), value);
    }

    void loadMap(int target, int map) {
      emit(0x18, target, MAP_BY_DESCRIPTOR, 0, map);
      emit(0, 0, 0, 0, 0);
    }

    void call(int function) {
      emit(0x85, 0, 0, 0, function);
    }

    void exit() {
      emit(0x95, 0, 0, 0, 0);
    }

    byte[] bytes() {
      byte[] bytes = new byte[out.position()];
      out.flip().get(bytes);
      return bytes;
    }
  }

  @Override
  public void close() {
    link.close();
  }
}
