package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.BIND;
import static dev.berth.linux.SyscallNumber.RECVFROM;
import static dev.berth.linux.SyscallNumber.SENDTO;
import static dev.berth.linux.SyscallNumber.SOCKET;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A netlink socket: messages out, acknowledgements and dumps in. One exchange at a time; the lock
 * is held across it because replies belong to requests by order. The kernel handles a request
 * within the send, so that all answers are there afterwards and no receive has to wait.
 */
final class NetlinkSocket implements AutoCloseable {
  static final int NETLINK_ROUTE = 0;
  static final int NETLINK_NETFILTER = 12;
  static final int F_REQUEST = 1;
  static final int F_MULTI = 2;
  static final int F_ACK = 4;
  static final int F_DUMP = 0x300;
  static final int F_REPLACE = 0x100;
  static final int F_EXCL = 0x200;
  static final int F_CREATE = 0x400;
  static final int F_APPEND = 0x800;

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_ADD_MEMBERSHIP = 1;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int NETLINK_GET_STRICT_CHK = 12;
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int NLMSGERR_ATTR_MSG = 1;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int RECEIVE_BYTES = 64 * 1024;
  private static final int BUFFER_BYTES = 4 * 1024 * 1024;
  private static final int BATCH_BYTES = 32 * 1024;

  /** One received message; the buffer spans its payload. */
  record Message(int type, int sequence, int flags, ByteBuffer payload) {}

  private static final LongAdder REQUESTS = new LongAdder();

  private final Fd fd;
  private final ReentrantLock lock = new ReentrantLock();
  private int sequence = 1;

  private NetlinkSocket(Fd fd) {
    this.fd = fd;
  }

