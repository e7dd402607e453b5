package dev.berth.linux;

import static dev.berth.linux.SyscallNumber.RECVMMSG;
import static dev.berth.linux.SyscallNumber.SENDMMSG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Room for some IPv4 datagrams that one call receives and one call sends. Memory and views are made
 * once; receiving, reading, answering and sending allocate nothing. Used by one thread at a time.
 *
 * <p>Addresses are packed into a long: {@code address << 16 | port}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/recvmmsg.2.html">recvmmsg(2)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/sendmmsg.2.html">sendmmsg(2)</a>
 */
public final class DatagramBatch {
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  // struct mmsghdr, struct iovec and struct sockaddr_in on 64-bit machines.
  private static final int MESSAGE_BYTES = 64;
  private static final int NAME = 0;
  private static final int NAME_LENGTH = 8;
  private static final int VECTOR = 16;
  private static final int VECTOR_COUNT = 24;
  private static final int FLAGS = 48;
  private static final int LENGTH = 56;
  private static final int VECTOR_BYTES = 16;
  private static final int ADDRESS_BYTES = 16;

  private static final int IP_HEADER_BYTES = 20;
  private static final int HEADER_BYTES = IP_HEADER_BYTES + 8;
  private static final int IPV4_WITHOUT_OPTIONS = 0x45;
  private static final int HOPS = 64;

  private final int slots;
  private final int slotBytes;
  private final int stride;
  private final int incoming;
  private final int outgoing;
  private final int vectors;
  private final int outgoingVectors;
  private final int addresses;
  private final int outgoingAddresses;
  private final int contents;
  private final MemorySegment memory;
  private final MemorySegment errno;
  private final ByteBuffer machine;
  private final ByteBuffer wire;
  private int queued;

  /**
   * @param slots how many datagrams at most at once
   * @param slotBytes how long each may be
   */
  public DatagramBatch(int slots, int slotBytes) {
    this.slots = slots;
    this.slotBytes = slotBytes;
    this.stride = (HEADER_BYTES + slotBytes + 7) & ~7;
    incoming = 8;
    outgoing = incoming + slots * MESSAGE_BYTES;
    vectors = outgoing + slots * MESSAGE_BYTES;
    outgoingVectors = vectors + slots * VECTOR_BYTES;
    addresses = outgoingVectors + slots * VECTOR_BYTES;
    outgoingAddresses = addresses + slots * ADDRESS_BYTES;
    contents = outgoingAddresses + slots * ADDRESS_BYTES;
    memory = Arena.ofAuto().allocate(contents + 2L * slots * stride, 8);
    errno = memory.asSlice(0, 8);
    machine = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    wire = memory.asByteBuffer().order(ByteOrder.BIG_ENDIAN);
    for (int slot = 0; slot < slots; slot++) {
      describe(incoming, vectors, addresses, slot);
      describe(outgoing, outgoingVectors, outgoingAddresses, slot);
      machine.putLong(
          vectors + slot * VECTOR_BYTES, memory.address() + content(slot) + HEADER_BYTES);
      machine.putLong(vectors + slot * VECTOR_BYTES + 8, slotBytes);
    }
  }

  private void describe(int messages, int theirVectors, int theirAddresses, int slot) {
    int message = messages + slot * MESSAGE_BYTES;
    machine.putLong(
        message + NAME, memory.address() + theirAddresses + (long) slot * ADDRESS_BYTES);
    machine.putInt(message + NAME_LENGTH, ADDRESS_BYTES);
    machine.putLong(message + VECTOR, memory.address() + theirVectors + (long) slot * VECTOR_BYTES);
    machine.putLong(message + VECTOR_COUNT, 1);
  }

  private int content(int slot) {
    return contents + slot * stride;
  }

  private int outgoingContent(int index) {
    return contents + (slots + index) * stride;
  }

  /** How long a datagram may be. */
  public int slotBytes() {
    return slotBytes;
  }

  /**
   * Receives what is there without waiting.
   *
   * @return how many, 0 for none
   */
  public int receive(Fd socket) {
    for (int slot = 0; slot < slots; slot++) {
      machine.putInt(incoming + slot * MESSAGE_BYTES + NAME_LENGTH, ADDRESS_BYTES);
    }
    long result = call(RECVMMSG, socket.number(), memory.address() + incoming, slots, MSG_DONTWAIT);
    if (result == -Errno.EAGAIN.number() || result == -Errno.EINTR.number()) {
      return 0;
    }
    return (int) Frame.check(result, "recvmmsg", socket);
  }

