package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.EPOLL_CREATE1;
import static dev.berth.linux.SyscallNumber.EPOLL_CTL;
import static dev.berth.linux.SyscallNumber.EPOLL_PWAIT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One platform thread that waits for many descriptors by epoll(7) and calls a handler for each that
 * is ready: ends of processes, inotify, attach sockets, netlink notices, DNS questions. Interest is
 * level-triggered. Handlers run on that thread one after the other and must be short and never
 * wait; whatever takes longer they hand to a virtual thread.
 *
 * <p>Registering and cancelling is possible from any thread and from handlers. Cancel a
 * registration before closing its descriptor.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/epoll.7.html">epoll(7)</a>
 */
public final class EventLoop implements AutoCloseable {
  /** Something can be read, or the other side has ended. */
  public static final int READABLE = 0x1;

  /** Something can be written. */
  public static final int WRITABLE = 0x4;

  /** An error; always reported. */
  public static final int ERROR = 0x8;

  /** Both sides are closed; always reported. */
  public static final int HANG_UP = 0x10;

  /** The other side will write no more. */
  public static final int PEER_CLOSED = 0x2000;

  /** Reported once, until {@link Registration#interest} arms it again. */
  public static final int ONE_SHOT = 0x40000000;

  private static final System.Logger LOG = System.getLogger(EventLoop.class.getName());
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLL_CTL_MOD = 3;
  private static final int EVENTS_AT_ONCE = 64;
  private static final long WAKE_UP = 0;
  // Packed on x86_64 only.
  static final int EVENT_BYTES = Architecture.choose(12, 16);
  static final int KEY_OFFSET = Architecture.choose(4, 8);

  /** Called when a descriptor is ready. */
  @FunctionalInterface
  public interface Handler {
    /**
     * @param events a sum of {@link #READABLE}, {@link #WRITABLE}, {@link #ERROR}, …
     */
    void ready(int events);
  }

  private final String name;
  private final Map<Long, Registration> registrations = new ConcurrentHashMap<>();
  private final AtomicLong nextKey = new AtomicLong(WAKE_UP + 1);
  private final Fd epoll;
  private final EventFd wakeUp;
  private final Thread thread;
  private volatile boolean stopping;

  private EventLoop(String name, Fd epoll, EventFd wakeUp) {
    this.name = name;
    this.epoll = epoll;
    this.wakeUp = wakeUp;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  /** Makes a loop and starts its thread. */
  public static EventLoop start(String name) {
    try (Frame frame = new Frame()) {
      long result = frame.syscall(EPOLL_CREATE1, FileFlags.O_CLOEXEC);
      Fd epoll = Fd.adopt((int) check(result, "epoll_create1"));
      EventLoop loop = new EventLoop(name, epoll, EventFd.create());
      loop.control(EPOLL_CTL_ADD, loop.wakeUp.fd(), READABLE, WAKE_UP);
      loop.thread.start();
      return loop;
    }
  }

  /**
   * Begins to watch a descriptor, which stays the caller's.
   *
   * @param interest {@link #READABLE}, {@link #WRITABLE}, …
   */
  public Registration register(Fd fd, int interest, Handler handler) {
    long key = nextKey.getAndIncrement();
    Registration registration = new Registration(key, fd, handler);
    registrations.put(key, registration);
    try {
      control(EPOLL_CTL_ADD, fd, interest, key);
    } catch (LinuxException failure) {
      registrations.remove(key);
      throw failure;
    }
    return registration;
  }

  /** A descriptor under watch. */
  public final class Registration implements AutoCloseable {
    private final long key;
    private final Fd fd;
    private final Handler handler;

    private Registration(long key, Fd fd, Handler handler) {
      this.key = key;
      this.fd = fd;
      this.handler = handler;
    }

    /** Changes what is watched for, or arms a one-shot again. */
    public void interest(int events) {
      control(EPOLL_CTL_MOD, fd, events, key);
    }

    /**
     * Ends the watch; idempotent. A handler that runs at this moment on the loop's thread runs to
     * its end, a later one is not called.
     */
    @Override
    public void close() {
      if (registrations.remove(key) != null && fd.isOpen() && epoll.isOpen()) {
        control(EPOLL_CTL_DEL, fd, 0, key);
      }
    }
  }

  private void control(int operation, Fd fd, int events, long key) {
    try (Frame frame = new Frame()) {
      MemorySegment event = frame.allocate(EVENT_BYTES);
      Frame.buffer(event).putInt(0, events).putLong(KEY_OFFSET, key);
      long result =
          frame.syscall(EPOLL_CTL, epoll.number(), operation, fd.number(), event.address());
      check(result, "epoll_ctl", fd);
    }
  }

  private void run() {
    try (Frame frame = new Frame()) {
      MemorySegment events = frame.allocate((long) EVENT_BYTES * EVENTS_AT_ONCE);
      ByteBuffer ready = Frame.buffer(events);
      while (!stopping) {
        long result =
            frame.syscall(EPOLL_PWAIT, epoll.number(), events.address(), EVENTS_AT_ONCE, -1, 0);
        if (result == -Errno.EINTR.number()) {
          continue;
        }
        int count = (int) check(result, "epoll_pwait");
        for (int i = 0; i < count; i++) {
          dispatch(ready.getLong(i * EVENT_BYTES + KEY_OFFSET), ready.getInt(i * EVENT_BYTES));
        }
      }
    }
  }

  private void dispatch(long key, int events) {
    if (key == WAKE_UP) {
      wakeUp.reset();
      return;
    }
    Registration registration = registrations.get(key);
    if (registration == null) {
      return;
    }
    try {
      registration.handler.ready(events);
    } catch (RuntimeException failure) {
      // A handler that fails would be called again at once and for ever.
      LOG.log(System.Logger.Level.ERROR, name + ": handler failed; " + registration.fd, failure);
      registration.close();
    }
  }

  /** Ends the thread and forgets all registrations; not to be called by a handler. */
  @Override
  public void close() {
    stopping = true;
    wakeUp.signal();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    registrations.clear();
    epoll.close();
    wakeUp.close();
  }
}