  /** Opens a socket in the network namespace of the calling thread. */
  static NetlinkSocket open(int protocol) {
    try (Frame frame = new Frame()) {
      long type = SOCK_RAW | FileFlags.O_CLOEXEC;
      long result = frame.syscall(SOCKET, AF_NETLINK, type, protocol);
      Fd fd = Fd.adopt((int) check(result, "socket", "AF_NETLINK"));
      MemorySegment address = frame.allocate(12);
      Frame.buffer(address).putShort((short) AF_NETLINK);
      check(frame.syscall(BIND, fd.number(), address.address(), 12), "bind", "AF_NETLINK");
      SocketOptions.set(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
      SocketOptions.set(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
      SocketOptions.setBuffersForced(fd, BUFFER_BYTES);
      NetlinkSocket socket = new NetlinkSocket(fd);
      if (protocol == NETLINK_ROUTE) {
        SocketOptions.set(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
      }
      return socket;
    }
  }

  Fd fd() {
    return fd;
  }

  void join(int group) {
    SocketOptions.set(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
  }

  /** Sends requests, as many at once as fit; the outcome of each, null for success. */
  List<@Nullable LinuxException> send(List<NetlinkRequest> requests) {
    List<@Nullable LinuxException> outcomes = new ArrayList<>();
    lock.lock();
    try {
      int from = 0;
      while (from < requests.size()) {
        int first = sequence;
        int to = from;
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        while (to < requests.size()
            && batch.size() + requests.get(to).message().length <= BATCH_BYTES) {
          batch.writeBytes(numbered(requests.get(to++).message()));
        }
        sendBytes(batch.toByteArray());
        outcomes.addAll(acknowledgements(requests.subList(from, to), first));
        from = to;
      }
    } finally {
      lock.unlock();
    }
    return outcomes;
  }

  /** How many requests were sent on all sockets of this process. */
  static long requests() {
    return REQUESTS.sum();
  }

  private byte[] numbered(byte[] message) {
    REQUESTS.increment();
    ByteBuffer.wrap(message).order(ByteOrder.nativeOrder()).putInt(8, sequence++);
    return message;
  }

  private List<@Nullable LinuxException> acknowledgements(
      List<NetlinkRequest> requests, int first) {
    Map<Integer, Message> answers = new HashMap<>();
    while (answers.size() < requests.size()) {
      List<Message> messages = receive();
      if (messages.isEmpty()) {
        break;
      }
      for (Message message : messages) {
        int index = message.sequence() - first;
        if (message.type() == NLMSG_ERROR && index >= 0 && index < requests.size()) {
          answers.put(index, message);
        }
      }
    }
    List<@Nullable LinuxException> outcomes = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      NetlinkRequest request = requests.get(i);
      outcomes.add(failure(answers.get(i), request.operation(), request.arguments()));
    }
    return outcomes;
  }

  /**
   * Sends several messages as one that succeeds or fails as a whole; the failures, none on success.
   */
  List<LinuxException> transact(List<NetlinkRequest> requests) {
    lock.lock();
    try {
      int first = sequence;
      ByteArrayOutputStream batch = new ByteArrayOutputStream();
      requests.forEach(request -> batch.writeBytes(numbered(request.message())));
      sendBytes(batch.toByteArray());
      List<LinuxException> failures = new ArrayList<>();
      for (List<Message> some = receive(); !some.isEmpty(); some = receive()) {
        for (Message message : some) {
          int index = message.sequence() - first;
          if (message.type() == NLMSG_ERROR && index >= 0 && index < requests.size()) {
            NetlinkRequest request = requests.get(index);
            LinuxException failure = failure(message, request.operation(), request.arguments());
            if (failure != null) {
              failures.add(failure);
            }
          }
        }
      }
      return failures;
    } finally {
      lock.unlock();
    }
  }

  private void sendBytes(byte[] bytes) {
    try (Frame frame = new Frame()) {
      long buffer = frame.bytes(bytes);
      check(frame.syscall(SENDTO, fd.number(), buffer, bytes.length), "sendto", "netlink");
    }
  }

  /** Asks a question whose answer is any number of messages, in one dump or one message. */
  List<Message> query(NetlinkRequest request) {
    List<Message> answers = new ArrayList<>();
    lock.lock();
    try {
      int number = sequence;
      sendBytes(numbered(request.message()));
      boolean complete = false;
      while (!complete) {
        List<Message> messages = receive();
        complete = messages.isEmpty();
        for (Message message : messages) {
          if (message.sequence() == number) {
            complete |= collect(message, request, answers);
          }
        }
      }
    } finally {
      lock.unlock();
    }
    return answers;
  }

  private static boolean collect(Message message, NetlinkRequest request, List<Message> answers) {
    if (message.type() == NLMSG_DONE) {
      return true;
    }
    if (message.type() == NLMSG_ERROR) {
      LinuxException failure = failure(message, request.operation(), request.arguments());
      if (failure != null) {
        throw failure;
      }
      return true;
    }
    answers.add(message);
    return (message.flags() & F_MULTI) == 0;
  }

  /** One datagram's messages; none when nothing is there. ENOBUFS when some were lost. */
  List<Message> receive() {
    try (Frame frame = new Frame()) {
      MemorySegment buffer = frame.allocate(RECEIVE_BYTES);
      long result =
          frame.syscall(RECVFROM, fd.number(), buffer.address(), RECEIVE_BYTES, MSG_DONTWAIT);
      if (result == -Errno.EAGAIN.number()) {
        return List.of();
      }
      byte[] bytes = new byte[(int) check(result, "recvfrom", "netlink")];
      buffer.asByteBuffer().get(bytes);
      return split(bytes);
    }
  }

  static List<Message> split(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    List<Message> messages = new ArrayList<>();
    int at = 0;
    while (at + NetlinkWriter.HEADER_BYTES <= bytes.length) {
      int length = in.getInt(at);
      if (length < NetlinkWriter.HEADER_BYTES || at + length > bytes.length) {
        break;
      }
      ByteBuffer payload =
          in.slice(at + NetlinkWriter.HEADER_BYTES, length - NetlinkWriter.HEADER_BYTES)
              .order(ByteOrder.nativeOrder());
      messages.add(
          new Message(
              in.getShort(at + 4) & 0xFFFF,
              in.getInt(at + 8),
              in.getShort(at + 6) & 0xFFFF,
              payload));
      at += (length + 3) & ~3;
    }
    return messages;
  }

  /**
   * Throws the first of several failures with the others suppressed; nothing when there is none.
   */
  static void throwFirst(List<LinuxException> failures) {
    if (!failures.isEmpty()) {
      LinuxException first = failures.getFirst();
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  /** What an acknowledgement says: null for success. */
  static @Nullable LinuxException failure(
      @Nullable Message answer, String operation, String arguments) {
    if (answer == null) {
      return new LinuxException(Errno.EIO, operation, arguments, "not acknowledged");
    }
    int error = answer.payload().getInt(0);
    if (error == 0) {
      return null;
    }
    ByteBuffer rest = answer.payload().duplicate().order(ByteOrder.nativeOrder());
    int attributes = 4 + NetlinkWriter.HEADER_BYTES;
    String detail =
        rest.limit() > attributes
            ? NetlinkAttributes.parse(rest.position(attributes)).text(NLMSGERR_ATTR_MSG)
            : "";
    return new LinuxException(Errno.of(-error), operation, arguments, detail);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      fd.close();
    } finally {
      lock.unlock();
    }
  }
}
