package dev.berth.image;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Runs transfers side by side, a few at a time; the first failure ends all. */
final class Transfers {

  private Transfers() {}

  /** One transfer. */
  @FunctionalInterface
  interface Transfer {
    void run() throws IOException;
  }

  static void runAll(List<Transfer> transfers, int atATime) throws IOException {
    Semaphore places = new Semaphore(Math.max(1, atATime));
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Transfer transfer : transfers) {
        places.acquire();
        failed(running);
        running.add(
            threads.submit(() -> {
              try {
                transfer.run();
              } finally {
                places.release();
              }
              return null;
            }));
      }
      for (Future<?> future : running) {
        await(future);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("context canceled");
    } finally {
      threads.shutdownNow();
      threads.close();
    }
  }

  private static void failed(List<Future<?>> running) throws IOException, InterruptedException {
    for (Future<?> future : running) {
      if (future.state() == Future.State.FAILED) {
        await(future);
      }
    }
  }

  private static void await(Future<?> future) throws IOException, InterruptedException {
    try {
      future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new AssertionError(e);
      }
    }
  }
}
