package dev.berth.linux;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * posix_spawn(3) of the C library: the child shares memory until execve, so that no page tables are
 * copied. The descriptors it gets are first copied above all wanted numbers, so that no dup2 can
 * overwrite a source; the copies are close-on-exec and closed here afterwards.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/posix_spawn.3.html">posix_spawn(3)</a>
 */
final class PosixSpawn {
  private static final int OPAQUE_BYTES = 512;
  private static final int SIGSET_BYTES = 128;
  private static final short SETSIGDEF = 0x04;
  private static final short SETSIGMASK = 0x08;
  private static final short SETSID = 0x80;
  private static final int STANDARD_STREAMS = 3;
  private static final int POINTER_BYTES = 8;

  private static final MemorySegment SPAWN = Native.symbol("posix_spawnp");
  private static final MemorySegment ACTIONS_INIT = Native.symbol("posix_spawn_file_actions_init");
  private static final MemorySegment ACTIONS_DESTROY =
      Native.symbol("posix_spawn_file_actions_destroy");
  private static final MemorySegment ADD_DUP2 = Native.symbol("posix_spawn_file_actions_adddup2");
  private static final MemorySegment ADD_OPEN = Native.symbol("posix_spawn_file_actions_addopen");
  private static final MemorySegment ADD_CLOSE = Native.symbol("posix_spawn_file_actions_addclose");
  private static final MemorySegment ADD_CLOSE_FROM =
      Native.symbol("posix_spawn_file_actions_addclosefrom_np");
  private static final MemorySegment ADD_CHDIR =
      Native.symbol("posix_spawn_file_actions_addchdir_np");
  private static final MemorySegment ATTRIBUTES_INIT = Native.symbol("posix_spawnattr_init");
  private static final MemorySegment SET_FLAGS = Native.symbol("posix_spawnattr_setflags");
  private static final MemorySegment SET_SIGNAL_DEFAULTS =
      Native.symbol("posix_spawnattr_setsigdefault");
  private static final MemorySegment SET_SIGNAL_MASK = Native.symbol("posix_spawnattr_setsigmask");

  private PosixSpawn() {}

  /** Starts the process on the calling thread, in its namespaces; tells the child's number. */
  static int spawn(SpawnRequest request) {
    List<Fd> copies = new ArrayList<>();
    try (Frame frame = new Frame()) {
      long actions = frame.allocate(OPAQUE_BYTES).address();
      call(frame, ACTIONS_INIT, actions);
      try {
        addDescriptors(frame, actions, request.descriptors(), copies);
        if (request.directory() != null) {
          call(frame, ADD_CHDIR, actions, frame.string(request.directory().toString()));
        }
        return start(frame, request, actions, attributes(frame, request));
      } finally {
        call(frame, ACTIONS_DESTROY, actions);
      }
    } finally {
      copies.forEach(Fd::close);
    }
  }

  private static int start(Frame frame, SpawnRequest request, long actions, long attributes) {
    List<String> variables = new ArrayList<>();
    request.environment().forEach((name, value) -> variables.add(name + "=" + value));
    String program = request.arguments().getFirst();
    MemorySegment pid = frame.allocate(POINTER_BYTES);
    long error =
        frame.function(
            SPAWN,
            pid.address(),
            frame.string(program),
            actions,
            attributes,
            pointers(frame, request.arguments()),
            pointers(frame, variables));
    if ((int) error != 0) {
      throw new LinuxException(Errno.of((int) error), "exec", program);
    }
    return Frame.buffer(pid).getInt(0);
  }

  private static void addDescriptors(
      Frame frame, long actions, Map<Integer, Fd> descriptors, List<Fd> copies) {
    TreeMap<Integer, Fd> sorted = new TreeMap<>(descriptors);
    int end = Math.max(STANDARD_STREAMS, sorted.isEmpty() ? 0 : sorted.lastKey() + 1);
    for (int number = 0; number < end; number++) {
      Fd source = sorted.get(number);
      if (source != null) {
        Fd copy = source.duplicateFrom(end);
        copies.add(copy);
        call(frame, ADD_DUP2, actions, copy.number(), number);
      } else if (number < STANDARD_STREAMS) {
        long path = frame.string("/dev/null");
        call(frame, ADD_OPEN, actions, number, path, FileFlags.O_RDWR, 0);
      } else {
        call(frame, ADD_CLOSE, actions, number);
      }
    }
    call(frame, ADD_CLOSE_FROM, actions, end);
  }

  private static long attributes(Frame frame, SpawnRequest request) {
    long attributes = frame.allocate(OPAQUE_BYTES).address();
    call(frame, ATTRIBUTES_INIT, attributes);
    int flags = SETSIGDEF | SETSIGMASK | (request.newSession() ? SETSID : 0);
    call(frame, SET_FLAGS, attributes, flags);
    MemorySegment none = frame.allocate(SIGSET_BYTES);
    MemorySegment all = frame.allocate(SIGSET_BYTES);
    all.fill((byte) 0xFF);
    call(frame, SET_SIGNAL_MASK, attributes, none.address());
    call(frame, SET_SIGNAL_DEFAULTS, attributes, all.address());
    return attributes;
  }

  private static long pointers(Frame frame, List<String> texts) {
    MemorySegment array = frame.allocate((texts.size() + 1L) * POINTER_BYTES);
    var buffer = Frame.buffer(array);
    texts.forEach(text -> buffer.putLong(frame.string(text)));
    return array.address();
  }

  private static void call(Frame frame, MemorySegment function, long... words) {
    long[] six = Arrays.copyOf(words, 6);
    int error = (int) frame.function(function, six[0], six[1], six[2], six[3], six[4], six[5]);
    if (error != 0) {
      throw new LinuxException(Errno.of(error), "posix_spawn", "file actions");
    }
  }
}