  /** How many bytes a received datagram has; -1 when it was longer than a slot. */
  public int length(int slot) {
    int message = incoming + slot * MESSAGE_BYTES;
    boolean cut = (machine.getInt(message + FLAGS) & MSG_TRUNC) != 0;
    return cut ? -1 : machine.getInt(message + LENGTH);
  }

  /** Who sent a received datagram. */
  public long sender(int slot) {
    int address = addresses + slot * ADDRESS_BYTES;
    return (wire.getInt(address + 4) & 0xffffffffL) << 16 | (wire.getShort(address + 2) & 0xffff);
  }

  /** Copies a received datagram. */
  public void read(int slot, byte[] into, int length) {
    machine.get(content(slot) + HEADER_BYTES, into, 0, length);
  }

  /**
   * Adds a datagram to those that are to be sent.
   *
   * @param to who gets it, packed
   * @return whether there was room
   */
  public boolean add(long to, byte[] from, int length) {
    if (queued == slots || length > slotBytes) {
      return false;
    }
    int address = outgoingAddresses + queued * ADDRESS_BYTES;
    machine.putShort(address, (short) SocketAddressCodec.AF_INET);
    wire.putShort(address + 2, (short) to);
    wire.putInt(address + 4, (int) (to >>> 16));
    machine.put(outgoingContent(queued) + HEADER_BYTES, from, 0, length);
    machine.putLong(outgoingVectors + queued * VECTOR_BYTES + 8, length);
    queued++;
    return true;
  }

  /** Whether no further datagram can be added. */
  public boolean isFull() {
    return queued == slots;
  }

  /** Sends what was added by a UDP socket. What the kernel does not take is lost. */
  public void send(Fd socket) {
    for (int index = 0; index < queued; index++) {
      machine.putLong(
          outgoingVectors + index * VECTOR_BYTES,
          memory.address() + outgoingContent(index) + HEADER_BYTES);
    }
    sendQueued(socket);
  }

  /**
   * Sends what was added by a socket of {@link InternetSockets#openRawSender}, with headers that
   * name another sender.
   *
   * @param source the sender to be named, packed
   */
  public void sendAs(Fd rawSender, long source) {
    for (int index = 0; index < queued; index++) {
      int at = outgoingContent(index);
      int vector = outgoingVectors + index * VECTOR_BYTES;
      int length = (int) machine.getLong(vector + 8);
      writeHeaders(at, outgoingAddresses + index * ADDRESS_BYTES, source, length);
      machine.putLong(vector, memory.address() + at);
      machine.putLong(vector + 8, HEADER_BYTES + length);
    }
    sendQueued(rawSender);
  }

  /** The kernel fills in the identification and the checksum of IP; UDP may go without one. */
  private void writeHeaders(int at, int address, long source, int length) {
    wire.put(at, (byte) IPV4_WITHOUT_OPTIONS);
    wire.putShort(at + 2, (short) (HEADER_BYTES + length));
    wire.put(at + 8, (byte) HOPS);
    wire.put(at + 9, (byte) InternetSockets.Protocol.UDP.number());
    wire.putInt(at + 12, (int) (source >>> 16));
    wire.putInt(at + 16, wire.getInt(address + 4));
    wire.putShort(at + 20, (short) source);
    wire.putShort(at + 22, wire.getShort(address + 2));
    wire.putShort(at + 24, (short) (HEADER_BYTES - IP_HEADER_BYTES + length));
  }

  private void sendQueued(Fd socket) {
    int total = queued;
    queued = 0;
    for (int done = 0; done < total; ) {
      long first = memory.address() + outgoing + (long) done * MESSAGE_BYTES;
      long result =
          call(SENDMMSG, socket.number(), first, total - done, MSG_DONTWAIT | MSG_NOSIGNAL);
      // An error belongs to the first one: it is given up, as the network might have lost it.
      done += (int) Math.max(1, result);
    }
  }

  private long call(int number, int socket, long messages, int count, int flags) {
    long result = Native.call(Native.SYSCALL, errno, number, socket, messages, count, flags, 0, 0);
    return result == -1 ? -errno.get(ValueLayout.JAVA_INT, 0) : result;
  }
}
