package dev.berth.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The nftables library: rulesets as text, as {@code nft -f} takes them, each call one transaction.
 * It is loaded at first use. Never asks for handles or echo, which make the library read the whole
 * ruleset; single elements are quicker by {@link NetfilterSocket}. One call runs at a time.
 *
 * <p>The library waits for its socket by select(2), which ends the whole process at a descriptor
 * above 1023. So open it early in a process that will have many; opening it late is refused.
 *
 * @see <a href="https://manpages.debian.org/libnftables.3">libnftables(3)</a>
 */
public final class Nftables implements AutoCloseable {
  private static final long OUTPUT_STATELESS = 1 << 1;
  private static final long OUTPUT_JSON = 1 << 4;
  private static final long TEXT_LIMIT_BYTES = 256L * 1024 * 1024;
  private static final int DESCRIPTOR_LIMIT = 1024;

  private final @Nullable Fd network;
  private final long context;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed;

  private Nftables(@Nullable Fd network, long context) {
    this.network = network;
    this.context = context;
  }

  /**
   * The ruleset of the calling thread's network namespace, which must be the engine's own.
   *
   * @throws LinuxException EMFILE when too many descriptors are open for the library
   */
  public static Nftables open() {
    return new Nftables(null, Library.newContext());
  }

  /**
   * The ruleset of another network namespace.
   *
   * @param network stays the caller's and must be open as long as this object is used
   */
  public static Nftables in(Fd network) {
    return new Nftables(network, Namespaces.inNetwork(network, Library::newContext));
  }

  /**
   * Runs commands in one transaction: all of them or none.
   *
   * @return what they printed
   * @throws LinuxException EINVAL with the library's message
   */
  public String run(String commands) {
    return inside(() -> Library.run(context, commands, 0));
  }

  /** What a list command prints, without what changes by itself: counters, times left. */
  public String listStateless(String command) {
    return inside(() -> Library.run(context, command, OUTPUT_STATELESS));
  }

  /** The whole ruleset as JSON. */
  public String listJson() {
    return inside(() -> Library.run(context, "list ruleset", OUTPUT_JSON));
  }

  /**
   * What a list command prints, as JSON.
   *
   * @param command for instance {@code list table ip berth}
   */
  public String listJson(String command) {
    return inside(() -> Library.run(context, command, OUTPUT_JSON));
  }

  private String inside(Callable<String> body) {
    lock.lock();
    try {
      if (closed) {
        throw new LinuxException(Errno.EBADF, "nft", "closed");
      }
      // Always inside: the library opens its socket anew when it was interrupted.
      return network == null ? callHere(body) : Namespaces.inNetwork(network, body);
    } finally {
      lock.unlock();
    }
  }

  private static String callHere(Callable<String> body) {
    try {
      return body.call();
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Gives the library's memory back; idempotent. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        Library.freeContext(context);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The functions of libnftables, found when this class is first used. */
  @SuppressWarnings("restricted")
  private static final class Library {
    private static final SymbolLookup LOOKUP = load();
    private static final MemorySegment NEW = find("nft_ctx_new");
    private static final MemorySegment FREE = find("nft_ctx_free");
    private static final MemorySegment BUFFER_OUTPUT = find("nft_ctx_buffer_output");
    private static final MemorySegment BUFFER_ERROR = find("nft_ctx_buffer_error");
    private static final MemorySegment OUTPUT = find("nft_ctx_get_output_buffer");
    private static final MemorySegment ERRORS = find("nft_ctx_get_error_buffer");
    private static final MemorySegment SET_FLAGS = find("nft_ctx_output_set_flags");
    private static final MemorySegment RUN = find("nft_run_cmd_from_buffer");
    // Making and freeing a context count users of tables that all contexts share.
    private static final ReentrantLock CONTEXTS = new ReentrantLock();

    private static SymbolLookup load() {
      try {
        return SymbolLookup.libraryLookup("libnftables.so.1", Arena.global());
      } catch (IllegalArgumentException missing) {
        throw new LinuxException(Errno.ENOENT, "dlopen", "libnftables.so.1");
      }
    }

    private static MemorySegment find(String name) {
      return LOOKUP.find(name).orElseThrow(() -> new LinuxException(Errno.ENOSYS, "dlsym", name));
    }

    static long newContext() {
      CONTEXTS.lock();
      try (Frame frame = new Frame()) {
        requireLowDescriptor();
        long context = frame.function(NEW, 0, 0, 0, 0, 0, 0);
        if (context == 0) {
          throw new LinuxException(Errno.ENOMEM, "nft_ctx_new", "");
        }
        frame.function(BUFFER_OUTPUT, context, 0, 0, 0, 0, 0);
        frame.function(BUFFER_ERROR, context, 0, 0, 0, 0, 0);
        return context;
      } finally {
        CONTEXTS.unlock();
      }
    }

    private static void requireLowDescriptor() {
      try (Fd standardError = Fd.borrow(2);
          Fd next = standardError.duplicate()) {
        if (next.number() >= DESCRIPTOR_LIMIT) {
          throw new LinuxException(
              Errno.EMFILE, "nft_ctx_new", "", "libnftables takes no descriptor above 1023");
        }
      }
    }

    static void freeContext(long context) {
      CONTEXTS.lock();
      try (Frame frame = new Frame()) {
        frame.function(FREE, context, 0, 0, 0, 0, 0);
      } finally {
        CONTEXTS.unlock();
      }
    }

    static String run(long context, String commands, long flags) {
      try (Frame frame = new Frame()) {
        frame.function(SET_FLAGS, context, flags, 0, 0, 0, 0);
        int result = (int) frame.function(RUN, context, frame.string(commands), 0, 0, 0, 0);
        String output = text(frame, OUTPUT, context);
        String errors = text(frame, ERRORS, context);
        if (result != 0) {
          throw new LinuxException(Errno.EINVAL, "nft", "", errors.strip());
        }
        return output;
      }
    }

    /** Reading a buffer empties it. */
    private static String text(Frame frame, MemorySegment function, long context) {
      long address = frame.function(function, context, 0, 0, 0, 0, 0);
      return Native.text(address, TEXT_LIMIT_BYTES);
    }
  }
}
