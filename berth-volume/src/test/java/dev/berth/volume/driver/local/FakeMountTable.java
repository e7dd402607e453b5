package dev.berth.volume.driver.local;

import dev.berth.linux.Errno;
import dev.berth.linux.LinuxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Mounts nothing and remembers what it was asked. */
final class FakeMountTable implements MountTable {
  private final List<MountCall> calls = new ArrayList<>();
  private final Set<String> mounted = new HashSet<>();
  private @Nullable Errno failure;
  private String refused = "";
  private volatile CountDownLatch answer = new CountDownLatch(0);

  void fail(Errno errno) {
    failure = errno;
  }

  /** Whoever asks the server from now on waits for what is returned. */
  CountDownLatch fallSilent() {
    answer = new CountDownLatch(1);
    return answer;
  }

  /** Whoever asks from now on is answered at once; whoever waits goes on waiting. */
  void speakAgain() {
    answer = new CountDownLatch(0);
  }

  synchronized List<MountCall> calls() {
    return List.copyOf(calls);
  }

  synchronized Set<String> mounted() {
    return Set.copyOf(mounted);
  }

  @Override
  public void mount(MountCall call) {
    awaitAnswer();
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

  private void awaitAnswer() {
    try {
      answer.await();
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
    awaitAnswer();
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
