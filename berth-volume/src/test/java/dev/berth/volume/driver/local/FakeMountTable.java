package dev.berth.volume.driver.local;

import dev.berth.linux.Errno;
import dev.berth.linux.LinuxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Mounts nothing and remembers what it was asked. */
final class FakeMountTable implements MountTable {
  private final List<MountCall> calls = new ArrayList<>();
  private final Set<String> mounted = new HashSet<>();
  private @Nullable Errno failure;
  private String refused = "";
  private long delayMillis;

  void fail(Errno errno) {
    failure = errno;
  }

  void delay(long millis) {
    delayMillis = millis;
  }

  synchronized List<MountCall> calls() {
    return List.copyOf(calls);
  }

  synchronized Set<String> mounted() {
    return Set.copyOf(mounted);
  }

  @Override
  public void mount(MountCall call) {
    sleep();
    synchronized (this) {
      Errno errno = failure;
      failure = null;
      if (errno != null) {
        throw new LinuxException(errno, "mount", call.target());
      }
      calls.add(call);
      mounted.add(call.target());
    }
  }

  private void sleep() {
    try {
      Thread.sleep(delayMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void refuse(String word) {
    refused = word;
  }

  @Override
  public String refusedWord(MountCall call) {
    return refused;
  }

  @Override
  public void touch(String target) {
    sleep();
    synchronized (this) {
      Errno errno = failure;
      failure = null;
      if (errno != null) {
        throw new LinuxException(errno, "statx", target);
      }
    }
  }

  @Override
  public synchronized void unmount(String target) {
    mounted.remove(target);
  }

  @Override
  public synchronized Set<String> below(String folder) {
    return Set.copyOf(mounted);
  }
}
